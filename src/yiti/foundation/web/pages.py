"""The edge of every page: who may, in which scope, what a refusal looks like, and the audit row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.web import limits
from yiti.foundation.web.domain import Duty
from yiti.foundation.web.request import PageRequest, Request, client_address
from yiti.kernel.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    StaleRevision,
    TooMany,
    Unavailable,
)
from yiti.kernel.text import N_

log = logging.getLogger(__name__)

P = ParamSpec("P")
View = Callable[Concatenate[PageRequest, P], HttpResponse]
Wrapped = Callable[Concatenate[Request, P], HttpResponse]

_STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    InvalidInput: 422,
    StaleRevision: 409,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
}
RETRY_SECONDS = 10
_SAFE = {"GET", "HEAD"}


def page(
    permission: str | None, *, audited: bool = True, under: Collection[Duty] = ()
) -> Callable[[View[P]], Wrapped[P]]:
    """Make a view a page of the house.

    Nobody signed in is sent to the sign-in page; without `permission` the answer is that of a
    missing page; a GET runs in one transaction in the actor's scope; a `DomainError` becomes a page
    that says what to do; and every request that read or was refused leaves an audit row before it
    is answered, or is answered 503. `permission=None`: everybody who is signed in.
    `audited=False` is for what tells of nobody: then only refusals leave a row. A page opens
    although one of the duties `under` waits: it is where that is done.
    """

    def decorate(view: View[P]) -> Wrapped[P]:
        @wraps(view)
        def run(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.actor is None:
                return _to_sign_in(request)
            if request.duty and request.duty not in under:
                return HttpResponseRedirect(resolve_url(request.duty.url_name))
            signed_in: PageRequest = request  # type: ignore[assignment]
            if wait := _wait(signed_in):
                response = refusal(signed_in, TooMany(wait.seconds))
                # One row for a flood is enough: the trail must not grow with it.
                return _audited(signed_in, response, refused=True) if wait.is_first else response
            response, refused = _answer(view, permission, signed_in, *args, **kwargs)
            if refused or (audited and (request.method in _SAFE or response.status_code >= 400)):
                return _audited(signed_in, response, refused=refused)
            return response

        run.yiti_permission = permission  # type: ignore[attr-defined]
        return cast("Wrapped[P]", run)

    return decorate


def _answer(
    view: View[P], permission: str | None, request: PageRequest, *args: P.args, **kwargs: P.kwargs
) -> tuple[HttpResponse, bool]:
    try:
        if permission is not None:
            request.actor.require(permission)
        _ensure_text(request)
        with access.patience(limits.patience_for(_route(request))):
            if request.method in _SAFE:
                with access.reading(request.actor):
                    return view(request, *args, **kwargs), False
            return view(request, *args, **kwargs), False
    except DomainError as error:
        return refusal(request, error), True


def _route(request: Request) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _wait(request: PageRequest) -> limits.Wait | None:
    writes = request.method not in _SAFE
    return limits.spend(request.actor.user_id, _route(request), request.at, writes=writes)


def _ensure_text(request: PageRequest) -> None:
    """Raise InvalidInput for a query with the one character that no text of the database can hold."""
    if any("\0" in value for _name, values in request.GET.lists() for value in values):
        raise InvalidInput(N_("有看不见的字符，请删掉重新输入"))


def refusal(request: Request, error: DomainError) -> HttpResponse:
    """The page, or the fragment for htmx, that tells a person what was refused and what to do."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 409)
    if status == 404:
        return not_found(request)
    words: dict[str, Any] = {"message": error.text(_(error.message)), "number": request.request_id}
    template = "web/_error_fragment.html" if request.htmx else "web/error.html"
    response = render(request, template, words, status=status)
    if status in (429, 503):
        response["Retry-After"] = str(getattr(error, "seconds", RETRY_SECONDS))
    return response


def not_found(request: Request) -> HttpResponse:
    """Missing and forbidden look alike, byte for byte: no request number, no echo of the address."""
    template = "web/_error_fragment.html" if request.htmx else "web/not_found.html"
    return render(request, template, {"message": _("没有找到")}, status=404)


def _audited(request: PageRequest, response: HttpResponse, *, refused: bool) -> HttpResponse:
    """Write the row of a request. A form that comes back to be put right (422) was shown once more: nobody
    was refused anything."""
    route = _route(request)
    comes_back = response.status_code == _STATUS[InvalidInput]
    is_shown = request.method in _SAFE or comes_back
    is_refused = not comes_back and (refused or response.status_code >= 400)
    try:
        audit.note_request(
            actor=request.actor,
            action=f"{'read' if is_shown else 'try'}:{route}",
            subject=getattr(request, "opened", audit.Subject("")),
            at=request.at,
            outcome=audit.Outcome.REFUSED if is_refused else audit.Outcome.DONE,
            address=client_address(request),
        )
    except DatabaseError:
        request.trouble = "audit"
        log.exception("no audit row could be written", extra={"request": request.request_id})
        return refusal(request, Unavailable())
    return response


def _to_sign_in(request: Request) -> HttpResponse:
    """Send to the sign-in page, and back afterwards to the page one was on (never to a POST address)."""
    if request.htmx:
        back = request.htmx.current_url_abs_path
    elif request.method in _SAFE:
        back = request.get_full_path()
    else:
        messages.warning(request, _("已退出登录，刚才那一步没有办成。登录后请再办一次。"))
        page = urlsplit(request.headers.get("Referer", ""))
        back = urlunsplit(("", "", page.path, page.query, ""))
    target = f"{resolve_url('account_login')}?{urlencode({'next': back or '/'})}"
    if not request.htmx:
        return HttpResponseRedirect(target)
    response = HttpResponse(status=401)
    response["HX-Redirect"] = target
    return response


def go(request: Request, address: str) -> HttpResponse:
    """Send the browser to a page, also out of a dialog that htmx has sent."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
