"""What a referral says of itself once it is over, and what lists say in English."""

from __future__ import annotations

import pytest
from django.utils import translation

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain.approval import approval_now
from yiti.care.referrals.domain.finder import PartKind
from yiti.care.referrals.tests.builders import HOUR, START, County, arrived, departed, sent_up
from yiti.care.referrals.tests.builders import accepted as given_a_bed
from yiti.foundation.web import public as web
from yiti.kernel.ids import new_id
from yiti.spine.episodes import public as episodes


@pytest.mark.parametrize(
    ("waits", "agreed", "said"),
    [(True, False, "待审批：县外"), (False, True, "已审批：县外"), (False, False, "没有审批：县外")],
)
def test_an_approval_waits_only_while_it_is_awaited(waits: bool, agreed: bool, said: str) -> None:
    assert approval_now("待审批：县外", waits=waits, agreed=agreed) == said
    assert approval_now("免审批：危重", waits=waits, agreed=agreed) == "免审批：危重"


@pytest.mark.django_db
def test_reasons_of_the_target_list_are_said_in_english(county: County) -> None:
    found = selectors.targets(
        county.village_doctor, diagnosis="I20.0", specialty="", urgency="routine", at=START
    )
    reasons = [part.text for each in found.ranked for part in each.parts if part.kind is PartKind.APPROVAL]
    with translation.override("en"):
        assert [web.said(each) for each in reasons] == [
            "out of the county the county referral centre must agree"
        ]


@pytest.mark.django_db
def test_a_stay_that_begins_with_the_diagnosis_of_the_referral_is_said_in_english(county: County) -> None:
    row = arrived(county, departed(county, given_a_bed(county, sent_up(county))))
    stay = commands.Admission(new_id(), county.beds[1].pk)
    commands.admit(
        actor=county.ward_doctor,
        handoff_id=row.id,
        admission=stay,
        revision=row.revision,
        at=START + 2 * HOUR,
    )
    with translation.override("en"):
        window = episodes.Window(limit=1)
        (group,) = episodes.timeline(county.ward_doctor, county.person_id, window).groups
        assert web.said(group.entries[0].title) == "Inpatient visit · Unstable angina"
