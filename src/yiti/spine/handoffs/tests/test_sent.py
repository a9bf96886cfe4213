"""The rows behind a figure: each condition alone, against a handful one can count on one's fingers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.web.public import TableQuery
from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.residents.tests.builders import a_person, a_profile
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import BED, World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import SEE

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEWEST = TableQuery(handoffs.SentSort.SENT, descending=True, filters={}, page=1, size=20)


def found(actor: Actor, world: World, *, at: Any = NOON + 5 * HOUR, **changes: Any) -> list[str]:
    """The numbers' ends of what is meant, newest first; counted alike."""
    values = {"kinds": {"toy.errand"}, "institutions": [world.hospital.pk], **changes}
    asked = handoffs.SentAsked(**values)
    rows, total = handoffs.sent_rows(actor, asked, NEWEST, at=at)
    assert total == len(rows) == handoffs.count_sent(actor, asked, at=at)
    return [row.handoff.subject for row in rows]


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all that was sent": ({}, ["late", "quick", "declined", "routine"]),
    "asked for by": ({"sides": (Side.REQUESTER,)}, []),
    "answered by": ({"sides": (Side.PERFORMER,)}, ["late", "quick", "declined", "routine"]),
    "since": ({"since": NOON + 2 * MINUTE}, ["late", "quick"]),
    "until, without": ({"until": NOON + 2 * MINUTE}, ["declined", "routine"]),
    "in a state": ({"states": ["declined"]}, ["declined"]),
    "in any other": ({"other_than": ["declined", "sent"]}, ["quick"]),
    "once accepted": ({"reached": [{"accepted"}]}, ["quick"]),
    "and once in care": ({"reached": [{"accepted"}, {"in_care"}]}, []),
    "urgent": ({"answer": ("sent", "accepted")}, ["late", "quick", "declined"]),
    "urgent and late": ({"answer": ("sent", "accepted"), "late": True}, ["late"]),
    "open": ({"open": True}, ["late", "quick", "routine"]),
    "overdue": ({"overdue": True}, ["late"]),
    "by name": ({"text": "白"}, []),
    "of another kind": ({"kinds": {"toy.note"}}, []),
    "none of these": ({"ids": []}, []),
}


@pytest.mark.parametrize(("conditions", "subjects"), CASES.values(), ids=CASES)
def test_each_condition_narrows(conditions: dict[str, Any], subjects: list[str]) -> None:
    world = a_world()
    opened(world, subject="routine", urgency=handoffs.Urgency.ROUTINE)
    along(world, "decline", at=NOON + MINUTE, subject="declined")
    along(world, "accept", at=NOON + 2 * MINUTE, subject="quick")
    opened(world, at=NOON + 3 * MINUTE, subject="late")
    assert found(world.answerer, world, **conditions) == subjects


def test_what_was_taken_back_was_never_reached() -> None:
    world = a_world()
    moved(world.answerer, along(world, "accept"), "undo_accept")
    assert found(world.answerer, world, reached=[{"accepted"}]) == []


def test_late_is_what_waited_too_long_though_answered_in_the_end() -> None:
    world = a_world()
    row = opened(world, subject="in the end")
    moved(world.answerer, row, "accept", at=NOON + 2 * HOUR, **BED)
    assert found(world.answerer, world, answer=("sent", "accepted"), late=True) == ["in the end"]


def test_due_soon_is_pressed_before_it_is_overdue() -> None:
    world = a_world()
    opened(world, subject="soon")
    for minutes, pressed, overdue in ((1, [], []), (20, ["soon"], []), (31, ["soon"], ["soon"])):
        at = NOON + minutes * MINUTE
        assert found(world.answerer, world, pressed=True, at=at) == pressed
        assert found(world.answerer, world, overdue=True, at=at) == overdue


def test_who_only_oversees_sees_masked_names_and_nobody_elses_rows() -> None:
    world = a_world()
    opened(world, person_id=a_person(world.asker, a_profile("房金养")))
    office = somebody_at(an_institution(), SEE)
    assert found(office, world) == []
    over = replace(office, oversees=frozenset({world.hospital.pk}))
    asked = handoffs.SentAsked(kinds={"toy.errand"}, institutions=[world.hospital.pk])
    (row,), _ = handoffs.sent_rows(over, asked, NEWEST, at=NOON)
    assert (row.handoff.person_name, row.handoff.person_place) == ("房*养", "")
    (own,), _ = handoffs.sent_rows(world.answerer, asked, NEWEST, at=NOON)
    assert own.handoff.person_name == "房金养"


def test_a_page_costs_the_same_for_one_row_and_for_many() -> None:
    world = a_world()

    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            found(world.answerer, world)
        return len(said)

    opened(world)
    few = queries()
    for _ in range(15):
        opened(world)
    assert queries() == few


@pytest.mark.parametrize("sort", handoffs.SentSort)
def test_every_order_is_a_whole_order(sort: handoffs.SentSort) -> None:
    world = a_world()
    rows = [opened(world, at=NOON + n * MINUTE) for n in range(3)]
    asked = handoffs.SentAsked(kinds={"toy.errand"}, institutions=[world.hospital.pk])
    seen = []
    for page in (1, 2, 3):
        query = TableQuery(sort, descending=False, filters={}, page=page, size=1)
        (line,), total = handoffs.sent_rows(world.answerer, asked, query, at=NOON)
        seen.append(line.handoff.id)
        assert total == 3
    assert sorted(seen) == sorted(row.id for row in rows)
