"""One's own account: password, second factor, signed-in devices, text size."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.accounts import selectors
from yiti.foundation.accounts.commands import (
    add_second_factor,
    change_own_password,
    choose_text_size,
    end_other_sessions,
    end_own_session,
    put_codes_away,
)
from yiti.foundation.accounts.forms import BindForm, PasswordForm
from yiti.foundation.web import public as web
from yiti.kernel.errors import InvalidInput, NotFound


@require_safe
@web.page(None, audited=False)
def own_account(request: web.PageRequest) -> HttpResponse:
    """How one's own account stands, and where one is signed in."""
    key = request.session.session_key or ""
    profile = selectors.account(request.actor, request.actor.user_id, at=request.at, key=key)
    return render(request, "accounts/own.html", {"profile": profile})


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(None, under=(web.Duty.FIRST_PASSWORD, web.Duty.OLD_PASSWORD))
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
    return render(
        request, "accounts/change_password.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(None, under=(web.Duty.SECOND_FACTOR,))
def second_factor(request: web.PageRequest) -> HttpResponse:
    """Bind an authenticator app: its key as a QR code, and a first code as proof that it works."""
    if selectors.has_second_factor(request.actor.user_id):
        return HttpResponseRedirect(resolve_url("recovery_codes"))
    form = BindForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        add_second_factor(actor=request.actor, secret=form.secret, at=request.at)
        clear_totp_secret(request)
        return HttpResponseRedirect(resolve_url("recovery_codes"))
    url = get_adapter().build_totp_url(request.user, form.secret)
    groups = [form.secret[start : start + 4] for start in range(0, len(form.secret), 4)]
    words = {"form": form, "qr": web.qr_code(url, "qr"), "key_groups": groups}
    response = render(request, "accounts/second_factor.html", words, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(None, under=(web.Duty.SECOND_FACTOR,))
def recovery_codes(request: web.PageRequest) -> HttpResponse:
    """The codes for the day the phone is lost: shown until one says that they are written down."""
    codes = selectors.codes_to_show(request.actor.user_id)
    if request.method == "POST" and codes:
        put_codes_away(actor=request.actor, at=request.at)
    if request.method == "POST" or not codes:
        return HttpResponseRedirect(resolve_url("home"))
    response = render(request, "accounts/recovery_codes.html", {"codes": codes})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@web.page(None)
def end_session(request: web.PageRequest) -> HttpResponse:
    """Sign out one of one's other devices."""
    asked = request.POST.get("session", "")
    if not asked.isdecimal():
        raise NotFound
    end_own_session(actor=request.actor, session_id=int(asked), at=request.at)
    messages.success(request, _("那台设备已退出登录"))
    return HttpResponseRedirect(resolve_url("own_account"))


@require_POST
@web.page(None)
def end_others(request: web.PageRequest) -> HttpResponse:
    """Sign out all other devices."""
    end_other_sessions(actor=request.actor, key=request.session.session_key or "", at=request.at)
    messages.success(request, _("别的设备都已退出登录"))
    return HttpResponseRedirect(resolve_url("own_account"))


@require_POST
@web.page(None)
def text_size(request: web.PageRequest) -> HttpResponse:
    """Switch large text (大字) on or off and go back to the page one came from."""
    choose_text_size(actor=request.actor, large=request.POST.get("large") == "1", at=request.at)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else resolve_url("home"))
