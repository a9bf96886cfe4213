"""Nobody at work meets a limit; a script does, is told when to go on, and others notice nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.routes import routes
from tests.world import NEXT_VILLAGE_DOCTOR, VILLAGE_DOCTOR, World
from yiti.config import limits as table
from yiti.foundation.web import limits
from yiti.foundation.web.public import ALL, Limit
from yiti.kernel.clock import now

# One person's busiest minute, each figure from the scripts of the pages.
TYPING = 60 * 1000 // 200  # searches: 200 ms after the last key (people.html, picker.js)
DRAFTS = 60 * 1000 // 800  # a draft is kept 800 ms after the last key (drafts.js)
POLLS = 2 * 3 * 8  # bell and news every 20 s in eight open tabs
STEPS = 30  # a step every other second, each asked for first (line.js)
PAGES = 20 * 8  # a page every 3 s, each with its panels

BUSIEST_MINUTE = {
    "all": TYPING + POLLS + 2 * STEPS + PAGES,
    "write": DRAFTS + STEPS,
    "search": TYPING,
    "search-hours": TYPING,
    "records": 10,
    "numbers": 2,
    "closed-records": 4,
    "export": 3,
    "import": 6,
    "paper": 12,
}
SPAN = 10**9  # seconds: none of these tests stands at the end of one
BUSIEST_HOUR = {"search-hours": 60 * 20, "records": 60, "numbers": 60, "closed-records": 60}


def met(row: Limit) -> bool:
    """Whether somebody in their busiest time would meet a limit."""
    times = max(1, row.seconds // 60)
    busiest = BUSIEST_HOUR.get(row.name) if row.seconds == 3600 else BUSIEST_MINUTE[row.name] * times
    assert busiest is not None
    return busiest > row.amount


def test_nobody_at_work_meets_a_limit() -> None:
    assert {row.name for row in table.LIMITS} == set(BUSIEST_MINUTE)
    assert [row.name for row in table.LIMITS if met(row)] == []
    assert met(replace(table.LIMITS[0], amount=500))


def test_the_table_names_routes_that_are_there_and_every_expensive_one() -> None:
    named = {route for row in table.LIMITS if row.routes is not ALL for route in row.routes}
    assert named <= set(routes())
    assert set(table.PATIENCE) <= set(routes())
    expensive = {
        name for name in routes() if any(word in name for word in ("export", "search", "import", "print"))
    }
    assert expensive - named == set()


def search(browser: Client, **headers: str) -> Any:
    """A search as one types."""
    return browser.get(reverse("find"), {"q": "tang"}, headers={"X-Yiti-Picker": "1", **headers})


def found(browser: Client, times: int) -> list[int]:
    """The answers to so many searches."""
    return [search(browser).status_code for _ in range(times)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, counting: None) -> None:
    """A table with a small limit on searches, so that meeting it takes a moment."""
    few = [replace(row, amount=3, seconds=SPAN) if row.name == "search" else row for row in table.LIMITS]
    monkeypatch.setattr(limits, "_limits", few)


def test_one_search_too_many_is_told_to_wait_and_others_notice_nothing(few: None, world: World) -> None:
    script = world.client(VILLAGE_DOCTOR)
    assert found(script, 3) == [200, 200, 200]
    refused = search(script)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= SPAN
    assert f"请等 {refused.headers['Retry-After']} 秒再继续" in refused.content.decode()
    assert world.last_look(VILLAGE_DOCTOR)[:2] == ("read:find", "refused")
    assert script.get(reverse("home")).status_code == 302
    assert found(world.client(NEXT_VILLAGE_DOCTOR), 3) == [200, 200, 200]


def test_a_flood_leaves_one_row_in_the_trail(few: None, world: World) -> None:
    script = world.client(VILLAGE_DOCTOR)
    sql = "SELECT count(*) FROM audit_auditentry WHERE action = 'read:find' AND outcome = 'refused'"
    before = (world.eye.execute(sql).fetchone() or (0,))[0]
    assert found(script, 40).count(429) == 37
    assert (world.eye.execute(sql).fetchone() or (0,))[0] == before + 1


def test_a_refused_request_has_done_nothing(
    monkeypatch: pytest.MonkeyPatch, counting: None, world: World
) -> None:
    monkeypatch.setattr(limits, "_limits", [Limit("write", 2, SPAN, ALL, "", only_writes=True)])
    browser, asked = world.client(VILLAGE_DOCTOR), {"large": "1"}
    assert [browser.post(reverse("text_size"), asked).status_code for _ in range(2)] == [302, 302]
    before = world.state()
    for _ in range(200):
        assert browser.post(reverse("text_size"), asked).status_code == 429
    assert world.state() == before
    assert browser.get(reverse("facilities:list")).status_code == 200


def test_the_next_span_begins_from_nought(counting: None, world: World) -> None:
    account, at = world.users[VILLAGE_DOCTOR].id, now()
    limit = next(row for row in table.LIMITS if row.name == "search")
    waits = [limits.spend(account, "find", at, writes=False) for _ in range(limit.amount + 2)]
    assert waits[: limit.amount] == [None] * limit.amount
    first, second = waits[limit.amount :]
    assert first is not None
    assert second is not None
    assert (first.is_first, second.is_first) == (True, False)
    later = at + timedelta(seconds=first.seconds)
    assert limits.spend(account, "find", later, writes=False) is None


def test_what_is_shown_to_htmx_is_a_refusal_it_can_place(few: None, world: World) -> None:
    script = world.client(VILLAGE_DOCTOR)
    found(script, 3)
    part = search(script, **{"HX-Request": "true"})
    assert part.status_code == 429
    assert b"data-refusal" in part.content
    assert b"<html" not in part.content
