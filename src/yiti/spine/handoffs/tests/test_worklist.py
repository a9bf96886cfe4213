"""The work list against brute force, its tabs, filters and orders, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.kernel.actor import Actor
from yiti.kernel.display import mask_name
from yiti.kernel.errors import NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.tests.builders import NOON, a_department, an_institution
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.domain import holders
from yiti.spine.handoffs.domain.clocks import Pressure
from yiti.spine.handoffs.domain.lists import Desk
from yiti.spine.handoffs.selectors import choices
from yiti.spine.handoffs.tests.builders import a_world, along, asked, listed, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, DRAFTED, FOLLOW, SEE

pytestmark = pytest.mark.django_db


# --- one list per side -----------------------------------------------------------------------------------
def test_every_open_handoff_is_in_one_desk_of_each_side_and_in_no_other() -> None:
    world = a_world()
    surgery = a_department(world.hospital, name="外科")
    home = an_institution(Kind.VILLAGE_CLINIC)
    people = [
        world.asker,
        world.answerer,
        somebody_at(world.clinic, ASK, SEE),
        somebody_at(world.hospital, ANSWER, SEE, room=world.ward),
        somebody_at(world.hospital, ANSWER, SEE, room=surgery),
        somebody_at(home, FOLLOW, SEE),
        somebody_at(an_institution(), ASK, ANSWER, FOLLOW, SEE),
    ]
    accepted = along(world, "accept")
    moved(world.answerer, along(world, "accept"), "assign", performer_department_id=surgery.pk)
    reported = moved(
        world.answerer, along(world, "accept", "arrive"), "report", follower_institution_id=home.pk
    )
    taken = handoffs.take(actor=world.answerer, handoff_id=opened(world).id, revision=1, at=NOON).handoff
    everything = [
        accepted,
        reported,
        taken,
        opened(world),
        opened(world, by=replace(world.asker, staff_id=None)),
        opened(world, kind=DRAFTED.code),
        along(world, "return"),
        along(world, "decline"),
    ]
    for actor in people:
        for desk in Desk:
            shown = {row.id for row in listed(actor, desk=desk, size=100)}
            wanted = {row.id for row in _fresh(people, everything) if _is_at(row, actor, desk)}
            assert shown & {row.id for row in everything} == wanted, (actor.name, desk)


def _fresh(people: Sequence[Actor], rows: Sequence[handoffs.HandoffRow]) -> list[handoffs.HandoffRow]:
    """The rows as they are now."""
    return [handoffs.detail(people[0], row.id) for row in rows]


def _is_at(row: handoffs.HandoffRow, actor: Actor, desk: Desk) -> bool:
    """Brute force: whether one of the holders is this desk."""
    wanted = {
        Desk.MINE: (handoffs.Post.PERSON, actor.staff_id),
        Desk.DEPARTMENT: (handoffs.Post.DEPARTMENT, actor.department_id),
        Desk.UNCLAIMED: (handoffs.Post.INSTITUTION, actor.institution_id),
    }[desk]
    theirs = [h for h in holders(row) if h.institution_id == actor.institution_id]
    if desk is Desk.DEPARTMENT and actor.department_id is None:
        return row.is_open and any(h.post is handoffs.Post.DEPARTMENT for h in theirs)
    return row.is_open and any((h.post, h.id) == wanted for h in theirs)


def test_a_list_shows_the_institutions_own_work_and_nobody_elses() -> None:
    world, other = a_world(), a_world()
    mine = opened(world)
    opened(other)
    assert listed(world.asker) == listed(world.answerer) == [mine]
    (seen,) = listed(somebody_at(world.ward.institution, SEE))
    assert (seen.id, seen.person_name) == (mine.id, mask_name(mine.person_name)), "who may do nothing there"
    with pytest.raises(NotPermitted):
        listed(replace(world.asker, permissions=frozenset({ASK})))


# --- tabs ------------------------------------------------------------------------------------------------
def test_tabs_count_states_and_what_is_late_as_the_rows_say_it() -> None:
    world = a_world()
    for path in ((), (), ("accept",), ("accept", "arrive"), ("return",), ("decline",)):
        along(world, *path)
    opened(world, kind=DRAFTED.code)

    def tabs(actor: Actor, at: datetime) -> dict[str, tuple[int, int]]:
        return {tab.label: (tab.count, tab.late) for tab in handoffs.tab_counts(actor, at=at)}

    assert tabs(world.answerer, NOON) == {
        "全部未结": (5, 0),
        "待接收": (2, 0),
        "在院": (2, 0),
        "待补充": (1, 0),
        "待首次随访": (0, 0),
        "草稿": (0, 0),
        "今日完成": (1, 0),
    }
    late = NOON + timedelta(hours=2)
    for actor in (world.answerer, world.asker):
        rows, _total = handoffs.worklist(actor, asked(), at=late)
        is_late = [row.clock is not None and row.clock.pressure is Pressure.LATE for row in rows]
        assert tabs(actor, late)["全部未结"] == (len(rows), sum(is_late))
        assert tabs(actor, late)["待接收"] == (2, 2), "late for both, whosesoever turn it is"
    assert tabs(world.asker, NOON)["草稿"] == (1, 0)
    assert tabs(world.asker, NOON + timedelta(days=1))["今日完成"] == (0, 0)


def test_tabs_of_kinds_that_are_none_of_my_business_are_left_out() -> None:
    follower = somebody_at(an_institution(), FOLLOW, SEE)
    labels = [tab.label for tab in handoffs.tab_counts(follower, at=NOON)]
    assert labels == ["全部未结", "待接收", "在院", "待补充", "待首次随访", "今日完成"]


# --- my turn ---------------------------------------------------------------------------------------------
def test_the_red_count_is_what_waits_for_me() -> None:
    world = a_world()
    opened(world)
    along(world, "accept")
    along(world, "return")
    surgeon = somebody_at(world.hospital, ANSWER, SEE, room=a_department(world.hospital, name="外科"))
    cardiologist = somebody_at(world.hospital, ANSWER, SEE, room=world.ward)
    counts = {
        "the desk": handoffs.count_turns(world.answerer),
        "the ward named, and the desk": handoffs.count_turns(cardiologist),
        "another ward: the desk only": handoffs.count_turns(surgeon),
        "the asker": handoffs.count_turns(world.asker),
        "nobody who may not act": handoffs.count_turns(replace(world.answerer, permissions=frozenset({SEE}))),
        "a stranger": handoffs.count_turns(a_world().answerer),
    }
    assert list(counts.values()) == [2, 2, 1, 1, 0, 0], counts


def test_what_a_place_outside_does_is_the_askers_turn() -> None:
    world = a_world()
    opened(
        world, performer_institution_id=None, performer_department_id=None, performer_external="省人民医院"
    )
    assert handoffs.count_turns(world.asker) == 1


# --- oversight -------------------------------------------------------------------------------------------
def test_those_who_oversee_see_the_work_but_not_the_person() -> None:
    world = a_world()
    row = opened(world)
    office = replace(
        somebody_at(an_institution(), SEE), oversees=frozenset({world.clinic.pk, world.hospital.pk})
    )
    assert listed(office) == []
    (seen,) = listed(office, over="1")
    assert seen.id == row.id
    assert seen.person_name == mask_name(row.person_name)
    assert (seen.person_initials, seen.person_place) == ("", "")
    assert handoffs.tab_counts(office, over=True, at=NOON)[0].count == 1
    with pytest.raises(NotFound):
        handoffs.detail(office, row.id)
    assert listed(replace(office, oversees=frozenset({new_id()})), over="1") == []


# --- what it costs ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_costs_four_queries_however_long(rows: int) -> None:
    world = a_world()
    for _ in range(rows):
        opened(world)
    with CaptureQueriesContext(connection) as queries:
        shown, _ = handoffs.worklist(world.answerer, asked(), at=NOON)
        handoffs.tab_counts(world.answerer, at=NOON)
        choices(world.answerer)
    said = [q["sql"] for q in queries if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(shown) == rows
    assert len(said) == 4, said
