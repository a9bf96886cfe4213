"""Accounts, as the security administrator looks after them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.domain import ACTS, acts_for
from yiti.foundation.web import public as web
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id

MANAGE = "accounts.manage"
_IN_RAIL = {"nav_active": "accounts"}  # all of this room stands under 审计 otherwise
_DO = {
    "unlock": accounts.unlock,
    "end-sessions": accounts.end_sessions,
    "remove-second-factor": accounts.remove_second_factor,
    "close": accounts.close_account,
    "reopen": accounts.reopen_account,
}


@require_safe
@web.page(MANAGE)
def account_list(request: web.PageRequest) -> HttpResponse:
    """Every account, searched as one types."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=accounts.AccountSort,
        default=accounts.AccountSort.CODE,
        filters={"q": None, "state": frozenset(accounts.AccountState)},
    )
    rows, total = accounts.list_accounts(request.actor, query)
    words = {
        "rows": rows,
        "total": total,
        "query": query.within(total),
        "states": list(accounts.AccountState),
        **_IN_RAIL,
    }
    return render(request, "administration/accounts.html", words)


@require_safe
@web.page(MANAGE)
def account(request: web.PageRequest, user_id: UUID) -> HttpResponse:
    """One account: how it stands, where it is signed in, and what may be done about it."""
    web.touch(request, kind="accounts.user", record_id=user_id)
    key = request.session.session_key or ""
    profile = accounts.account(request.actor, user_id, at=request.at, key=key)
    acts = acts_for(profile, is_own=user_id == request.actor.user_id)
    words = {"profile": profile, "acts": acts, **_IN_RAIL}
    return render(request, "administration/account.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(MANAGE)
def account_act(request: web.PageRequest, user_id: UUID, act: str) -> HttpResponse:
    """Ask whether an act of `domain.ACTS` is meant, and do it."""
    if act not in ACTS:
        raise NotFound
    back = resolve_url("administration:account", user_id)
    profile = accounts.account(request.actor, user_id, at=request.at)
    words = {"profile": profile, "act": ACTS[act], "back_url": back, "key": new_id(), **_IN_RAIL}
    if request.method == "POST" and act in _DO:
        _DO[act](actor=request.actor, user_id=user_id, at=request.at)
        messages.success(request, _("%s：已办好") % _(ACTS[act].zh))
        return web.go(request, back)
    if request.method == "POST":
        web.only_once(request)
        words["password"] = password = accounts.new_first_password()
        accounts.set_first_password(actor=request.actor, user_id=user_id, password=password, at=request.at)
    response = render(request, "administration/account_act.html", words)
    response["Cache-Control"] = "no-store"
    return response
