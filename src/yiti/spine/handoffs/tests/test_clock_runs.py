"""The clock of handoffs as the worker runs it: warn, overdue, reported, expired, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from yiti.foundation.access.tests.builders import working
from yiti.foundation.accounts import public as accounts
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.outbox.models import OutboxEvent
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotPermitted
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.commands.clock import strike
from yiti.spine.handoffs.models import Handoff, HandoffEvent, HandoffNotice
from yiti.spine.handoffs.tests.builders import BED, World, a_world, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, SEE


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def limit_minutes(key: str = "referral.answer_limit.urgent") -> int:
    """What the rulebook says of the wait in `sent`."""
    return rules.limit(key, local_date(NOON)).minutes


def after(share: float) -> datetime:
    """When that share of the limit has passed."""
    return NOON + timedelta(minutes=limit_minutes() * share)


def steps(handoff_id: UUID) -> list[str]:
    """The steps in the log, in order."""
    return list(
        HandoffEvent.objects.filter(handoff_id=handoff_id).order_by("seq").values_list("step", flat=True)
    )


@contextmanager
def table_owner(database: Database) -> Iterator[psycopg.Connection]:
    """The owner of the tables, past row security and the guard of moves: for planting faults."""
    with database.connect(Role.OWNER) as owner:
        owner.execute("ALTER TABLE handoffs_handoff NO FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE handoffs_handoff DISABLE TRIGGER handoffs_explained")
        yield owner
        owner.execute("ALTER TABLE handoffs_handoff ENABLE TRIGGER handoffs_explained")
        owner.execute("ALTER TABLE handoffs_handoff FORCE ROW LEVEL SECURITY")


def test_each_level_is_reached_once(world: World, committed_db: Database) -> None:
    row = opened(world)
    with working(committed_db):
        done = [handoffs.run_clock(after(share)) for share in (0.1, 0.9, 0.95, 1.0, 1.5, 2.0, 9.0, 9.5)]
        assert done == [0, 1, 0, 1, 0, 1, 0, 0]
        assert steps(row.id) == ["open", "due_soon", "overdue", "escalated"]
        stored = Handoff.objects.get(id=row.id)
        assert (stored.alert, stored.revision, stored.state, stored.due_at) == (
            "escalated",
            4,
            "sent",
            row.due_at,
        )
        kinds = Counter(OutboxEvent.objects.values_list("kind", flat=True))
        assert kinds["handoffs.HandoffOverdue"] == kinds["handoffs.HandoffEscalated"] == 1
        assert handoffs.broken_histories(SYSTEM) == {}


def test_a_worker_that_slept_catches_up_without_a_warning(world: World, committed_db: Database) -> None:
    row = opened(world)
    with working(committed_db):
        assert handoffs.run_clock(after(5)) == 1
        assert steps(row.id) == ["open", "overdue", "escalated"]


def test_what_nobody_answers_expires(world: World, committed_db: Database) -> None:
    # long ago: the database closes records by its own clock
    sent = NOON - timedelta(days=30)
    row = opened(world, at=sent)
    end = sent + timedelta(minutes=limit_minutes("referral.validity"))
    with working(committed_db):
        handoffs.run_clock(end)
        handoffs.run_clock(end)
        stored = Handoff.objects.get(id=row.id)
        assert (stored.state, stored.closed_at, stored.wake_at) == ("expired", end, None)
        assert steps(row.id) == ["open", "expire"]
        assert AuditEntry.objects.filter(action="handoffs.run_clock", record_id=row.id).count() == 1
    assert residents.persons(world.answerer, [world.person_id]) == {}, "the record is closed again"


def test_an_answer_in_time_stops_the_clock(world: World, committed_db: Database) -> None:
    row = opened(world)
    moved(world.answerer, row, "accept", **BED)
    with working(committed_db):
        assert handoffs.run_clock(after(99)) == 0


def test_a_page_drawn_before_an_alert_is_not_stale(world: World, committed_db: Database) -> None:
    row = opened(world)
    with working(committed_db):
        handoffs.run_clock(after(3))
    assert moved(world.answerer, row, "accept", **BED).revision == 4


def test_a_wait_that_is_resumed_goes_on_being_late(world: World, committed_db: Database) -> None:
    row = opened(world)
    accepted = moved(world.answerer, row, "accept", at=after(0.5), **BED)
    moved(world.answerer, accepted, "undo_accept", at=after(1.2))
    with working(committed_db):
        assert handoffs.run_clock(after(1.2)) == 1
        assert steps(row.id)[-1] == "overdue"


def test_the_heads_the_rules_name_are_told_and_the_time_line_says_so(
    world: World, committed_db: Database
) -> None:
    row = opened(world)
    told = rules.find("handoff.overdue_tells", local_date(NOON)).value
    assert isinstance(told, tuple)
    head = somebody_at(world.hospital, SEE, role=str(told[0]))
    doctor = somebody_at(world.hospital, SEE, role="toy_doctor")
    with working(committed_db):
        handoffs.run_clock(after(1))

    def alerts(actor: Actor) -> list[str]:
        return [each.title for each in handoffs.bell(actor).rows if each.alert is handoffs.Alert.OVERDUE]

    assert alerts(head) == ["超时"]
    assert alerts(doctor) == []
    assert alerts(world.answerer) == ["超时"], "whoever may act at the desk"
    assert alerts(world.asker) == ["超时"], "whoever waits for the answer"
    line = handoffs.history(world.asker, row.id)[0]
    named = "、".join(accounts.role_names()[str(role)] for role in told)
    assert (line.title, line.text, line.side) == ("超时", f"已报{named}", "system")


def test_a_warning_is_for_those_whose_turn_it_is(world: World, committed_db: Database) -> None:
    opened(world)
    with working(committed_db):
        handoffs.run_clock(after(0.9))
        assert set(
            HandoffNotice.objects.filter(alert="due_soon").values_list("institution_id", flat=True)
        ) == {world.hospital.pk}


def test_what_somebody_is_working_on_is_left_for_the_next_minute(
    world: World, committed_db: Database
) -> None:
    row, other = opened(world), opened(world)
    with committed_db.connect(Role.WORKER) as desk, desk.transaction():
        desk.execute("SELECT 1 FROM handoffs_handoff WHERE id = %s FOR UPDATE", [row.id])
        with working(committed_db):
            assert handoffs.run_clock(after(1)) == 1
            assert (steps(row.id), steps(other.id)) == (["open"], ["open", "overdue"])
    with working(committed_db):
        assert handoffs.run_clock(after(1)) == 1
        assert steps(row.id) == ["open", "overdue"]


def test_one_that_fails_does_not_stop_the_others(
    world: World, committed_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The planted fault: a step of the clock that its table does not have."""
    bad, good = opened(world), opened(world)
    with table_owner(committed_db) as owner:
        owner.execute(
            "UPDATE handoffs_handoff SET clock_step = 'fly', clock_at = %s WHERE id = %s", [after(1), bad.id]
        )
    with working(committed_db):
        handoffs.run_clock(after(1))
        assert (steps(bad.id), steps(good.id)) == (["open"], ["open", "overdue"])
    told = [vars(each).get("handoff") for each in caplog.records if "clock" in each.msg]
    assert told == [bad.id]


def test_only_the_system_runs_the_clock(world: World) -> None:
    with pytest.raises(NotPermitted):
        strike(actor=world.answerer, handoff_ids=[opened(world).id], at=after(9))
    with pytest.raises(NotPermitted):
        handoffs.broken_histories(somebody_at(world.hospital, ANSWER))


def test_a_handoff_moved_behind_the_engines_back_is_found(world: World, committed_db: Database) -> None:
    """The planted fault behind `yiti check`: somebody with the owner's password moves one by hand."""
    row = opened(world)
    with table_owner(committed_db) as owner:
        owner.execute("UPDATE handoffs_handoff SET state = 'accepted' WHERE id = %s", [row.id])
    with working(committed_db):
        assert handoffs.broken_histories(SYSTEM) == {
            row.id: ["the log ends in sent, the handoff is in accepted"]
        }
