"""What becomes of open handoffs when people die or records turn out to be one person's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yiti.foundation.access.tests.builders import working
from yiti.kernel.actor import SYSTEM
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.tests.builders import a_person
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import handlers
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import World, a_world, along, moved, opened
from yiti.spine.handoffs.tests.toys import DRAFTED

LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def test_a_death_closes_what_is_open_the_way_its_kind_says(world: World, committed_db: Database) -> None:
    errand, declined = opened(world), along(world, "decline")
    drafted = moved(world.asker, opened(world, kind=DRAFTED.code), "send")
    event = residents.PersonDied(person_id=world.person_id, deceased_at=NOON, recorded_at=LATER)
    with working(committed_db):
        for _ in range(2):
            handlers.on_person_died(event)
        assert handoffs.broken_histories(SYSTEM) == {}
    after = [handoffs.detail(world.asker, row.id) for row in (errand, declined, drafted)]
    assert [(row.state, row.revision) for row in after] == [("died", 2), ("declined", 2), ("sent", 3)]
    assert handoffs.history(world.asker, drafted.id)[0].title == "患者已故"
    assert handoffs.available(world.asker, errand.id) == []


def test_a_merge_is_told_to_both_records_handoffs_and_read_as_one(
    world: World, committed_db: Database
) -> None:
    twin = a_person(world.asker)
    one, two = opened(world), opened(world, person_id=twin)
    merge_id = residents.merge_persons(
        actor=world.asker, absorbed_id=twin, kept_id=world.person_id, reason="同一个人登记了两次", at=LATER
    )
    merged = residents.PersonMerged(
        merge_id=merge_id, absorbed_id=twin, kept_id=world.person_id, merged_at=LATER
    )
    parted = residents.PersonUnmerged(
        merge_id=merge_id, absorbed_id=twin, kept_id=world.person_id, unmerged_at=LATER
    )
    with working(committed_db):
        for _ in range(2):
            handlers.on_person_merged(merged)
    assert {row.id for row in handoffs.open_for_person(world.asker, twin)} == {one.id, two.id}
    with working(committed_db):
        for _ in range(2):
            handlers.on_person_unmerged(parted)
        assert handoffs.broken_histories(SYSTEM) == {}
    for row in (one, two):
        shown = [line.title for line in handoffs.history(world.answerer, row.id)]
        assert shown == ["档案合并已撤回", "居民档案已合并", "送出"]


def test_events_about_people_without_open_handoffs_do_nothing(world: World, committed_db: Database) -> None:
    person_id = a_person(world.asker)
    with working(committed_db):
        handlers.on_person_died(
            residents.PersonDied(person_id=person_id, deceased_at=NOON, recorded_at=LATER)
        )
        handlers.on_person_merged(
            residents.PersonMerged(
                merge_id=new_id(), absorbed_id=person_id, kept_id=world.person_id, merged_at=NOON
            )
        )
    assert handoffs.open_for_person(world.asker, person_id) == []
