"""The trail: written with the change, added to and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor


def test_a_note_says_who_did_what_to_whom(db: None, at: datetime) -> None:
    actor, person = an_actor(), new_id()
    with access.scoped(actor):
        audit.note(
            actor,
            "referrals.accept_referral",
            kind="handoffs.handoff",
            record_id=new_id(),
            person_id=person,
            at=at,
        )
    row = audit.looks_at(actor, [person])[0]
    assert (row.user_name, row.action, row.outcome, row.at) == (
        "唐桂花",
        "referrals.accept_referral",
        "done",
        at,
    )


def test_a_note_outside_a_transaction_is_a_bug(committed_db: None, at: datetime) -> None:
    with pytest.raises(access.ScopeError):
        audit.note(an_actor(), "x.y", kind="x", record_id=None, at=at)


def test_a_change_rolled_back_takes_its_note_along(committed_db: None, at: datetime) -> None:
    actor, person = an_actor(), new_id()
    with pytest.raises(DatabaseError), access.scoped(actor):  # noqa: PT012  the change and what undoes it
        audit.note(actor, "x.y", kind="x", record_id=None, person_id=person, at=at)
        _run("SELECT 1 / 0")
    assert audit.looks_at(actor, [person]) == []


@pytest.mark.parametrize(
    "change", ["UPDATE audit_auditentry SET action = 'x'", "DELETE FROM audit_auditentry"]
)
def test_the_application_can_neither_change_nor_delete_a_row(db: None, at: datetime, change: str) -> None:
    actor = an_actor()
    with access.scoped(actor):
        audit.note(actor, "x.y", kind="x", record_id=None, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        _run(change)
    assert AuditEntry.objects.filter(action="x.y").count() == 1


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_newest_look_comes_first_and_pages_do_not_overlap(db: None, at: datetime) -> None:
    actor, person = an_actor(), new_id()
    with access.scoped(actor):
        for action in ("a.first", "a.second", "a.third"):
            audit.note(actor, action, kind="x", record_id=None, person_id=person, at=at)
    first = audit.looks_at(actor, [person], limit=2)
    rest = audit.looks_at(actor, [person], limit=2, offset=2)
    assert [r.action for r in (*first, *rest)] == ["a.third", "a.second", "a.first"]
    assert audit.count_looks_at(actor, [person]) == 3


RECORD, THREAD, VISIT = "read:residents:record", "read:episodes:thread", "read:episodes:visit"


def _look(actor: Actor, person: UUID, action: str, at: datetime, outcome: str = "done") -> None:
    audit.note_request(
        actor=actor,
        action=action,
        subject=audit.Subject("residents.resident", person, person),
        at=at,
        outcome=audit.Outcome(outcome),
        address=None,
    )


@pytest.mark.parametrize(
    ("acts", "lines"),
    [
        ([(RECORD, 0), (THREAD, 0), ("read:handoffs:side", 0)], [(RECORD, 0)]),
        ([(RECORD, 0), (THREAD, 9), (RECORD, 18)], [(RECORD, 0)]),
        ([(RECORD, 0), (RECORD, 11)], [(RECORD, 11), (RECORD, 0)]),
        ([(RECORD, 0), (VISIT, 1), (RECORD, 2)], [(VISIT, 1), (RECORD, 0)]),
        ([("read:episodes:action", 0)], []),
        ([("read:nobody:named", 0), ("read:nobody:named", 1)], [("read:nobody:named", 0)]),
        (
            [("try:residents:edit", 0), ("try:residents:edit", 1)],
            [("try:residents:edit", 1), ("try:residents:edit", 0)],
        ),
        (
            [("residents.add_allergy", 0), ("residents.add_allergy", 1)],
            [("residents.add_allergy", 1), ("residents.add_allergy", 0)],
        ),
    ],
    ids=[
        "a page and its parts",
        "on and on",
        "again later",
        "something else",
        "buttons",
        "unnamed",
        "tries",
        "changes",
    ],
)
def test_one_look_is_one_line(
    committed_db: None, at: datetime, acts: list[tuple[str, int]], lines: list[tuple[str, int]]
) -> None:
    actor, person = an_actor(), new_id()
    for action, minutes in acts:
        _look(actor, person, action, at + timedelta(minutes=minutes))
    found = audit.looks_at(actor, [person])
    assert [(row.action, row.at) for row in found] == [(a, at + timedelta(minutes=m)) for a, m in lines]
    assert audit.count_looks_at(actor, [person]) == len(lines)


def test_looks_of_two_people_or_two_outcomes_are_two_lines(committed_db: None, at: datetime) -> None:
    actor, other, person, alias = an_actor(), an_actor(), new_id(), new_id()
    _look(actor, person, RECORD, at)
    _look(actor, alias, RECORD, at)
    _look(other, person, RECORD, at)
    _look(other, person, RECORD, at, "refused")
    assert audit.count_looks_at(actor, [person, alias]) == 3


def test_the_whole_trail_needs_the_auditors_permission(db: None, at: datetime) -> None:
    actor = an_actor("residents.read")
    with access.scoped(actor):
        audit.note(actor, "a.deed", kind="x", record_id=None, at=at)
    with pytest.raises(NotFound):
        audit.trail(actor)
    assert "a.deed" in {row.action for row in audit.trail(an_actor("audit.read"))}
