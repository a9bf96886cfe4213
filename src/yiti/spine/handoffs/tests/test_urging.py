"""催办: one bell for whoever has it in hand, one line in the log, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yiti.foundation.accounts.tests.builders import a_role, a_user
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, DomainError, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.staff.models import StaffMember
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import HandoffEvent, HandoffNotice
from yiti.spine.handoffs.tests.builders import World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, DRAFTED, SEE

pytestmark = pytest.mark.django_db

URGE = "handoffs.urge"
MINUTE = timedelta(minutes=1)


def the_office(world: World) -> Actor:
    """An office that oversees the hospital and takes part in nothing."""
    office = somebody_at(an_institution(name="医共体办公室"), SEE, URGE, name="盘立新")
    return replace(office, oversees=frozenset({world.hospital.pk}))


def test_who_has_it_in_hand_hears_it_and_the_log_keeps_it() -> None:
    world = a_world()
    row, office = opened(world), the_office(world)
    done = handoffs.urge(actor=office, handoff_id=row.id, at=NOON + MINUTE)
    assert (done.repeated, done.handoff.state, done.handoff.revision) == (False, "sent", 2)
    (said,) = [each for each in handoffs.bell(world.answerer).rows if each.title == "催办"]
    assert (said.handoff_id, said.who) == (row.id, "医共体办公室 盘立新")
    assert [each.title for each in handoffs.bell(world.asker).rows] == []
    line = handoffs.history(world.answerer, row.id)[0]
    assert (line.title, line.text) == ("催办", "医共体办公室 盘立新")
    (entry,) = AuditEntry.objects.filter(action="handoffs.urge")
    assert (entry.record_id, entry.person_id) == (row.id, world.person_id)


def test_the_clock_goes_on_and_no_page_becomes_stale() -> None:
    world = a_world()
    row = opened(world)
    handoffs.urge(actor=the_office(world), handoff_id=row.id, at=NOON + MINUTE)
    now_row = handoffs.detail(world.asker, row.id)
    assert (now_row.state_since, now_row.due_at) == (row.state_since, row.due_at)
    assert moved(world.answerer, row, "decline", reason_code="01").state == "declined"
    assert (
        handoffs.history_faults(
            row.kind,
            handoffs.logs(world.asker, [row.id])[row.id],
            state="declined",
            revision=3,
        )
        == []
    )


def test_a_second_urge_within_the_pause_does_nothing_whoever_does_it() -> None:
    world = a_world()
    row, office = opened(world), the_office(world)
    asker = replace(world.asker, permissions=world.asker.permissions | {URGE})
    urged = [
        handoffs.urge(actor=actor, handoff_id=row.id, at=NOON + minutes * MINUTE).repeated
        for actor, minutes in ((office, 1), (office, 1), (asker, 30), (asker, 31))
    ]
    assert urged == [False, True, True, False]
    assert HandoffEvent.objects.filter(handoff_id=row.id, nature="urged").count() == 2
    assert handoffs.recent_urges(office, [row.id, new_id()], NOON + 40 * MINUTE) == {
        row.id: NOON + 31 * MINUTE
    }
    assert handoffs.recent_urges(office, [row.id], NOON + 61 * MINUTE) == {}


def test_a_new_wait_may_be_urged_at_once() -> None:
    world = a_world()
    row, office = opened(world), the_office(world)
    handoffs.urge(actor=office, handoff_id=row.id, at=NOON + MINUTE)
    moved(world.answerer, row, "return", comment="请补心电图", at=NOON + 2 * MINUTE)
    assert handoffs.recent_urges(office, [row.id], NOON + 3 * MINUTE) == {}
    assert not handoffs.urge(actor=office, handoff_id=row.id, at=NOON + 3 * MINUTE).repeated
    assert [each.title for each in handoffs.bell(world.asker).rows][:1] == ["催办"]


def test_what_a_place_outside_should_do_is_urged_where_it_is_entered() -> None:
    world = a_world()
    row = opened(
        world,
        performer_institution_id=None,
        performer_department_id=None,
        performer_external="省人民医院",
    )
    colleague = somebody_at(world.clinic, ASK, SEE, URGE)
    handoffs.urge(actor=colleague, handoff_id=row.id, at=NOON + MINUTE)
    assert [each.title for each in handoffs.bell(world.asker).rows] == ["催办"]


REFUSED: dict[str, tuple[str, type[DomainError]]] = {
    "without the permission": ("answerer", NotPermitted),
    "a stranger": ("stranger", NotFound),
    "after it is done": ("office", Conflict),
}


@pytest.mark.parametrize(("who", "kind"), REFUSED.values(), ids=REFUSED)
def test_an_urge_is_refused_and_changes_nothing(who: str, kind: type[DomainError]) -> None:
    world = a_world()
    row = along(world, "decline") if kind is Conflict else opened(world)
    actors = {
        "answerer": world.answerer,
        "stranger": somebody_at(an_institution(), ANSWER, SEE, URGE),
        "office": the_office(world),
    }
    bells = HandoffNotice.objects.count()
    with pytest.raises(kind):
        handoffs.urge(actor=actors[who], handoff_id=row.id, at=NOON + MINUTE)
    assert (HandoffNotice.objects.count(), HandoffEvent.objects.filter(nature="urged").count()) == (bells, 0)


def test_a_draft_and_what_is_not_there_are_missing_alike() -> None:
    world = a_world()
    office = the_office(world)
    draft = opened(world, kind=DRAFTED.code, performer_institution_id=world.hospital.pk).id
    for missing in (new_id(), draft):
        with pytest.raises(NotFound):
            handoffs.urge(actor=office, handoff_id=missing, at=NOON)


# --- the button ------------------------------------------------------------------------------------------
def browser_of(actor: Actor) -> Client:
    a_role(actor.role, *actor.permissions)
    assert actor.staff_id is not None
    member = StaffMember.objects.get(id=actor.staff_id)
    member.user = a_user(username=member.code, name=member.name)
    member.save()
    client = Client()
    client.force_login(member.user)
    return client


def test_the_button_answers_with_what_was_done() -> None:
    world = a_world()
    row = opened(world, at=now() - MINUTE)
    browser = browser_of(somebody_at(world.clinic, ASK, SEE, URGE, role="urger"))
    address = reverse("handoffs:urge", args=[row.id])
    part = browser.post(address, headers={"HX-Request": "true"})
    assert "已催办" in part.content.decode()
    assert "<form" not in part.content.decode().split("toasts")[0]
    again = browser.post(address, {"next": "/referrals/?month=2026-11"})
    assert (again.status_code, again.headers["Location"]) == (302, "/referrals/?month=2026-11")
    away = browser.post(address, {"next": "https://example.org/"})
    assert away.headers["Location"] == reverse("handoffs:work")
    assert HandoffEvent.objects.filter(nature="urged").count() == 1
