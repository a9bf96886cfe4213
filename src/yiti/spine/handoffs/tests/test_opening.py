"""Opening a handoff: what is kept, who may, what a repeat does, and the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.outbox.models import OutboxEvent
from yiti.foundation.rules import public as rules
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.registry.facilities.tests.builders import NOON, a_department
from yiti.registry.residents import public as residents
from yiti.registry.residents.tests.builders import a_person
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.tests.builders import World, a_wish, a_world, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, DRAFTED

pytestmark = pytest.mark.django_db


def ask(world: World, spec: handoffs.HandoffSpec, **changes: Any) -> handoffs.Moved:
    """Open it as the asker, or as somebody like the asker."""
    actor = replace(world.asker, **changes)
    with access.scoped(actor):
        return handoffs.open_handoff(actor, spec, at=NOON)


def test_a_handoff_keeps_who_asked_whom_for_whom() -> None:
    world = a_world()
    row = opened(world)
    with access.scoped(world.asker):
        person = residents.person(world.asker, world.person_id)
    assert (row.state, row.revision, row.number) == ("sent", 1, "TE20261120-0001")
    assert (row.requester_institution_id, row.requester_staff_id) == (world.clinic.pk, world.asker.staff_id)
    assert (row.performer_name, row.performer_level, row.department_name) == (
        "县人民医院",
        "county",
        "心血管内科",
    )
    assert (row.person_id, row.person_name, row.person_place) == (world.person_id, person.name, person.place)
    assert row.chain_id == row.id
    assert row.opened_at == row.sent_at == row.state_since == NOON


def test_the_clock_is_set_by_the_rule_of_its_urgency() -> None:
    row = opened(a_world(), urgency=handoffs.Urgency.URGENT)
    limit = rules.limit("referral.answer_limit.urgent", local_date(NOON))
    assert row.due_at == NOON + timedelta(minutes=limit.minutes)
    stored = Handoff.objects.get(id=row.id)
    assert row.soon_at is not None
    assert stored.escalate_at is not None
    assert NOON < row.soon_at < row.due_at < stored.escalate_at
    assert stored.wake_at == row.soon_at
    assert (stored.clock_step, stored.waits_for) == ("expire", Side.PERFORMER)


def test_opening_is_the_first_event_and_is_told() -> None:
    world = a_world()
    row = opened(world, comment="请尽快", remark="急 · 时限 30 分")
    with access.scoped(world.asker):
        event = HandoffEvent.objects.get(handoff=row.id)
    assert (event.seq, event.nature, event.step, event.side) == (1, "opened", "open", "requester")
    assert (event.from_state, event.to_state, event.user_name) == ("", "sent", world.asker.name)
    assert (event.comment, event.remark) == ("请尽快", "急 · 时限 30 分")
    assert (
        OutboxEvent.objects.filter(kind="handoffs.HandoffMoved", payload__handoff_id=str(row.id)).count() == 1
    )
    assert handoffs.count_unread(world.answerer) == 1
    assert handoffs.count_unread(world.asker) == 0


def test_numbers_run_by_kind_and_day_and_never_repeat() -> None:
    world = a_world()
    numbers = [
        opened(world).number,
        opened(world, kind=DRAFTED.code).number,
        opened(world).number,
        opened(world, at=NOON + timedelta(days=1)).number,
    ]
    assert numbers == ["TE20261120-0001", "TD20261120-0001", "TE20261120-0002", "TE20261121-0001"]


def test_the_same_id_with_the_same_wish_answers_as_the_first_time() -> None:
    world = a_world()
    wish = a_wish(world)
    first, second = ask(world, wish), ask(world, wish)
    assert (first.repeated, second.repeated) == (False, True)
    assert second.handoff == first.handoff
    assert HandoffEvent.objects.filter(handoff=wish.id).count() == 1


TAKEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "with another wish": ({"subject": "肺炎"}, {}),
    "by somebody else": ({}, {"user_id": new_id()}),
}


@pytest.mark.parametrize(("wish", "actor"), TAKEN.values(), ids=TAKEN)
def test_an_id_once_used_is_refused(wish: dict[str, Any], actor: dict[str, Any]) -> None:
    world = a_world()
    first = a_wish(world)
    ask(world, first)
    with pytest.raises(Conflict, match="已经办过"):
        ask(world, replace(first, **wish), **actor)


def test_an_id_used_elsewhere_is_refused_without_saying_where() -> None:
    world, other = a_world(), a_world()
    used = opened(other).id
    with pytest.raises(Conflict, match="已经办过"):
        ask(world, a_wish(world, id=used))


REFUSED: dict[str, tuple[dict[str, Any], type[DomainError], str | None]] = {
    "nobody is asked": ({"performer_institution_id": None}, InvalidInput, "performer_institution_id"),
    "two are asked": ({"performer_external": "省人民医院"}, InvalidInput, "performer_institution_id"),
    "an institution there is not": (
        {"performer_institution_id": new_id(), "performer_department_id": None},
        InvalidInput,
        "performer_institution_id",
    ),
    "a department there is not": (
        {"performer_department_id": new_id()},
        InvalidInput,
        "performer_department_id",
    ),
    "a person who does not work there": (
        {"performer_staff_id": new_id()},
        InvalidInput,
        "performer_staff_id",
    ),
    "a follower there is not": (
        {"follower_institution_id": new_id()},
        InvalidInput,
        "follower_institution_id",
    ),
    "no matter": ({"subject": "  "}, InvalidInput, "subject"),
    "a matter too long": ({"subject": "痛" * 121}, InvalidInput, "subject"),
    "a code too long": ({"subject_code": "I" * 13}, InvalidInput, "subject_code"),
    "a place outside too long": (
        {
            "performer_institution_id": None,
            "performer_department_id": None,
            "performer_external": "省" * 81,
        },
        InvalidInput,
        "performer_external",
    ),
    "letters nobody can see": ({"comment": "a\x00b"}, InvalidInput, "comment"),
    "a person nobody knows": ({"person_id": new_id()}, NotFound, None),
    "a chain there is not": ({"chain_id": new_id()}, NotFound, None),
    "an episode there is not": ({"episode_id": new_id()}, NotFound, None),
    "a kind there is not": ({"kind": "toy.none"}, NotFound, None),
}


@pytest.mark.parametrize(("changes", "kind", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked_leaves_nothing(
    changes: dict[str, Any], kind: type[DomainError], field: str | None
) -> None:
    world = a_world()
    with pytest.raises(kind) as refusal:
        ask(world, a_wish(world, **changes))
    assert refusal.value.field == field
    assert not Handoff.objects.exists()
    assert not HandoffEvent.objects.exists()


def test_a_department_of_another_hospital_is_refused() -> None:
    world = a_world()
    with pytest.raises(InvalidInput) as refusal:
        ask(world, a_wish(world, performer_department_id=a_department().pk))
    assert refusal.value.field == "performer_department_id"


def test_nobody_hands_work_to_himself_where_two_institutions_are_needed() -> None:
    world = a_world()
    own: dict[str, Any] = {"performer_institution_id": world.clinic.pk, "performer_department_id": None}
    with pytest.raises(InvalidInput, match="本院自己"):
        ask(world, a_wish(world, **own))
    assert opened(world, kind=DRAFTED.code, **own).state == "draft"


def test_without_the_permission_nothing_is_asked() -> None:
    world = a_world()
    with pytest.raises(NotPermitted):
        ask(world, a_wish(world), permissions=frozenset({ANSWER}))


def test_nobody_hands_on_a_person_whose_record_is_closed_to_him() -> None:
    world = a_world()
    stranger = somebody_at(a_world().clinic, ASK)
    with pytest.raises(NotFound), access.scoped(stranger):
        handoffs.open_handoff(stranger, a_wish(world), at=NOON)


def test_a_chain_is_one_persons() -> None:
    world = a_world()
    first = opened(world)
    assert opened(world, chain_id=first.id).chain_id == first.id
    other = a_person(world.asker)
    with pytest.raises(NotFound):
        ask(world, a_wish(world, person_id=other, chain_id=first.id))


def test_sending_opens_the_record_to_those_who_are_to_act() -> None:
    world = a_world()
    nurse = replace(world.answerer, permissions=frozenset({"residents.read"}))
    with pytest.raises(NotFound):
        residents.person(nurse, world.person_id)
    opened(world)
    assert residents.person(nurse, world.person_id).id == world.person_id


def test_a_handoff_begins_only_where_its_table_lets_it() -> None:
    world = a_world()
    with pytest.raises(ValueError, match="does not begin in accepted"):
        ask(world, a_wish(world, state="accepted"))
    assert opened(world, state="sent").state == "sent"
