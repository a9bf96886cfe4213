"""Reading the trail back."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import LookRow
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor

_COLUMNS = (
    "id",
    "at",
    "user_name",
    "institution_name",
    "action",
    "purpose",
    "outcome",
    "kind",
    "record_id",
    "person_id",
    "address",
)


@access.selector
def looks_at(actor: Actor, person_id: UUID, *, limit: int = 50, offset: int = 0) -> list[LookRow]:
    """Who opened or changed this person's record, newest first.

    The caller has made sure that the actor may open the record itself.
    """
    rows = AuditEntry.objects.filter(person_id=person_id).order_by("-at", "-id")
    return [LookRow(*row) for row in rows.values_list(*_COLUMNS)[offset : offset + limit]]


@access.selector
def count_looks_at(actor: Actor, person_id: UUID) -> int:
    """How many rows `looks_at` has for this person."""
    return AuditEntry.objects.filter(person_id=person_id).count()


@access.selector
def trail(
    actor: Actor, *, text: str = "", outcome: str = "", limit: int = 50, offset: int = 0
) -> list[LookRow]:
    """The whole trail, newest first, for the auditor (permission `audit.read`).

    `text` is part of a user's name or of an action.
    """
    rows = _trail(actor, text, outcome).order_by("-at", "-id")
    return [LookRow(*row) for row in rows.values_list(*_COLUMNS)[offset : offset + limit]]


@access.selector
def count_trail(actor: Actor, *, text: str = "", outcome: str = "") -> int:
    """How many rows `trail` has."""
    return _trail(actor, text, outcome).count()


def _trail(actor: Actor, text: str, outcome: str) -> QuerySet[AuditEntry]:
    actor.require("audit.read")
    rows = AuditEntry.objects.all()
    if text:
        rows = rows.filter(Q(user_name__contains=text) | Q(action__contains=text))
    return rows.filter(outcome=outcome) if outcome else rows
