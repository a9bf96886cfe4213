from django.conf import settings
from django.urls import path

from yiti.foundation.web import views

urlpatterns = [
    *([path("dev/gallery", views.show_gallery, name="gallery")] if settings.DEBUG else []),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
