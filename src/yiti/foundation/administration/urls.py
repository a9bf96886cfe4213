from django.urls import path

from yiti.foundation.administration import views

app_name = "administration"
urlpatterns = [
    path("trail", views.trail, name="trail"),
    path("trail/export", views.export, name="export_trail"),
    path("trail/evidence", views.evidence, name="evidence"),
    path("refused", views.refused, name="refused"),
    path("unusual", views.unusual, name="unusual"),
    path("chain", views.chain, name="chain"),
    path("chain/head", views.head, name="head"),
]
