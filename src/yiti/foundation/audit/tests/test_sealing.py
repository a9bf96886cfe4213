"""The chain of seals: known digests, what it notices, and how the worker puts it on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.commands import MOST_SEALED_AT_ONCE, seal, seal_all
from yiti.foundation.audit.domain import Outcome, SealRow, Subject, altered, broken, make_seal
from yiti.foundation.audit.domain.sealing import entry_digest, sm3
from yiti.foundation.audit.models import AuditEntry, Seal, Unsealed
from yiti.kernel.actor import SYSTEM
from yiti.kernel.errors import NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database
from yiti.ops.roles import Role

# GB/T 32905-2016, appendix A
KNOWN = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


# --- the chain as values --------------------------------------------------------------------------
@pytest.mark.parametrize(("content", "digest"), KNOWN.items())
def test_the_digest_is_that_of_the_standard(content: bytes, digest: str) -> None:
    assert sm3(content).hex() == digest


def an_entry(**changes: Any) -> dict[str, Any]:
    """The columns of an entry."""
    at = datetime(2026, 11, 20, 1, 48, tzinfo=UTC)
    return {"id": new_id(), "at": at, "action": "a.b", "detail": {"n": 1}, "address": None, **changes}


def test_a_digest_is_of_the_moment_and_knows_no_unknown_columns() -> None:
    entry = an_entry()
    elsewhere = entry["at"].astimezone(timezone(timedelta(hours=8)))
    assert entry_digest(entry) == entry_digest({**entry, "at": elsewhere, "added_later": None})
    for name, value in {"action": "a.c", "detail": {"n": 2}, "address": "10.0.0.1", "added_later": 1}.items():
        assert entry_digest(entry) != entry_digest({**entry, name: value})


def a_chain(length: int = 3) -> tuple[list[SealRow], list[list[dict[str, Any]]]]:
    """Seals over two entries each."""
    seals: list[SealRow] = []
    entries = [[an_entry(), an_entry()] for _ in range(length)]
    for some in entries:
        seals.append(make_seal(seals[-1] if seals else None, some))
    return seals, entries


def faults_of(seals: list[SealRow]) -> list[str]:
    """What is wrong along a chain."""
    return [how for before, each in zip([None, *seals], seals, strict=False) if (how := broken(before, each))]


def test_a_chain_as_it_was_made_is_sound() -> None:
    seals, entries = a_chain()
    assert faults_of(seals) == []
    for each, some in zip(seals, entries, strict=True):
        assert altered(each, {entry["id"]: entry for entry in some}) == {}


SPOILT = {
    "a seal taken out": lambda s: [s[0], s[2]],
    "the first one taken out": lambda s: s[1:],
    "two in another order": lambda s: [s[1], s[0], s[2]],
    "an entry's digest changed": lambda s: [replace(s[0], digests=s[0].digests[::-1]), *s[1:]],
    "an entry left out": lambda s: [replace(s[0], entry_ids=s[0].entry_ids[:1]), *s[1:]],
    "entries exchanged": lambda s: [replace(s[0], entry_ids=s[0].entry_ids[::-1]), *s[1:]],
    "a seal made anew without its followers": lambda s: [make_seal(None, [an_entry()]), *s[1:]],
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_a_chain_that_was_touched_tells(spoil: Any) -> None:
    seals, _entries = a_chain()
    assert faults_of(spoil(seals)) != []


def test_an_entry_that_was_touched_is_named() -> None:
    (seal_row, *_), (entries, *_) = a_chain()
    first, second = entries
    assert altered(seal_row, {first["id"]: {**first, "action": "x"}}) == {
        first["id"]: "was altered",
        second["id"]: "is missing",
    }


# --- on tables ------------------------------------------------------------------------------------
@pytest.fixture
def sealed_before(committed_db: Database) -> Database:
    """A database whose entries so far have their seals: one transaction cannot be pages and worker."""
    with working(committed_db):
        seal_all()
    return committed_db


def note(count: int, at: datetime) -> None:
    """Entries as requests leave them."""
    for _ in range(count):
        audit.note_request(
            actor=an_actor(),
            action="read:home",
            subject=Subject(""),
            at=at,
            outcome=Outcome.DONE,
            address="10.0.0.1",
        )


def test_every_entry_waits_for_a_seal_and_gets_one(sealed_before: Database, at: datetime) -> None:
    auditor = an_actor("audit.read")
    before = audit.seal_state(auditor)
    note(3, at)
    assert audit.seal_state(auditor).waiting == 3
    with working(sealed_before):
        assert [seal(actor=SYSTEM, at=at), seal(actor=SYSTEM, at=at)] == [3, 0]
        assert audit.broken_seals(SYSTEM) == {}
    state = audit.seal_state(auditor)
    assert (state.number, state.waiting, state.sealed_at) == (before.number + 1, 0, at)
    assert state.digest == bytes(Seal.objects.get(number=state.number).digest).hex() != before.digest


def test_many_entries_are_sealed_in_turns(sealed_before: Database, at: datetime) -> None:
    row = {"user_name": "x", "action": "a.b", "purpose": "care", "outcome": "done", "at": at}
    first = audit.seal_state(an_actor("audit.read")).number + 1
    AuditEntry.objects.bulk_create(
        AuditEntry(**row, user_id=new_id(), institution_id=new_id()) for _ in range(MOST_SEALED_AT_ONCE + 1)
    )
    with working(sealed_before):
        seal_all()
    made = Seal.objects.filter(number__gte=first).order_by("number")
    assert [len(each.entry_ids) for each in made] == [MOST_SEALED_AT_ONCE, 1]
    assert not Unsealed.objects.exists()


def test_two_workers_make_one_chain(sealed_before: Database, at: datetime) -> None:
    note(40, at)

    def work() -> int:
        try:
            return sum(seal(actor=SYSTEM, at=at) for _ in range(3))
        finally:
            connection.close()

    with working(sealed_before):
        with ThreadPoolExecutor(4) as threads:
            counts = [future.result() for future in [threads.submit(work) for _ in range(4)]]
        assert sum(counts) == 40
        assert audit.broken_seals(SYSTEM) == {}


TOUCHED = {
    "an entry altered": ("UPDATE audit_auditentry SET user_name = 'nobody' WHERE {last}", {"was altered"}),
    "an entry taken away": ("DELETE FROM audit_auditentry WHERE {last}", {"is missing"}),
    "an entry slipped in": (
        'INSERT INTO audit_auditentry SELECT (jsonb_populate_record(e, \'{{"id": "{new}"}}\')).*'
        " FROM audit_auditentry AS e WHERE {last}",
        {"is in no seal and does not wait for one"},
    ),
    "a seal taken away": (
        "DELETE FROM audit_seal WHERE number = 1",
        {"the seal before it is missing", "is in no seal and does not wait for one"},
    ),
    "a seal made to fit": (
        "UPDATE audit_seal SET digest = digest || '' , digests = digest WHERE number = 1",
        {"its digests do not fit its entries", "was altered"},
    ),
}


@pytest.mark.parametrize(("statement", "how"), TOUCHED.values(), ids=TOUCHED.keys())
def test_what_the_owner_of_the_database_touches_is_found(
    sealed_before: Database, at: datetime, statement: str, how: set[str]
) -> None:
    """With the guards switched off, which only the owner can do."""
    note(3, at)
    with working(sealed_before):
        seal_all()
    last = "id = (SELECT max(id::text)::uuid FROM audit_auditentry)"
    with sealed_before.connect(Role.OWNER) as owner:
        for table in ("audit_auditentry", "audit_seal"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(statement.format(last=last, new=new_id()))
    with working(sealed_before):
        found = audit.broken_seals(SYSTEM)
    assert {each for all_ in found.values() for each in all_} == how


def test_one_entry_for_another_is_found_although_the_number_is_right(
    sealed_before: Database, at: datetime
) -> None:
    note(2, at)
    with working(sealed_before):
        seal_all()
    with sealed_before.connect(Role.OWNER) as owner:
        owner.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        owner.execute(
            "CREATE TEMP TABLE gone AS SELECT * FROM audit_auditentry ORDER BY id::text DESC LIMIT 1"
        )
        owner.execute("DELETE FROM audit_auditentry WHERE id IN (SELECT id FROM gone)")
        owner.execute("UPDATE gone SET id = gen_random_uuid()")
        owner.execute("INSERT INTO audit_auditentry SELECT * FROM gone")
    with working(sealed_before):
        found = audit.broken_seals(SYSTEM)
    assert sorted(each for all_ in found.values() for each in all_) == [
        "is in no seal and does not wait for one",
        "is missing",
    ]


def test_an_entry_taken_away_before_its_seal_is_found_and_stops_nothing(
    sealed_before: Database, at: datetime
) -> None:
    note(2, at)
    with sealed_before.connect(Role.OWNER) as owner:
        owner.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        owner.execute(
            "DELETE FROM audit_auditentry WHERE id = (SELECT min(entry_id::text)::uuid FROM audit_unsealed)"
        )
    with working(sealed_before):
        assert [seal(actor=SYSTEM, at=at), seal(actor=SYSTEM, at=at)] == [1, 0]
        found = audit.broken_seals(SYSTEM)
    assert list(found.values()) == [["waited for a seal and is missing"]]


def test_only_the_system_seals_and_only_the_auditor_sees_how_far(db: None, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        seal(actor=an_actor("audit.read"), at=at)
    with pytest.raises(NotPermitted):
        audit.seal_state(an_actor())


FORBIDDEN = {
    "INSERT INTO audit_unsealed VALUES (gen_random_uuid())": (Role.APP, Role.WORKER, Role.LOADER),
    "DELETE FROM audit_unsealed": (Role.APP, Role.LOADER),
    "DELETE FROM audit_seal": (Role.APP, Role.WORKER, Role.LOADER),
    "UPDATE audit_seal SET digest = ''": (Role.APP, Role.WORKER, Role.LOADER),
    "INSERT INTO audit_seal VALUES (99, '{}', '', '', now())": (Role.APP, Role.LOADER),
}


def test_nobody_touches_seals_but_the_worker_who_adds_them(committed_db: Database) -> None:
    for statement, roles in FORBIDDEN.items():
        for role in roles:
            with committed_db.connect(role) as somebody, pytest.raises(InsufficientPrivilege):
                somebody.execute(statement)
