"""Asking for a page as a browser does, signed in as an actor."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails

from yiti.foundation.web.public import PageRequest
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now


def ask(
    actor: Actor | None,
    path: str,
    data: Mapping[str, object] | None = None,
    *,
    post: bool = False,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer to a request of this actor (None: nobody is signed in), as the view gives it."""
    send = RequestFactory().post if post else RequestFactory().get
    request: PageRequest = send(path, data or {}, headers=headers)  # type: ignore[arg-type, assignment]
    request.actor = actor  # type: ignore[assignment]
    request.at = now()
    request.request_id = "test"
    request.must_change_password = False
    request.htmx = HtmxDetails(request)
    request.hats = ()
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    match = resolve(request.path_info)
    request.resolver_match = match
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def text(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()
