from django.urls import path

from yiti.foundation.accounts import views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("session", views.session, name="session"),
    path("password", views.change_password, name="account_change_password"),
    path("text-size", views.text_size, name="text_size"),
]
