"""What the database itself refuses. Tests of who sees what really commit, as the role of the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from yiti.foundation.access import public as access
from yiti.foundation.access.public import ScopeError
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import NotFound
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.commands.logging import Entry, append
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.tests.builders import BED, World, a_wish, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER

TABLES = (
    "handoffs_handoff",
    "handoffs_handoffevent",
    "handoffs_handoffmessage",
    "handoffs_handoffnotice",
    "handoffs_bellmark",
)


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def count(table: str, actor: Actor | None) -> int:
    """How many rows of a table the pages see in this actor's scope, or with the scope set nowhere."""
    with connection.cursor() as cursor:
        if actor is None:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])
        with access.scoped(actor):
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])


def fill(world: World) -> handoffs.HandoffRow:
    """A handoff with at least one row in every table, seen by both sides."""
    row = along(world, "accept")
    for actor in (world.asker, world.answerer):
        handoffs.add_message(actor=actor, handoff_id=row.id, text="几点到？", at=NOON)
        handoffs.read_bell(actor=actor, at=NOON)
    return row


def test_rows_are_seen_by_the_sides_and_by_nobody_without_a_scope(world: World) -> None:
    fill(world)
    stranger = somebody_at(a_world().hospital, ANSWER)
    for actor in (world.asker, world.answerer):
        assert [table for table in TABLES if not count(table, actor)] == [], "a side: all is seen"
    assert [table for table in TABLES if count(table, stranger)] == [], "elsewhere: nothing"
    assert [table for table in TABLES if count(table, None)] == [], "scope set nowhere: nothing"


def test_the_bell_is_read_by_each_user_alone(world: World) -> None:
    fill(world)
    assert count("handoffs_bellmark", somebody_at(world.hospital, ANSWER)) == 0


