"""Signing in, with a second factor where one is bound, and signing out."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.web import public as web


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's sign-in on our page; it counts failures and locks the account."""

    template_name = "accounts/sign_in.html"
    http_method_names = ("get", "head", "post")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super(LoginView, self).get_context_data(**kwargs), "next": self.get_next_url() or ""}

    def get_next_url(self) -> str | None:
        asked = self.request.POST.get("next") or self.request.GET.get("next")
        safe = asked and url_has_allowed_host_and_scheme(asked, {self.request.get_host()})
        return asked if safe else None


sign_in = SignInView.as_view()


class CodeView(AuthenticateView):  # type: ignore[misc]
    """allauth's question for the second factor, between the password and the first page."""

    template_name = "accounts/code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: web.Request) -> HttpResponse:
    """Ask for the second factor; without a password given just now one is sent to the sign-in page."""
    response: HttpResponse = CodeView.as_view()(request)
    return response


@require_POST
def sign_out(request: web.Request) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(resolve_url("account_login"))


@require_safe
def session(request: web.Request) -> HttpResponse:
    """Who is signed in here (`user`: id or null), and the token that forms need now: a page that stood
    open while its session ended asks this before it sends anything."""
    return JsonResponse(
        {"user": str(request.actor.user_id) if request.actor else None, "token": get_token(request)}
    )
