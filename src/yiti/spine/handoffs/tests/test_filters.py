"""Filters, orders and pages of the work list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from yiti.kernel.actor import Actor
from yiti.registry.facilities.tests.builders import NOON, a_department
from yiti.registry.residents.tests.builders import a_person, a_profile
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.selectors import choices, count_news
from yiti.spine.handoffs.tests.builders import World, a_world, along, asked, listed, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, SEE

pytestmark = pytest.mark.django_db


def some_work() -> tuple[World, dict[str, handoffs.HandoffRow]]:
    """A hospital with work of several sorts, by name."""
    world = a_world()
    other = a_world()
    second = somebody_at(other.clinic, ASK, SEE, "residents.read", "residents.write")
    fang = a_person(second, a_profile("房买尾一"))
    children = a_department(world.hospital, name="儿科")
    rows = {
        "urgent": opened(world),
        "routine": opened(world, urgency=handoffs.Urgency.ROUTINE, at=NOON - timedelta(days=1)),
        "in care": along(world, "accept", "arrive", at=NOON - timedelta(minutes=5)),
        "done": along(world, "decline"),
        "from elsewhere": opened(world, by=second, person_id=fang, performer_department_id=children.pk),
    }
    return world, rows


FILTERS: dict[str, tuple[Callable[[World, dict[str, handoffs.HandoffRow]], dict[str, str]], set[str]]] = {
    "all that is open": (lambda _w, _r: {}, {"urgent", "routine", "in care", "from elsewhere"}),
    "one tab": (lambda _w, _r: {"tab": "answer"}, {"urgent", "routine", "from elsewhere"}),
    "a tab there is not": (lambda _w, _r: {"tab": "none"}, set()),
    "done today": (lambda _w, _r: {"tab": "done"}, {"done"}),
    "urgent": (lambda _w, _r: {"urgent": "1"}, {"urgent", "in care", "from elsewhere"}),
    "opened today": (lambda _w, _r: {"today": "1"}, {"urgent", "in care", "from elsewhere"}),
    "one asker": (
        lambda _w, r: {"institution": str(r["from elsewhere"].requester_institution_id)},
        {"from elsewhere"},
    ),
    "one ward": (lambda w, _r: {"department": str(w.ward.pk)}, {"urgent", "routine", "in care"}),
    "no id at all": (lambda _w, _r: {"department": "1' OR 1=1"}, set()),
    "a name": (lambda _w, _r: {"q": "买尾"}, {"from elsewhere"}),
    "first letters": (lambda _w, _r: {"q": "FMW"}, {"from elsewhere"}),
    "the end of a number": (lambda _w, r: {"q": r["urgent"].number[-13:]}, {"urgent"}),
    "nobody of that name": (lambda _w, _r: {"q": "%"}, set()),
}


@pytest.mark.parametrize(("wanted", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(
    wanted: Callable[[World, dict[str, handoffs.HandoffRow]], dict[str, str]], expected: set[str]
) -> None:
    world, rows = some_work()
    names = {row.id: name for name, row in rows.items()}
    assert {names[row.id] for row in listed(world.answerer, **wanted(world, rows))} == expected


def test_what_is_late_stands_on_top_and_what_has_no_limit_below() -> None:
    world, rows = some_work()
    shown = [row.id for row in listed(world.answerer)]
    assert shown[-1] == rows["in care"].id
    due = [row.due_at for row in listed(world.answerer) if row.due_at]
    assert due == sorted(due)
    assert [row.id for row in listed(world.answerer, sort="-due")] == shown[::-1]


@pytest.mark.parametrize("sort", [each.value for each in handoffs.WorkSort])
def test_every_order_is_complete_and_reversible(sort: str) -> None:
    world, rows = some_work()
    forward = [row.id for row in listed(world.answerer, sort=sort)]
    assert len(forward) == len(rows) - 1
    assert [row.id for row in listed(world.answerer, sort=f"-{sort}")] == forward[::-1]


def test_pages_hold_every_row_once() -> None:
    world = a_world()
    ids = {opened(world).id for _ in range(23)}
    pages = [listed(world.answerer, page=page, size=10) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 3]
    assert {row.id for page in pages for row in page} == ids
    assert listed(world.answerer, page=99, size=10) == pages[2]


def test_a_row_says_whose_turn_it_is_and_whether_it_is_mine() -> None:
    world = a_world()
    handoffs.take(actor=world.answerer, handoff_id=opened(world).id, revision=1, at=NOON)
    colleague = somebody_at(world.hospital, ANSWER, SEE)

    def marks(actor: Actor) -> tuple[bool, bool]:
        (row,), _ = handoffs.worklist(actor, asked(), at=NOON)
        return row.is_my_turn, row.is_mine

    assert marks(world.answerer) == (True, True)
    assert marks(colleague) == (True, False)
    assert marks(world.asker) == (False, True)


def test_choices_are_those_that_find_something() -> None:
    world, _ = some_work()
    offered = choices(world.answerer)
    assert [name for _, name in offered.departments] == ["儿科", "心血管内科"]
    assert {level for _, _, level in offered.institutions} == {"village"}
    assert len(offered.institutions) == 2
    for department_id, _ in offered.departments:
        assert listed(world.answerer, department=str(department_id))


def test_news_are_what_came_after_the_list_was_drawn() -> None:
    world = a_world()
    opened(world)
    drawn = NOON + timedelta(minutes=1)
    assert count_news(world.answerer, asked(), since=drawn, at=drawn) == 0
    opened(world, at=drawn + timedelta(minutes=1))
    assert count_news(world.answerer, asked(), since=drawn, at=drawn) == 1
    assert count_news(world.answerer, asked(tab="supply"), since=drawn, at=drawn) == 0
