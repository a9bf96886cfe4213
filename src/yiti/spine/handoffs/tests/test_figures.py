"""Counts and times for boards, against a handful of handoffs one can count on one's fingers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import BED, World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import SEE

pytestmark = pytest.mark.django_db

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=SHANGHAI), datetime(2026, 12, 1, tzinfo=SHANGHAI)
REACHED = ["accepted", "in_care"]


def flows(actor: Actor, world: World, **changes: Any) -> list[tuple[date, str, frozenset[str], int]]:
    """The flows that touch the hospital."""
    asked = {
        "institutions": [world.hospital.pk],
        "since": SINCE,
        "until": UNTIL,
        "reached": REACHED,
        **changes,
    }
    return [
        (each.month, each.state, each.reached, each.n)
        for each in handoffs.flow_counts(actor, "toy.errand", **asked)
    ]


def test_flows_are_counted_in_the_month_of_sending() -> None:
    world = a_world()
    first_second = datetime(2026, 11, 1, 0, 0, 1, tzinfo=SHANGHAI)  # still October in Greenwich
    opened(world, at=first_second)
    opened(world, at=first_second - timedelta(seconds=2))
    along(world, "accept")
    along(world, "accept", "arrive")
    assert flows(world.answerer, world) == [
        (OCTOBER, "sent", frozenset(), 1),
        (NOVEMBER, "accepted", frozenset({"accepted"}), 1),
        (NOVEMBER, "in_care", frozenset({"accepted", "in_care"}), 1),
        (NOVEMBER, "sent", frozenset(), 1),
    ]


def test_what_was_taken_back_was_never_reached() -> None:
    world = a_world()
    moved(world.answerer, along(world, "accept"), "undo_accept")
    assert flows(world.answerer, world) == [(NOVEMBER, "sent", frozenset(), 1)]


def test_only_those_one_oversees_are_counted() -> None:
    world = a_world()
    opened(world)
    office = somebody_at(an_institution(), SEE)
    assert flows(office, world) == []
    assert len(flows(replace(office, oversees=frozenset({world.hospital.pk})), world)) == 1
    assert len(flows(replace(office, oversees=frozenset({world.clinic.pk})), world)) == 0
    assert len(flows(world.asker, world, institutions=[world.clinic.pk])) == 1


def test_times_run_from_sending_to_the_answer_that_stands() -> None:
    world = a_world()
    late = timedelta(minutes=500)
    opened(world)
    moved(world.answerer, opened(world), "accept", at=NOON + timedelta(minutes=12, seconds=59), **BED)
    moved(world.answerer, opened(world), "accept", at=NOON + late, **BED)
    moved(world.answerer, along(world, "accept"), "undo_accept", at=NOON + timedelta(minutes=5))
    moved(world.answerer, opened(world), "decline", at=NOON + late, reason_code="01")
    along(world, "accept", urgency=handoffs.Urgency.ROUTINE)

    def times(until: datetime) -> tuple[float | None, int, int]:
        (found,) = handoffs.answer_times(
            world.answerer,
            "toy.errand",
            performers=[world.hospital.pk],
            since=SINCE,
            until=until,
            answer=("sent", "accepted"),
        )
        assert found.month == NOVEMBER
        return found.median_minutes, found.cases, found.late

    assert times(NOON + timedelta(minutes=12)) == (None, 5, 2)
    assert times(NOON + timedelta(minutes=13)) == (12, 5, 2)
    assert times(UNTIL) == ((12 + 500) / 2, 5, 4)


@pytest.mark.parametrize("rows", [1, 20])
def test_each_figure_costs_one_query(rows: int) -> None:
    world = a_world()
    for _ in range(rows):
        along(world, "accept")
    with CaptureQueriesContext(connection) as queries:
        flows(world.answerer, world)
    said = [q["sql"] for q in queries if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(said) == 1


def test_several_logs_cost_what_one_costs() -> None:
    world = a_world()
    ids = [along(world, "accept").id for _ in range(5)]
    foreign = opened(a_world()).id
    with CaptureQueriesContext(connection) as queries:
        logs = handoffs.logs(world.answerer, [*ids, foreign])
    steps = {id_: [event.step for event in log] for id_, log in logs.items()}
    assert steps == {id_: ["open", "accept"] for id_ in ids}
    said = [q["sql"] for q in queries if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(said) == 2
