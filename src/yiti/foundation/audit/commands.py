"""Writing the trail: inside the transaction of a change, or by the edge before it answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import Detail, Outcome, Subject, make_seal
from yiti.foundation.audit.models import AuditEntry, Seal, Unsealed, UserDayCount
from yiti.foundation.audit.selectors import (
    COUNTED,
    entries_by_id,
    last_seal,
    latest_counted,
    next_uncounted,
    question,
)
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import local_date, now

MOST_SEALED_AT_ONCE = 500


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


@access.command
def note_evidence(*, actor: Actor, digest: str, entries: int, at: datetime) -> None:
    """Put the digest of an exported file into the trail, whose next seal covers it."""
    actor.require("audit.read")
    note(
        actor,
        "audit.export_evidence",
        kind="audit.trail",
        record_id=None,
        at=at,
        detail={"sm3": digest, "entries": entries},
    )


@access.command
def seal(*, actor: Actor, at: datetime) -> int:
    """Put the next seal on the entries that have none, at most 500; how many those were.

    Entries are sealed in the order of their ids, which is about that of their making. Two workers cannot seal
    at once: the second waits and goes on from the first one's seal.
    """
    actor.require("system")
    access.lock_by_name("audit.seal")
    # One that was taken away before it had a seal goes on waiting: `broken_seals` tells of it.
    there = Unsealed.objects.filter(entry_id__in=AuditEntry.objects.values("id"))
    waiting = there.select_for_update().order_by("entry_id")[:MOST_SEALED_AT_ONCE]
    ids = [each.entry_id for each in waiting]
    if not ids:
        return 0
    entries = entries_by_id(ids)
    made = make_seal(last_seal(), [entries[id_] for id_ in ids])
    Seal.objects.create(
        number=made.number,
        entry_ids=list(made.entry_ids),
        digests=made.digests,
        digest=made.digest,
        sealed_at=at,
    )
    Unsealed.objects.filter(entry_id__in=ids).delete()
    return len(ids)


def seal_all() -> None:
    """Seal until nothing waits: background work."""
    while seal(actor=SYSTEM, at=now()) == MOST_SEALED_AT_ONCE:
        pass


@access.command
def count_day(*, actor: Actor, day: date, night: tuple[int, int]) -> None:
    """Count what each user did on a finished day; nothing happens when that is done already."""
    actor.require("system")
    access.lock_by_name("audit.count_day")
    if UserDayCount.objects.filter(day=day).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_DAY, question(day, day, night))


_COUNT_DAY = f"""
INSERT INTO audit_userdaycount
    (id, user_id, day, user_name, institution_name, people, searches, night, closed)
SELECT gen_random_uuid(), counted.* FROM ({COUNTED}) AS counted
"""  # noqa: S608  nothing in it comes from outside


def count_finished_days(at: datetime, night: tuple[int, int]) -> None:
    """Count every day that is over since an hour and not counted yet: background work."""
    finished = local_date(at - timedelta(hours=1)) - timedelta(days=1)
    day = next_uncounted(latest_counted())
    while day is not None and day <= finished:
        count_day(actor=SYSTEM, day=day, night=night)
        day = next_uncounted(day)


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