def test_every_table_but_the_numbers_is_guarded(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'handoffs\\_%' AND relkind = 'r'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
        assert {row[0] for row in cursor.fetchall()} == {"handoffs_numberseries"}


def test_whoever_may_open_the_record_sees_what_is_open_for_the_person(world: World) -> None:
    row = fill(world)
    emergency = somebody_at(a_world().hospital, ANSWER, "residents.break_glass")
    assert handoffs.open_for_person(emergency, world.person_id) == []
    residents.open_by_break_glass(actor=emergency, person_id=world.person_id, reason="昏迷送来急诊", at=now())
    assert handoffs.open_for_person(emergency, world.person_id) == [row]
    assert handoffs.history(emergency, row.id)[0].title == "接收"
    assert handoffs.available(emergency, row.id) == []
    with pytest.raises(NotFound):
        moved(emergency, row, "arrive")


# --- moves -----------------------------------------------------------------------------------------------
UNEXPLAINED = {
    "a state by hand": "UPDATE handoffs_handoff SET state = 'closed'",
    "a state and a revision by hand": "UPDATE handoffs_handoff SET state = 'closed', revision = revision + 1",
    "a deadline by hand": "UPDATE handoffs_handoff SET due_at = due_at + interval '1 hour'",
    "another person": "UPDATE handoffs_handoff SET person_id = id, revision = revision + 1",
    "another asker": "UPDATE handoffs_handoff SET requester_institution_id = id",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_a_handoff_never_changes_without_its_event(statement: str) -> None:
    world = a_world()
    opened(world)
    with pytest.raises(IntegrityError, match=r"never changes|only together"), access.scoped(world.asker):
        execute(statement)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_engine_that_skips_the_event_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: `append` counts, but writes nothing."""
    world = a_world()
    row = opened(world)

    def forgetful(actor: Actor, handoff: Handoff, entry: Entry, *, at: datetime) -> None:
        handoff.revision += 1

    monkeypatch.setattr("yiti.spine.handoffs.commands.moving.append", forgetful)
    with pytest.raises(IntegrityError, match="only together with the event"):
        moved(world.answerer, row, "accept", **BED)


@pytest.mark.django_db
def test_an_engine_that_writes_the_wrong_event_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the event says another state than the handoff."""
    world = a_world()
    row = opened(world)

    def liar(actor: Actor, handoff: Handoff, entry: Entry, *, at: datetime) -> HandoffEvent:
        return append(actor, handoff, replace(entry, to_state="closed"), at=at)

    monkeypatch.setattr("yiti.spine.handoffs.commands.moving.append", liar)
    with pytest.raises(IntegrityError, match="only together with the event"):
        moved(world.answerer, row, "accept", **BED)


NEVER = {
    "an event is not changed": "UPDATE handoffs_handoffevent SET comment = ''",
    "nor deleted": "DELETE FROM handoffs_handoffevent",
    "what was said stays": "UPDATE handoffs_handoffmessage SET text = 'x'",
    "and is not unsaid": "DELETE FROM handoffs_handoffmessage",
    "a notice is not changed": "UPDATE handoffs_handoffnotice SET alert = 'none'",
    "nor deleted ": "DELETE FROM handoffs_handoffnotice",
    "a handoff is not deleted": "DELETE FROM handoffs_handoff",
    "nor all of them": "TRUNCATE handoffs_handoff CASCADE",
    "numbers are not forgotten": "DELETE FROM handoffs_numberseries",
}


def test_what_the_pages_and_the_worker_may_never_do(world: World, committed_db: Database) -> None:
    fill(world)
    done = []
    for role in (Role.APP, Role.WORKER):
        with psycopg.connect(committed_db.urls[role], autocommit=True) as plain:
            for words, statement in NEVER.items():
                try:
                    plain.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    continue
                done.append((role, words))
    assert done == []


def test_not_even_the_owner_changes_history(world: World, committed_db: Database) -> None:
    fill(world)
    with psycopg.connect(committed_db.urls[Role.OWNER], autocommit=True) as owner:
        for table in TABLES[1:4]:
            with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
                owner.execute(f"DELETE FROM {table}")


# --- writing into somebody else's ------------------------------------------------------------------------
FOREIGN = {
    "an event": (
        "INSERT INTO handoffs_handoffevent (id, handoff_id, seq, nature, step, from_state, to_state, side,"
        " at, user_id, user_name, institution_id, institution_name, comment, remark, digest)"
        " SELECT gen_random_uuid(), %(row)s, 3, 'step', 'arrive', 'accepted', 'in_care', 'performer', now(),"
        " gen_random_uuid(), 'x', %(here)s, '', '', '', ''"
    ),
    "a message": (
        "INSERT INTO handoffs_handoffmessage (id, handoff_id, side, at, user_id, user_name, institution_id,"
        " institution_name, text)"
        " SELECT gen_random_uuid(), %(row)s, 'performer', now(), gen_random_uuid(), 'x', %(here)s, '', 'x'"
    ),
}


def test_a_stranger_writes_nothing_into_a_handoff(world: World) -> None:
    row = along(world, "accept")
    stranger = somebody_at(a_world().hospital, ANSWER)
    for statement in FOREIGN.values():
        with pytest.raises(psycopg.errors.InsufficientPrivilege), access.scoped(stranger):
            raw(statement, row, stranger)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), access.scoped(world.answerer):
            raw(statement, row, stranger)  # a side, in a stranger's name
    with access.scoped(stranger), connection.cursor() as cursor:
        cursor.execute("UPDATE handoffs_handoff SET alert = 'none'")
        assert cursor.rowcount == 0


def raw(statement: str, row: handoffs.HandoffRow, actor: Actor) -> None:
    """Run a statement without Django's wrapping, so that the database's own refusal is seen."""
    with transaction.atomic():
        assert connection.connection is not None
        connection.connection.execute(statement, {"row": row.id, "here": actor.institution_id})


def test_participants_need_the_transaction_of_a_command(world: World) -> None:
    with pytest.raises(ScopeError):
        handoffs.open_handoff(world.asker, a_wish(world), at=NOON)
    with pytest.raises(ScopeError):
        handoffs.advance(world.answerer, world.person_id, "accept", at=NOON)
