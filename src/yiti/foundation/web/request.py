"""The request as views see it: signed in, dated, and telling audit what it opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from yiti.foundation.audit.public import Subject
from yiti.foundation.web.domain import Duty
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_

_SENT, _MOST_SENT = "sent", 20  # of the session: keys of forms that were sent


class Hat(Protocol):
    """A posting as the person menu shows it; staff knows the rest."""

    @property
    def id(self) -> UUID: ...
    @property
    def label(self) -> str: ...


class Request(HttpRequest):
    """Typing of what middleware adds; never instantiated by us."""

    actor: Actor | None
    at: datetime
    request_id: str
    htmx: HtmxDetails
    duty: Duty
    hats: Sequence[Hat]
    opened: Subject
    trouble: str  # what kind of error of the database ended it


class PageRequest(Request):
    """The request inside a page that demands a signed-in user."""

    actor: Actor


def touch(
    request: Request, *, kind: str, record_id: UUID | None = None, person_id: UUID | None = None
) -> None:
    """Say which record this request opens, for the audit row the edge writes before answering."""
    request.opened = Subject(kind, record_id, person_id)


def only_once(request: Request) -> None:
    """Raise Conflict when this form (its field `key`) was sent before in this session: whoever loads the page
    with the answer anew would make a second one, and the first would be void."""
    key, sent = request.POST.get("key", ""), request.session.get(_SENT, [])
    if key in sent:
        raise Conflict(N_("这一页刚才已经办过，没有再办一次。要重办，请返回上一页再来"))
    if key:
        request.session[_SENT] = [*sent, key][-_MOST_SENT:]


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from, as the server saw it (a proxy must set REMOTE_ADDR)."""
    return request.META.get("REMOTE_ADDR") or None
