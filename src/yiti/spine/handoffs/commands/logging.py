"""Adding to the log of a handoff, and ringing the bell of those who should know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import Addressee, Alert, Nature
from yiti.spine.handoffs.models import Handoff, HandoffEvent, HandoffMessage, HandoffNotice


@dataclass(frozen=True, slots=True)
class Entry:
    """What is about to happen to a handoff."""

    nature: Nature
    step: str
    from_state: str
    to_state: str
    side: Side
    due_at: datetime | None = None
    comment: str = ""
    remark: str = ""
    undoes: int | None = None
    digest: str = ""


def append(actor: Actor, row: Handoff, entry: Entry, *, at: datetime) -> HandoffEvent:
    """Write the next event of a locked handoff and count it in `row.revision`; the caller saves the row
    next. The event comes first: the database lets the handoff change only once its event is there."""
    row.revision = 1 if entry.nature is Nature.OPENED else row.revision + 1
    return HandoffEvent.objects.create(
        handoff=row,
        seq=row.revision,
        at=at,
        **who(actor),
        **{field.name: getattr(entry, field.name) for field in fields(Entry)},
    )


def insert_once(row: Handoff | HandoffMessage) -> bool:
    """Insert a row whose id a client has made; False when there is one with that id already, be it
    visible to the actor or not."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return False
    return True


def who(actor: Actor) -> dict[str, Any]:
    """The columns that say who did it, as they were then."""
    return {
        "user_id": actor.user_id,
        "user_name": actor.name,
        "institution_id": actor.institution_id,
        "institution_name": actor.institution_name,
    }


def ring(
    about: HandoffEvent | HandoffMessage, people: Iterable[Addressee], *, alert: Alert = Alert.NONE
) -> None:
    """Ring the bell of these people for an event or a message."""
    which = "event" if isinstance(about, HandoffEvent) else "message"
    HandoffNotice.objects.bulk_create(
        HandoffNotice(
            handoff_id=about.handoff_id,
            at=about.at,
            alert=alert,
            **{which: about},
            **{**asdict(each), "roles": list(each.roles)},
        )
        for each in people
    )
