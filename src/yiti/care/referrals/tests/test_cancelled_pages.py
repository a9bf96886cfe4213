"""A referral that was cancelled: the record in short on paper, and its own page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from yiti.care.referrals import commands
from yiti.care.referrals.domain import Reason, Target
from yiti.care.referrals.tests.builders import HOUR, MINUTE, sent_up
from yiti.care.referrals.tests.pages import a_county_of_today, at_desk, sent, text
from yiti.kernel.clock import now
from yiti.kernel.display import full_time
from yiti.spine.episodes import public as episodes

pytestmark = pytest.mark.django_db


def test_the_paper_says_how_a_referral_ended_and_when_signs_were_taken() -> None:
    county = a_county_of_today()
    row = sent(county)
    doctor = county.village_doctor
    commands.cancel(
        actor=doctor,
        handoff_id=row.id,
        reason=Reason("improved"),
        revision=row.revision,
        at=now() - 100 * MINUTE,
    )
    page = text(at_desk(doctor).get(reverse("episodes:summary", args=[county.person_id])))
    assert "上转县人民医院 心血管内科 已取消" in page
    taken = episodes.vital_sets(doctor, county.person_id, now())[0].taken_at
    assert f"168 mmHg {full_time(taken)}" in page


def test_a_cancelled_referral_waits_for_nothing() -> None:
    county = a_county_of_today()
    doctor = county.village_doctor
    row = sent_up(county, at=now() - HOUR, target=Target(county.city.pk), transport_code="")
    address = reverse("referrals:detail", args=[row.id])
    assert "还没有说怎么走" in text(at_desk(doctor).get(address))
    commands.cancel(
        actor=doctor, handoff_id=row.id, reason=Reason("refused"), revision=row.revision, at=now()
    )
    page = at_desk(doctor).get(address)
    assert "还没有说怎么走" not in text(page)
    assert "没有审批：转出县外须县转诊中心审批" in text(page)
    assert "step-now" not in page.content.decode()
