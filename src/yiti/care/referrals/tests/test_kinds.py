"""The two kinds as the engine knows them: words, buttons, who may press them, and who hears of it."""

from __future__ import annotations

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.commands.kinds import DOWN_REFERRAL, UP_REFERRAL, register_kinds
from yiti.care.referrals.domain import DOWN_KIND, UP_KIND, Reason, Target, Up
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    accepted,
    on_the_way,
    received,
    sent_down,
    sent_up,
)
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import asked

KINDS = (UP_REFERRAL, DOWN_REFERRAL)


def test_both_are_known_to_the_engine_and_registering_again_changes_nothing() -> None:
    register_kinds()
    assert [handoffs.kind(code) for code in (UP_KIND, DOWN_KIND)] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_step_of_a_person_has_a_page_and_the_clock_has_none(kind: handoffs.HandoffKind) -> None:
    for name, face in kind.steps.items():
        by_hand = kind.sides_of(name) - {Side.SYSTEM}
        assert bool(face.url_name) == bool(by_hand), name
        assert face.label
        assert face.title


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_permission_is_declared(kind: handoffs.HandoffKind) -> None:
    named = {face.permission for face in kind.steps.values() if face.permission}
    named |= {permission for side, permission in kind.permissions.items() if side is not Side.SYSTEM}
    assert {name for name in named if not access.is_known(name)} == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_cannot_be_undone_is_asked_and_what_can_is_not(kind: handoffs.HandoffKind) -> None:
    undone = {step.undoes for step in kind.workflow.steps if step.undoes}
    asked = {name for name, face in kind.steps.items() if face.consequence}
    assert asked & undone == set()
    assert asked >= {"decline", "cancel", "close"}


def heard(actor: Actor) -> list[str]:
    """What the bell of this person says, newest first."""
    return [row.title for row in handoffs.bell(actor).rows]


@pytest.mark.django_db
def test_each_side_hears_what_the_other_did(county: County) -> None:
    row = accepted(county, sent_up(county))
    assert heard(county.nurse) == ["送出上转单"]
    assert heard(county.village_doctor) == ["接收"]
    commands.cancel(
        actor=county.village_doctor,
        handoff_id=row.id,
        reason=Reason("improved"),
        revision=row.revision,
        at=START + HOUR,
    )
    assert heard(county.nurse)[0] == "已取消"


@pytest.mark.django_db
def test_the_ward_hears_who_is_at_the_door_and_has_it_in_hand(county: County) -> None:
    on_the_way(county, Up.ARRIVED)
    assert heard(county.ward_doctor) == ["已到院"]
    assert _turns(county.ward_doctor) == 1
    assert _turns(county.nurse) == 0


def _turns(actor: Actor) -> int:
    return handoffs.count_turns(actor)


@pytest.mark.django_db
def test_an_approval_is_heard_by_the_sender_and_by_the_one_who_is_asked_next(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk))
    commands.approve(actor=county.centre_head, handoff_id=row.id, revision=1, at=START + MINUTE)
    assert heard(county.village_doctor) == ["审批同意"]


@pytest.mark.django_db
def test_the_village_doctor_named_for_the_follow_up_hears_of_it(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    received(county, sent_down(county, up_id=up.id))
    assert "接收" in heard(county.village_doctor)


@pytest.mark.django_db
def test_referrals_stand_in_the_thread_of_the_person(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    sent_down(county, up_id=up.id)
    window = episodes.Window(limit=20, kinds=frozenset({episodes.EntryKind.HANDOFF}))
    (group,) = episodes.timeline(county.village_doctor, county.person_id, window).groups
    assert [(entry.title, entry.kind, entry.level) for entry in group.entries] == [
        ("下转三排镇卫生院", episodes.Marker.HANDOFF_DOWN, "county"),
        ("上转县人民医院 心血管内科", episodes.Marker.HANDOFF_UP, "village"),
    ]
    first = group.entries[1]
    assert first.second_line == "油岭村卫生站 · 邓志明 · 急 · 不稳定型心绞痛"
    assert (first.status and first.status.word, first.url) == ("待关闭", f"/referrals/{up.id}/")
    assert group.episode is not None
    assert group.episode.id == county.episode_id


@pytest.mark.django_db
def test_a_referral_out_of_the_county_shows_where_the_person_goes(county: County) -> None:
    sender = county.village_doctor
    waits = sent_up(county, target=Target(county.city.pk, department_text="胸外科"))
    (row,) = handoffs.open_for_person(sender, county.person_id)
    assert (row.performer_name, row.goes_to.name, row.goes_to.level) == (
        "县人民医院",
        "清远市人民医院",
        "city",
    )
    assert row.goes_to_text == "胸外科 · 待县人民医院 转诊中心审批"
    window = episodes.Window(limit=20, kinds=frozenset({episodes.EntryKind.HANDOFF}))
    (group,) = episodes.timeline(sender, county.person_id, window).groups
    assert group.entries[0].title == "外转清远市人民医院 胸外科"
    assert group.entries[0].second_line.startswith("待县人民医院 转诊中心审批 · 油岭村卫生站")
    commands.approve(actor=county.centre_head, handoff_id=waits.id, revision=waits.revision, at=START + HOUR)
    (row,) = handoffs.open_for_person(sender, county.person_id)
    assert (row.goes_to.name, row.goes_to_text) == ("清远市人民医院", "胸外科")
    (line,), _total = handoffs.worklist(county.nurse, asked(), at=START + HOUR)
    assert line.handoff.goes_to.name == "清远市人民医院"
