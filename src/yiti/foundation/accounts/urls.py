from django.urls import path

from yiti.foundation.accounts import views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", views.code, name="mfa_authenticate"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("session", views.session, name="session"),
    path("account", views.own_account, name="own_account"),
    path("account/second-factor", views.second_factor, name="second_factor"),
    path("account/recovery-codes", views.recovery_codes, name="recovery_codes"),
    path("account/sessions/end", views.end_session, name="end_session"),
    path("account/sessions/end-others", views.end_others, name="end_other_sessions"),
    path("password", views.change_password, name="account_change_password"),
    path("text-size", views.text_size, name="text_size"),
]
