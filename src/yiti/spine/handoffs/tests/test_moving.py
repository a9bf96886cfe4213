"""The engine by its effects: who may move a handoff, what a move leaves behind, what never happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.access import public as access
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleRevision,
)
from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.residents import public as residents
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.tests.builders import BED, World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, FOLLOW, SEE

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=10)


def may_open(actor: Actor, world: World) -> bool:
    """Whether the person's record is open to the actor's institution."""
    return world.person_id in residents.persons(replace(actor, permissions=frozenset()), [world.person_id])


def test_a_step_moves_and_leaves_an_event() -> None:
    world = a_world()
    row = moved(
        world.answerer, opened(world), "accept", at=LATER, comment="直接到病区", remark="留 12 床", **BED
    )
    assert (row.state, row.revision, row.state_since) == ("accepted", 2, LATER)
    with access.scoped(world.answerer):
        event = HandoffEvent.objects.get(handoff=row.id, seq=2)
    assert (event.step, event.from_state, event.to_state) == ("accept", "sent", "accepted")
    assert (event.side, event.user_name, event.institution_name) == (
        "performer",
        world.answerer.name,
        "县人民医院",
    )
    assert (event.comment, event.remark) == ("直接到病区", "留 12 床")
    told = OutboxEvent.objects.filter(kind="handoffs.HandoffMoved").order_by("id").last()
    assert told is not None
    assert (told.payload["step"], told.payload["seq"], told.payload["to_state"]) == ("accept", 2, "accepted")
    assert handoffs.count_unread(world.asker) == 1


def test_the_lock_comes_before_everything_that_is_written() -> None:
    world = a_world()
    row = opened(world)
    with CaptureQueriesContext(connection) as queries:
        moved(world.answerer, row, "accept", **BED)
    said = [query["sql"] for query in queries]
    lock = next(i for i, sql in enumerate(said) if sql.endswith("FOR UPDATE") and "handoffs_handoff" in sql)
    event = next(i for i, sql in enumerate(said) if sql.startswith('INSERT INTO "handoffs_handoffevent"'))
    update = next(i for i, sql in enumerate(said) if sql.startswith('UPDATE "handoffs_handoff"'))
    first_write = next(i for i, sql in enumerate(said) if sql.startswith(("INSERT", "UPDATE")))
    assert lock < first_write
    assert first_write == event < update


# --- who may not -----------------------------------------------------------------------------------------
def a_stranger(_: World) -> Actor:
    return somebody_at(a_world().hospital, ASK, ANSWER, FOLLOW)


REFUSED: dict[str, tuple[Any, str, dict[str, Any], type[DomainError], str]] = {
    "a stranger": (a_stranger, "accept", BED, NotFound, "没有找到"),
    "the wrong side": (lambda w: w.asker, "accept", BED, NotPermitted, "没有找到"),
    "without the permission": (
        lambda w: replace(w.answerer, permissions=frozenset({SEE})),
        "accept",
        BED,
        NotPermitted,
        "没有找到",
    ),
    "too early": (lambda w: w.answerer, "arrive", {}, Conflict, "现在是「待接收」"),
    "without the bed": (lambda w: w.answerer, "accept", {}, InvalidInput, "还差一项"),
    "a comment too long": (
        lambda w: w.answerer,
        "accept",
        {**BED, "comment": "长" * 501},
        InvalidInput,
        "最多 500 个字",
    ),
    "the clock's own step": (lambda w: w.answerer, "expire", {}, NotPermitted, "没有找到"),
}


@pytest.mark.parametrize(("who", "step", "details", "kind", "says"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_changes_nothing(
    who: Any, step: str, details: dict[str, Any], kind: type[DomainError], says: str
) -> None:
    world = a_world()
    row = opened(world)
    before = Handoff.objects.filter(id=row.id).values().get()
    with pytest.raises(kind, match=says) as refusal:
        moved(who(world), row, step, **details)
    assert type(refusal.value) is kind
    with access.scoped(world.asker):
        assert Handoff.objects.filter(id=row.id).values().get() == before
        assert HandoffEvent.objects.filter(handoff=row.id).count() == 1


def test_a_missing_handoff_and_a_strangers_answer_alike() -> None:
    world = a_world()
    mine, row = a_stranger(world), opened(world)
    with pytest.raises(NotFound) as foreign:
        moved(mine, row, "accept", **BED)
    with pytest.raises(NotFound) as missing:
        moved(mine, replace(row, id=new_id()), "accept", **BED)
    assert foreign.value.args == missing.value.args


# --- never twice -----------------------------------------------------------------------------------------
def test_a_double_click_answers_as_the_first_time() -> None:
    world = a_world()
    row = opened(world)
    with access.scoped(world.answerer):
        once, twice = (
            handoffs.advance(world.answerer, row.id, "accept", at=NOON, revision=1, details=BED)
            for _ in range(2)
        )
    assert (once.repeated, twice.repeated) == (False, True)
    assert twice.handoff == once.handoff
    assert handoffs.count_unread(world.asker) == 1


def test_a_double_click_is_known_although_the_work_has_gone_on() -> None:
    world = a_world()
    row = opened(world)
    accepted = moved(world.answerer, row, "accept", **BED)
    arrived = moved(world.answerer, accepted, "arrive")
    assert moved(world.answerer, row, "accept", **BED).revision == arrived.revision


def test_a_redirect_clicked_twice_is_not_told_as_missing() -> None:
    world, elsewhere = a_world(), an_institution(Kind.COUNTY_TCM)
    row = opened(world)
    once = moved(world.answerer, row, "redirect", performer_institution_id=elsewhere.pk)
    assert moved(world.answerer, row, "redirect", performer_institution_id=elsewhere.pk) == once


STALE: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "somebody else wants the same": (lambda w: somebody_at(w.hospital, ANSWER), "accept", BED),
    "the same person wants another bed": (lambda w: w.answerer, "accept", {"bed_id": "14"}),
    "the other side wants it back": (lambda w: w.asker, "withdraw", {}),
}


@pytest.mark.parametrize(("who", "step", "details"), STALE.values(), ids=STALE)
def test_a_stale_page_is_told_who_did_what(who: Any, step: str, details: dict[str, Any]) -> None:
    world = a_world()
    row = opened(world)
    moved(world.answerer, row, "accept", **BED)
    with pytest.raises(StaleRevision, match=f"{world.answerer.name}（县人民医院）刚办了「接收」"):
        moved(who(world), row, step, **details)
    assert Handoff.objects.get(id=row.id).revision == 2


def test_without_a_revision_the_present_state_decides() -> None:
    world = a_world()
    row = along(world, "accept")
    with pytest.raises(Conflict, match="现在是「已接诊」"), access.scoped(world.answerer):
        handoffs.advance(world.answerer, row.id, "accept", at=NOON, details=BED)


# --- closing, ways back ----------------------------------------------------------------------------------
def test_a_final_state_stops_the_clock_and_closes_the_record() -> None:
    world = a_world()
    row = along(world, "decline", at=LATER)
    stored = Handoff.objects.get(id=row.id)
    assert (stored.closed_at, stored.waits_for, stored.wake_at, stored.due_at) == (LATER, "", None, None)
    assert not may_open(world.answerer, world)


def test_a_way_back_reopens_and_the_wait_goes_on() -> None:
    world = a_world()
    first = opened(world)
    declined = moved(world.answerer, first, "decline", at=LATER, reason_code="01")
    back = moved(world.answerer, declined, "undo_decline", at=LATER)
    assert (back.state, back.closed_at, back.state_since, back.due_at) == ("sent", None, NOON, first.due_at)
    assert may_open(world.answerer, world)
    event = HandoffEvent.objects.get(handoff=back.id, seq=3)
    assert (event.step, event.undoes) == ("undo_decline", 2)


def test_coming_to_a_state_again_by_a_new_step_starts_a_new_wait() -> None:
    world = a_world()
    first = opened(world)
    returned = moved(world.answerer, first, "return", at=LATER, comment="请补心电图")
    again = moved(world.asker, returned, "supply", at=LATER + timedelta(minutes=1), comment="已补")
    assert again.state_since == LATER + timedelta(minutes=1)
    assert again.due_at is not None
    assert first.due_at is not None
    assert again.due_at > first.due_at


def test_a_step_that_stays_leaves_the_clock_alone() -> None:
    world = a_world()
    first = opened(world)
    added = moved(world.asker, first, "add", at=LATER, comment="血压 160/98")
    assert (added.revision, added.state_since, added.due_at) == (2, NOON, first.due_at)


# --- an agreed end of a wait -----------------------------------------------------------------------------
def test_what_the_sides_have_agreed_takes_the_place_of_the_rule() -> None:
    world = a_world()
    expected = LATER + timedelta(minutes=100)
    row = moved(world.answerer, opened(world), "return", at=LATER, comment="等化验", due_at=expected)
    stored = Handoff.objects.get(id=row.id)
    assert (row.due_at, stored.wake_at) == (expected, stored.soon_at)
    assert stored.soon_at is not None
    assert stored.escalate_at is not None
    assert LATER < stored.soon_at < expected < stored.escalate_at


def test_a_wait_without_a_rule_may_be_agreed_too() -> None:
    world = a_world()
    expected = NOON + timedelta(hours=1)
    row = moved(world.answerer, opened(world), "accept", due_at=expected, **BED)
    assert row.due_at == expected
    assert along(world, "accept").due_at is None


def test_nobody_agrees_on_what_is_past() -> None:
    world = a_world()
    row = opened(world)
    with pytest.raises(InvalidInput) as refusal:
        moved(world.answerer, row, "accept", at=LATER, due_at=LATER, **BED)
    assert refusal.value.field == "due_at"
    assert Handoff.objects.get(id=row.id).revision == 1
