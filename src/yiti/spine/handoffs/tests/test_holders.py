"""Who holds a handoff and who sees it, as it is taken, handed on, drafted and sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from yiti.foundation.access import public as access
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.errors import (
    InvalidInput,
    NotFound,
)
from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.tests.builders import NOON, a_department, an_institution
from yiti.registry.residents import public as residents
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.tests.builders import BED, World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, DRAFTED, FOLLOW

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=10)


def may_open(actor: Actor, world: World) -> bool:
    """Whether the person's record is open to the actor's institution."""
    return world.person_id in residents.persons(replace(actor, permissions=frozenset()), [world.person_id])


# --- holders ---------------------------------------------------------------------------------------------
def test_work_is_taken_and_handed_to_a_ward() -> None:
    world = a_world()
    surgery = a_department(world.hospital, name="外科")
    taken = handoffs.take(actor=world.answerer, handoff_id=opened(world).id, revision=1, at=NOON)
    assert taken.handoff.performer_staff_id == world.answerer.staff_id
    accepted = moved(world.answerer, taken.handoff, "accept", **BED)
    assigned = moved(world.answerer, accepted, "assign", performer_department_id=surgery.pk)
    assert (assigned.department_name, assigned.state) == ("外科", "accepted")


def test_work_sent_elsewhere_starts_there_without_ward_or_person() -> None:
    world = a_world()
    elsewhere = an_institution(Kind.COUNTY_TCM, name="县中医医院")
    taken = handoffs.take(actor=world.answerer, handoff_id=opened(world).id, revision=1, at=NOON).handoff
    gone = moved(world.answerer, taken, "redirect", performer_institution_id=elsewhere.pk)
    assert (gone.performer_name, gone.department_name) == ("县中医医院", "")
    assert (gone.performer_staff_id, gone.performer_department_id) == (None, None)
    there = somebody_at(elsewhere, ANSWER)
    assert (may_open(there, world), may_open(world.answerer, world)) == (True, False)
    assert moved(there, gone, "accept", **BED).state == "accepted"


def test_who_had_it_before_may_see_it_but_not_move_it() -> None:
    world = a_world()
    elsewhere = an_institution(Kind.COUNTY_TCM)
    gone = moved(world.answerer, opened(world), "redirect", performer_institution_id=elsewhere.pk)
    assert handoffs.detail(world.answerer, gone.id).state == "sent"
    assert handoffs.available(world.answerer, gone.id) == []
    with pytest.raises(NotFound):
        moved(world.answerer, gone, "accept", **BED)


def test_it_is_never_the_turn_of_a_follower_nobody_has_named() -> None:
    world = a_world()
    in_care = along(world, "accept", "arrive")
    with pytest.raises(InvalidInput) as refusal:
        moved(world.answerer, in_care, "report")
    assert refusal.value.field == "follower_institution_id"
    assert Handoff.objects.get(id=in_care.id).state == "in_care"
    home = an_institution(Kind.VILLAGE_CLINIC)
    reported = moved(world.answerer, in_care, "report", follower_institution_id=home.pk)
    assert moved(somebody_at(home, FOLLOW), reported, "close").state == "closed"


def test_the_asker_enters_what_a_place_outside_did() -> None:
    world = a_world()
    outside = opened(
        world,
        performer_institution_id=None,
        performer_department_id=None,
        performer_external="省人民医院",
    )
    assert outside.performer_name == "省人民医院"
    assert moved(world.asker, outside, "accept", **BED).state == "accepted"


# --- drafts ----------------------------------------------------------------------------------------------
def test_a_draft_is_seen_by_nobody_else_until_it_is_sent() -> None:
    world = a_world()
    draft = opened(world, kind=DRAFTED.code)
    assert draft.sent_at is None
    assert not may_open(world.answerer, world)
    with pytest.raises(NotFound):
        handoffs.detail(world.answerer, draft.id)
    sent = moved(world.asker, draft, "send", at=LATER)
    assert handoffs.detail(world.answerer, sent.id).sent_at == LATER
    assert may_open(world.answerer, world)


def test_a_draft_taken_back_is_secret_again() -> None:
    world = a_world()
    sent = moved(world.asker, opened(world, kind=DRAFTED.code), "send")
    back = moved(world.asker, sent, "unsend")
    assert (back.state, back.sent_at) == ("draft", None)
    assert not may_open(world.answerer, world)
    with pytest.raises(NotFound):
        handoffs.detail(world.answerer, back.id)
    assert may_open(world.asker, world)


# --- the system ------------------------------------------------------------------------------------------
def test_the_system_may_take_its_own_step_inside_a_persons_command() -> None:
    world = a_world()
    row = opened(world)
    with access.scoped(world.asker):
        done = handoffs.advance(SYSTEM, row.id, "die", at=LATER).handoff
        event = HandoffEvent.objects.get(handoff=row.id, seq=2)
    assert (done.state, event.side, event.user_name) == ("died", Side.SYSTEM, "系统")


def test_a_room_never_hides_a_holder_in_a_step_that_does_not_say_so() -> None:
    world = a_world()
    with pytest.raises(ValueError, match="does not set"):
        moved(world.answerer, opened(world), "accept", performer_staff_id=new_id(), **BED)
