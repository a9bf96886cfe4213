"""Signing in and out, one's own password, one's own text size."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.accounts.commands import change_own_password, choose_text_size
from yiti.foundation.accounts.forms import PasswordForm
from yiti.foundation.web import public as web
from yiti.kernel.errors import InvalidInput


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


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(None, for_newcomers=True)
def change_password(request: web.PageRequest) -> HttpResponse:
    """Change one's own password; the only page a newcomer with a first password can open."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            change_own_password(actor=request.actor, old=old, new=new, at=request.at)
        except InvalidInput as error:
            form.add_error(error.field, error.text(_(error.message)))
        else:
            request.user.refresh_from_db()  # type: ignore[union-attr]
            update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
            return HttpResponseRedirect(resolve_url("home"))
    words = {"form": form, "must_change": request.must_change_password}
    return render(request, "accounts/change_password.html", words, status=422 if form.errors else 200)


@require_POST
@web.page(None)
def text_size(request: web.PageRequest) -> HttpResponse:
    """Switch large text (大字) on or off and go back to the page one came from."""
    choose_text_size(actor=request.actor, large=request.POST.get("large") == "1", at=request.at)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else resolve_url("home"))
