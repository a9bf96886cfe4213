"""Approve, accept with a bed, take it back, hand on: by effects, and what is refused changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.domain import BED_WORK, Reason, Reception, Target, Up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    accepted,
    sent_up,
    wearing,
)
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import a_bed, a_department, an_institution, hold
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

LATER = START + 39 * MINUTE
NO_BED = Reason("no-bed")


def accept(
    county: County, row: handoffs.HandoffRow, reception: Reception, *, by: Actor | None = None
) -> handoffs.HandoffRow:
    return commands.accept(
        actor=by or county.nurse, handoff_id=row.id, reception=reception, revision=row.revision, at=LATER
    )


def bed_in_use(row: handoffs.HandoffRow, at: Any = LATER) -> facilities.BedUseRow | None:
    return facilities.bed_use(BED_WORK, row.id, at)


def leads_to(row: handoffs.HandoffRow) -> set[Any]:
    """The institutions where a visit would join the episode by this chain now."""
    found = EpisodeChain.objects.filter(chain_id=row.chain_id, until__isnull=True)
    return set(found.values_list("institution_id", flat=True))


# --- approval -------------------------------------------------------------------------------------
def approve(county: County, row: handoffs.HandoffRow, by: Actor) -> handoffs.HandoffRow:
    return commands.approve(actor=by, handoff_id=row.id, revision=row.revision, at=LATER)


def test_a_referral_out_stays_with_the_centre_once_approved(county: County) -> None:
    row = approve(county, sent_up(county, target=Target(county.city.pk)), county.centre_head)
    assert (row.state, row.performer_institution_id) == (Up.SENT, county.head.pk)
    assert row.performer_department_id == county.centre.pk
    assert UpReferral.objects.get(handoff_id=row.id).valid_until == LATER + 72 * HOUR


def test_a_referral_inside_is_handed_on_to_its_target_once_approved(county: County) -> None:
    """Up to a hospital of the city that works in this house: the rule asks, the county has no desk for it."""
    place = an_institution(level="city", name="市第二医院")
    row = sent_up(county, target=Target(place.pk))
    assert (row.state, row.performer_institution_id) == (Up.SUBMITTED, county.head.pk)
    row = approve(county, row, county.centre_head)
    assert (row.state, row.performer_institution_id, row.performer_department_id) == (
        Up.SENT,
        place.pk,
        None,
    )


@pytest.mark.parametrize("who", ["nurse", "village_doctor", "ward_doctor", "physician"])
def test_only_the_role_the_rule_names_approves_or_refuses(county: County, who: str) -> None:
    row = sent_up(county, target=Target(county.city.pk))
    somebody = getattr(county, who)
    with pytest.raises((NotFound, NotPermitted)):
        approve(county, row, somebody)
    with pytest.raises((NotFound, NotPermitted)):
        commands.decline(
            actor=somebody,
            handoff_id=row.id,
            reason=NO_BED,
            revision=row.revision,
            at=LATER,
        )
    assert handoffs.detail(county.village_doctor, row.id).state == Up.SUBMITTED


def test_a_head_of_the_centre_under_another_hat_does_not_approve(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk))
    with pytest.raises(NotPermitted):
        approve(county, row, wearing(county.centre_head, role="consortium_office"))


# --- acceptance -----------------------------------------------------------------------------------
def test_accepting_holds_the_bed_and_says_so(county: County) -> None:
    row = accepted(county, sent_up(county))
    assert (row.state, row.performer_department_id) == (Up.ACCEPTED, county.ward.pk)
    use = bed_in_use(row)
    assert use is not None
    assert (use.bed.id, use.kind, use.ends_at) == (
        county.beds[1].pk,
        facilities.UseKind.HOLD,
        LATER + 6 * HOUR,
    )
    line = handoffs.history(county.village_doctor, row.id)[0]
    assert (line.title, line.text) == ("接收", "留 12 床 · 李秀萍")
    assert UpReferral.objects.get(handoff_id=row.id).bed_label == "12"
    assert leads_to(row) == {county.head.pk}


def test_an_outpatient_is_accepted_into_a_department_without_a_bed(county: County) -> None:
    clinic = a_department(county.head, name="心内科门诊", specialty="03.04")
    doctor = somebody_at(county.head, room=clinic, name="门诊医生")
    row = accept(county, sent_up(county), Reception(department_id=clinic.pk, staff_id=doctor.staff_id))
    assert (row.performer_department_id, row.performer_staff_id) == (clinic.pk, doctor.staff_id)
    assert row.department_name == "心内科门诊"
    assert bed_in_use(row) is None


def test_accepting_without_a_word_on_where_keeps_the_department_asked_for(county: County) -> None:
    row = accept(county, sent_up(county), Reception())
    assert row.performer_department_id == county.ward.pk


def test_the_centre_answers_for_a_hospital_outside_and_no_visit_joins_here(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk), urgency="critical")
    row = accept(county, row, Reception())
    assert (row.state, leads_to(row)) == (Up.ACCEPTED, set())


def test_a_closed_episode_does_not_stop_an_acceptance(county: County) -> None:
    row = sent_up(county)
    doctor = county.village_doctor
    visit = episodes.visit(doctor, county.visit_id)
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=visit.revision, at=START)
    episode = episodes.episode(doctor, county.episode_id)
    episodes.close_episode(
        actor=doctor, episode_id=episode.id, reason="误关了过程", revision=episode.revision, at=START
    )
    row = accepted(county, row)
    assert (row.state, leads_to(row)) == (Up.ACCEPTED, set())


def test_a_taken_bed_refuses_with_a_sentence_and_the_referral_waits_as_before(county: County) -> None:
    row = sent_up(county)
    hold(county.beds[1], at=LATER, hours=1)
    with pytest.raises(Conflict, match="这张床刚被占用，请另选一张"):
        accepted(county, row)
    now = handoffs.detail(county.nurse, row.id)
    assert (now.state, now.revision, leads_to(row)) == (Up.SENT, 1, set())
    assert accept(county, row, Reception(bed_id=county.beds[2].pk)).state == Up.ACCEPTED


@pytest.mark.parametrize(
    ("reception", "field"),
    [
        pytest.param(lambda c: Reception(bed_id=a_bed().pk), "bed_id", id="another hospital's bed"),
        pytest.param(
            lambda c: Reception(department_id=a_department(c.tcm).pk),
            "performer_department_id",
            id="another hospital's department",
        ),
        pytest.param(
            lambda c: Reception(staff_id=c.physician.staff_id), "performer_staff_id", id="another's doctor"
        ),
    ],
)
def test_one_receives_at_ones_own_place(county: County, reception: Any, field: str) -> None:
    row = sent_up(county)
    with pytest.raises(InvalidInput) as refused:
        accept(county, row, reception(county))
    assert refused.value.field == field
    assert handoffs.detail(county.nurse, row.id).state == Up.SENT


def test_there_is_no_bed_here_for_a_hospital_outside(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk), urgency="critical")
    with pytest.raises(InvalidInput, match="这张床不在接收方"):
        accepted(county, row)
