"""Many hands on one handoff at once, on a database that really commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from yiti.foundation.access import public as access
from yiti.foundation.access.tests.builders import working
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.errors import Conflict, DomainError, StaleRevision
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import BED, World, a_wish, a_world, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER

HANDS = 16
ROUNDS = 5


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def at_once(doing: list[Callable[[], str]]) -> Counter[str]:
    """Run all of them at the same moment; how often each answer came."""
    start = Barrier(len(doing))

    def run(one: Callable[[], str]) -> str:
        start.wait()
        try:
            return one()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doing)) as threads:
        return Counter(threads.map(run, doing))


def taking(actor: Actor, row: handoffs.HandoffRow, step: str, *, seen: bool = True) -> Callable[[], str]:
    """Somebody takes a step of what they saw; the answer is the state, or that it was a repeat."""

    def run() -> str:
        with access.scoped(actor):
            revision = row.revision if seen else None
            done = handoffs.advance(actor, row.id, step, at=NOON, revision=revision, details=BED)
        return "repeated" if done.repeated else done.handoff.state

    return run


def whole(database: Database) -> bool:
    """Whether every history is a path of its table."""
    with working(database):
        return handoffs.broken_histories(SYSTEM) == {}


def test_of_sixteen_hands_exactly_one_accepts(world: World, committed_db: Database) -> None:
    colleagues = [somebody_at(world.hospital, ANSWER) for _ in range(HANDS)]
    for _ in range(ROUNDS):
        row = opened(world)
        answers = at_once([taking(actor, row, "accept") for actor in colleagues])
        assert answers == {"accepted": 1, StaleRevision.code: HANDS - 1}
        assert handoffs.detail(world.answerer, row.id).revision == 2
    assert whole(committed_db)


def test_of_sixteen_hands_without_a_revision_exactly_one_accepts(
    world: World, committed_db: Database
) -> None:
    row = opened(world)
    answers = at_once([taking(world.answerer, row, "accept", seen=False) for _ in range(HANDS)])
    assert answers == {"accepted": 1, Conflict.code: HANDS - 1}
    assert whole(committed_db)


def test_sixteen_clicks_of_one_person_count_once(world: World, committed_db: Database) -> None:
    row = opened(world)
    assert at_once([taking(world.answerer, row, "accept") for _ in range(HANDS)]) == {
        "accepted": 1,
        "repeated": HANDS - 1,
    }
    assert whole(committed_db)


def test_accepting_and_withdrawing_at_once_never_both(world: World, committed_db: Database) -> None:
    for _ in range(ROUNDS):
        row = opened(world)
        hands = [taking(world.answerer, row, "accept"), taking(world.asker, row, "withdraw")]
        answers = at_once(hands * 4)
        final = handoffs.detail(world.asker, row.id)
        winner = {"accepted": world.answerer, "withdrawn": world.asker}[final.state]
        assert answers == {final.state: 1, "repeated": 3, StaleRevision.code: 4}, winner.name
    assert whole(committed_db)


def test_one_form_sent_sixteen_times_opens_one_handoff(world: World, committed_db: Database) -> None:
    wish = a_wish(world)

    def send() -> str:
        with access.scoped(world.asker):
            done = handoffs.open_handoff(world.asker, wish, at=NOON)
        return "repeated" if done.repeated else done.handoff.number

    answers = at_once([send] * HANDS)
    assert answers["repeated"] == HANDS - 1
    assert len(answers) == 2
    assert whole(committed_db)


def test_numbers_given_at_once_all_differ(world: World, committed_db: Database) -> None:
    def send() -> str:
        return opened(world).number

    answers = at_once([send] * HANDS)
    assert sorted(answers) == [f"TE20261120-{n:04d}" for n in range(1, HANDS + 1)]
