from django.urls import path

from yiti.foundation.administration import views

app_name = "administration"
urlpatterns = [
    path("trail", views.trail, name="trail"),
    path("status", views.status, name="status"),
    path("accounts", views.account_list, name="accounts"),
    path("accounts/<uuid:user_id>", views.account, name="account"),
    path("accounts/<uuid:user_id>/<str:act>", views.account_act, name="account_act"),
    path("trail/export", views.export, name="export_trail"),
    path("trail/evidence", views.evidence, name="evidence"),
    path("refused", views.refused, name="refused"),
    path("unusual", views.unusual, name="unusual"),
    path("chain", views.chain, name="chain"),
    path("chain/head", views.head, name="head"),
]
