"""A page asks the database as often for many rows as for few (conventions.md 11): every page of the house.

The pages are those of the route table: a new one is measured without being named here. What one read costs
exactly stands in the tests of its room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world as cast
from tests.growth import Growth
from tests.routes import ROWS, Row
from tests.routes.table import GET
from tests.world import World

FEW, MORE = 2, 3
FORMS = (  # forms that show or offer rows; the others ask for words
    "episodes:medications",
    "episodes:split",
    "facilities:update_beds",
    "referrals:accept",
    "referrals:new",
    "referrals:receive",
    "referrals:redirect",
    "residents:edit",
)
PARTS = {"facilities:preview", "handoffs:preview", "referrals:preview", "residents:search"}
AS_PART = {"HX-Request": "true", "X-Yiti-Picker": "1"}
OTHER_DESKS = {  # lists that each desk sees otherwise
    "facilities:beds": (cast.TOWNSHIP_DOCTOR,),
    "handoffs:work": (cast.REFERRAL_NURSE, cast.TOWNSHIP_DOCTOR),
    "handoffs:bell": (cast.REFERRAL_NURSE, cast.TOWNSHIP_DOCTOR),
}
ASKED = {  # lists that show what they are asked for
    "administration:trail": "?q=facilities.load",
    "facilities:list": "?q=第",
    "facilities:search": "?q=第",
    "residents:people": "?q=沈",
    "residents:search": "?q=沈",
    "staff:list": "?q=成文秀",
    "terminology:table": "?q=I20.0",  # the code tables do not grow: one row there, a page full without
}
GROWN = (  # pages that have to be longer afterwards, or this test has looked at nothing
    "administration:trail ?q=facilities.load",
    "episodes:side_medications",
    "episodes:thread",
    "episodes:visit",
    "episodes:vitals",
    f"facilities:beds {cast.TOWNSHIP_DOCTOR}",
    "facilities:detail",
    "facilities:list ?q=第",
    "facilities:preview",
    "facilities:search ?q=第",
    f"handoffs:bell {cast.REFERRAL_NURSE}",
    "handoffs:export",
    "handoffs:shift",
    "handoffs:work",
    f"handoffs:work {cast.REFERRAL_NURSE}",
    f"handoffs:work {cast.TOWNSHIP_DOCTOR}",
    "referrals:board",
    "referrals:detail",
    "referrals:export_rows",
    "referrals:rows",
    "residents:duplicates",
    "residents:export_duplicates",
    "residents:facts",
    "residents:glass_news",
    "residents:glasses",
    "residents:looks",
    "residents:people ?q=沈",
    "residents:record",
    "staff:list ?q=成文秀",
)


@dataclass(frozen=True)
class Cost:
    """What a page cost: how often it read, and how long it was."""

    queries: int
    length: int


def pages(world: World) -> dict[str, tuple[Row, str | None, str]]:
    """Every page that shows rows, by its name: its route, who opens it, and its address."""
    found: dict[str, tuple[Row, str | None, str]] = {}
    for row in ROWS:
        if row.methods != GET and row.name not in FORMS:
            continue
        address = row.address(world)
        found[row.name] = (row, row.right, address)
        for code in OTHER_DESKS.get(row.name, ()):
            found[f"{row.name} {code}"] = (row, code, address)
        if asked := ASKED.get(row.name):
            found[f"{row.name} {asked}"] = (row, row.right, f"{address}{asked}")
    return found


def costs(world: World, names: Iterable[str]) -> dict[str, Cost]:
    """What these pages cost now."""
    found, there = {}, pages(world)
    for name in names:
        row, who, address = there[name]
        browser = world.client(who)
        headers = AS_PART if row.name in PARTS else {}
        with CaptureQueriesContext(connection) as said:
            answer = browser.get(address, headers=headers)
        assert answer.status_code < 400, name
        reads = [query["sql"] for query in said if query["sql"].startswith(("SELECT", "WITH"))]
        found[name] = Cost(len(reads), len(answer.content))
    return found


def dearer(few: Mapping[str, Cost], many: Mapping[str, Cost]) -> dict[str, tuple[int, int]]:
    """Pages that ask more often than they did."""
    return {
        name: (cost.queries, many[name].queries)
        for name, cost in few.items()
        if many[name].queries > cost.queries
    }


def test_a_page_that_asks_once_a_row_is_seen() -> None:
    few = {"list": Cost(9, 100), "record": Cost(12, 100)}
    assert dearer(few, {"list": Cost(15, 900), "record": Cost(11, 900)}) == {"list": (9, 15)}


@pytest.fixture(scope="module")
def measured(world: World) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """What every page costs with a few more rows of everything, and with many more."""
    growth, names = Growth(world), list(pages(world))
    growth.grow(FEW)
    costs(world, names)
    few = costs(world, names)
    growth.grow(MORE)
    many = costs(world, names)
    return few, many | costs(world, dearer(few, many))  # what is read once and kept was read the first time


def test_no_page_asks_more_often_for_more_rows(measured: tuple[dict[str, Cost], dict[str, Cost]]) -> None:
    few, many = measured
    assert dearer(few, many) == {}


def test_the_lists_did_grow(measured: tuple[dict[str, Cost], dict[str, Cost]]) -> None:
    few, many = measured
    assert [name for name in GROWN if many[name].length <= few[name].length] == []


def test_a_code_table_costs_as_much_as_one_code(measured: tuple[dict[str, Cost], dict[str, Cost]]) -> None:
    _few, many = measured
    one, full = many["terminology:table ?q=I20.0"], many["terminology:table"]
    assert (full.queries, full.length > one.length) == (one.queries, True)
