"""Loading finished handoffs: what the loader writes is what the engine would have left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from yiti.foundation.access import public as access
from yiti.foundation.access.tests.builders import working
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.tests.builders import BED, World, a_wish, a_world, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import FOLLOW

P, R, F, S = Side.PERFORMER, Side.REQUESTER, Side.FOLLOWER, Side.SYSTEM
_OWN = {"id", "number", "chain_id", "digest", "handoff_id"}


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def hand(actor: Actor) -> handoffs.Hand:
    return handoffs.Hand(
        actor.user_id,
        actor.name,
        actor.institution_id,
        actor.institution_name,
        actor.department_id,
        actor.staff_id,
    )


def load(
    database: Database, *loaded: handoffs.LoadedHandoff, as_role: Role = Role.LOADER
) -> Mapping[UUID, str]:
    with working(database, as_role), access.scoped(SYSTEM):
        return handoffs.load_handoffs(SYSTEM, loaded, make_id=new_id)


def a_life(world: World) -> Sequence[tuple[str, Side, Actor, dict[str, Any]]]:
    """Sent, accepted by mistake and again, admitted, reported to the follower, closed by him."""
    home = somebody_at(world.clinic, FOLLOW)
    return (
        ("add", R, world.asker, {"comment": "血压 160/98"}),
        ("accept", P, world.answerer, {**BED, "remark": "留 12 床"}),
        ("undo_accept", P, world.answerer, {}),
        ("return", P, world.answerer, {"comment": "请补心电图"}),
        ("supply", R, world.asker, {"comment": "已补"}),
        ("accept", P, world.answerer, {**BED, "due_at": NOON + timedelta(hours=9)}),
        ("assign", P, world.answerer, {"performer_department_id": world.ward.pk}),
        ("arrive", P, world.answerer, {}),
        ("report", P, world.answerer, {"follower_institution_id": home.institution_id}),
        ("close", F, home, {}),
    )


def told(world: World, steps: Any, **changes: Any) -> handoffs.LoadedHandoff:
    """The same life as a loader tells it: one step every ten minutes."""
    taken = [
        handoffs.LoadedStep(name, side, NOON + timedelta(minutes=10 * n), hand(actor), details)
        for n, (name, side, actor, details) in enumerate(steps, start=1)
    ]
    return handoffs.LoadedHandoff(a_wish(world, **changes), hand(world.asker), NOON, taken)


def test_a_loaded_life_is_a_lived_one(world: World, committed_db: Database) -> None:
    life = a_life(world)
    lived = opened(world)
    for n, (name, _side, actor, details) in enumerate(life, start=1):
        lived = moved(actor, lived, name, at=NOON + timedelta(minutes=10 * n), **details)
    loaded = told(world, life)
    load(committed_db, loaded)
    assert rows_of(world, loaded.wish.id) == rows_of(world, lived.id)
    with working(committed_db):
        assert handoffs.broken_histories(SYSTEM) == {}


def rows_of(world: World, handoff_id: UUID) -> list[dict[str, Any]]:
    """The handoff and its events, without what is each one's own."""
    with access.scoped(world.asker):
        handoff = [dict(row) for row in Handoff.objects.filter(id=handoff_id).values()]
        events = HandoffEvent.objects.filter(handoff_id=handoff_id).order_by("seq").values()
        rows = [*handoff, *(dict(row) for row in events)]
    return [{name: value for name, value in row.items() if name not in _OWN} for row in rows]


def test_numbers_follow_the_order_of_sending_and_go_on(world: World, committed_db: Database) -> None:
    expired: list[Any] = [("expire", S, SYSTEM, {})]
    first, second = told(world, expired), told(world, expired)
    late = replace(first, sent_at=NOON + timedelta(minutes=5))
    numbers = load(committed_db, late, second)
    assert numbers == {second.wish.id: "TE20261120-0001", first.wish.id: "TE20261120-0002"}
    assert opened(world).number == "TE20261120-0003"


def test_a_loaded_handoff_opens_no_record_and_rings_no_bell(world: World, committed_db: Database) -> None:
    load(committed_db, told(world, [("decline", P, world.answerer, {"reason_code": "01"})]))
    assert handoffs.count_unread(world.asker) == handoffs.count_unread(world.answerer) == 0


IMPOSSIBLE: dict[str, tuple[Any, type[Exception]]] = {
    "still open": (lambda w: [("accept", P, w.answerer, BED)], ValueError),
    "not in the table": (lambda w: [("arrive", P, w.answerer, {})], Conflict),
    "another side": (lambda w: [("withdraw", P, w.answerer, {})], NotPermitted),
    "without what it needs": (lambda w: [("decline", P, w.answerer, {})], InvalidInput),
    "a way back that takes nothing back": (lambda w: [("undo_accept", P, w.answerer, {})], Conflict),
}


@pytest.mark.parametrize(("steps", "refusal"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_history_that_could_not_have_been_is_not_loaded(
    world: World, committed_db: Database, steps: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        load(committed_db, told(world, steps(world)))
    assert handoffs.open_for_person(world.asker, world.person_id) == []


def test_a_history_that_runs_backwards_is_not_loaded(world: World, committed_db: Database) -> None:
    loaded = told(world, [("expire", S, SYSTEM, {})])
    with pytest.raises(ValueError, match="happened before"):
        load(committed_db, replace(loaded, sent_at=NOON + timedelta(days=1)))


def test_only_the_loader_loads(world: World, committed_db: Database) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security"):
        load(committed_db, told(world, [("expire", S, SYSTEM, {})]), as_role=Role.WORKER)
