"""Work in the hands of somebody who is away, or gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yiti.foundation.access.tests.builders import working
from yiti.kernel.actor import SYSTEM
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.staff.models import Posting
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import ANSWER, SEE, World, a_world, listed, opened, somebody_at

LATER = NOON + timedelta(days=1)


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def taken(world: World) -> handoffs.HandoffRow:
    """A handoff that somebody at the hospital has taken as their own."""
    row = opened(world)
    return handoffs.take(actor=world.answerer, handoff_id=row.id, revision=row.revision, at=NOON).handoff


def leave(world: World) -> None:
    Posting.objects.filter(staff_id=world.answerer.staff_id).update(valid_until=date(2026, 11, 20))


def hand_on(committed_db: Database) -> int:
    with working(committed_db):
        done = handoffs.hand_on_of_leavers(LATER)
        assert handoffs.broken_histories(SYSTEM) == {}
        assert handoffs.misplaced(SYSTEM) == {}
    return done


def test_whoever_works_there_keeps_the_work(world: World, committed_db: Database) -> None:
    row = taken(world)
    assert hand_on(committed_db) == 0
    assert handoffs.detail(world.answerer, row.id).performer_staff_id == world.answerer.staff_id


def test_work_of_a_leaver_goes_back_to_the_desk_and_the_desk_hears(
    world: World, committed_db: Database
) -> None:
    row = taken(world)
    colleague = somebody_at(world.hospital, ANSWER, SEE, room=world.ward)
    handoffs.read_bell(actor=colleague, at=NOON)
    leave(world)
    assert hand_on(committed_db) == 1
    after = handoffs.detail(colleague, row.id)
    assert (after.performer_staff_id, after.state, after.due_at) == (None, row.state, row.due_at)
    assert handoffs.history(colleague, row.id)[0].title == "经办人已离岗，工作已移交"
    assert handoffs.count_unread(colleague) == 1
    assert hand_on(committed_db) == 0


def test_work_of_a_leaver_goes_to_the_heir(world: World, committed_db: Database) -> None:
    row = taken(world)
    heir = somebody_at(world.hospital, ANSWER, SEE)
    leave(world)
    Posting.objects.filter(staff_id=world.answerer.staff_id).update(successor_id=heir.staff_id)
    assert hand_on(committed_db) == 1
    assert handoffs.detail(heir, row.id).performer_staff_id == heir.staff_id
    assert [each.id for each in listed(heir, desk="mine")] == [row.id]


def test_a_stand_in_has_the_work_and_the_bell_of_who_is_away(world: World) -> None:
    row = taken(world)
    stand_in = somebody_at(world.hospital, ANSWER, SEE)
    assert listed(stand_in, desk="mine") == []
    away = world.answerer.staff_id
    assert away is not None
    stand_in = replace(stand_in, stands_in_for=frozenset({away}))
    assert [each.id for each in listed(stand_in, desk="mine")] == [row.id]
    bystander = somebody_at(world.hospital, ANSWER, SEE)
    before = handoffs.count_unread(stand_in), handoffs.count_unread(bystander)
    handoffs.add_message(actor=world.asker, handoff_id=row.id, text="病人已出发", at=LATER)
    after = handoffs.count_unread(stand_in), handoffs.count_unread(bystander)
    assert after == (before[0] + 1, before[1])
