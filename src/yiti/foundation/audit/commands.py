"""Writing the trail: inside the transaction of a change, or by the edge before it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import Detail, Outcome, Subject
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor


def note(  # noqa: PLR0913  an audit row has these seven facts
    actor: Actor,
    action: str,
    *,
    kind: str,
    record_id: UUID | None,
    at: datetime,
    person_id: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Append the row of a change, in the transaction of that change (participant)."""
    access.ensure_in_transaction()
    AuditEntry.objects.create(
        **_who(actor),
        **_what(action, Subject(kind, record_id, person_id), Outcome.DONE),
        at=at,
        detail=detail,
    )


@access.command
def note_request(
    *, actor: Actor, action: str, subject: Subject, at: datetime, outcome: Outcome, address: str | None
) -> None:
    """Append the row of a request that read or was refused, in a transaction of its own."""
    AuditEntry.objects.create(**_who(actor), **_what(action, subject, outcome), at=at, address=address)


def _who(actor: Actor) -> dict[str, Any]:
    return {
        "request_id": actor.request_id,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "posting_id": actor.posting_id,
        "institution_id": actor.institution_id,
        "institution_name": actor.institution_name,
        "purpose": actor.purpose,
    }


def _what(action: str, subject: Subject, outcome: Outcome) -> dict[str, Any]:
    return {
        "action": action,
        "outcome": outcome,
        "kind": subject.kind,
        "record_id": subject.record_id,
        "person_id": subject.person_id,
    }
