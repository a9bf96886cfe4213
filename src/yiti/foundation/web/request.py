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


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from, as the server saw it (a proxy must set REMOTE_ADDR)."""
    return request.META.get("REMOTE_ADDR") or None
