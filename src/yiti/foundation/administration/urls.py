from django.urls import path

from yiti.foundation.administration import views

app_name = "administration"
urlpatterns = [
    path("trail", views.trail, name="trail"),
]
