"""What stands where nothing has been written yet, and how many readings there really are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from yiti.kernel.ids import new_id
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.tests.browsers import at_desk
from yiti.spine.episodes.tests.builders import a_content, a_doctor, a_patient, a_visit, an_opening, readings

pytestmark = pytest.mark.usefixtures("code_tables")


def test_a_person_without_entries_is_told_what_to_do(at: datetime) -> None:
    doctor = a_doctor()
    address = reverse("episodes:thread", args=[a_patient(doctor)])
    page = at_desk(doctor).get(address).content.decode()
    assert "还没有就诊" in page
    assert "点“新建就诊”写第一次。" in page


def test_entries_out_of_the_range_are_said_to_be_so(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, "I10", at=at - timedelta(days=500))
    page = at_desk(doctor).get(reverse("episodes:thread", args=[person_id])).content.decode()
    assert "这个范围里没有" in page


def test_the_number_of_readings_is_the_real_one(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, at=at, content=a_content("I10", vitals=readings(heart_rate=88)))
    client = at_desk(doctor)
    for name in ("vitals", "side_vitals"):
        page = client.get(reverse(f"episodes:{name}", args=[person_id])).content.decode()
        assert "最近 1 次" in page
        assert "9 次" not in page


def test_one_day_in_hospital_is_one_day_in_english(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    opening = an_opening(person_id, id=new_id(), kind=episodes.VisitKind.INPATIENT)
    visit_id = episodes.open_visit(actor=doctor, opening=opening, content=a_content("I10"), at=at)
    episodes.discharge(
        actor=doctor,
        visit_id=visit_id,
        spec=episodes.DischargeSpec(episodes.DischargeWay("1"), episodes.Outcome("2"), "好转"),
        revision=episodes.visit(doctor, visit_id).revision,
        at=at + timedelta(hours=1),
    )
    client = at_desk(doctor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("episodes:thread", args=[person_id])).content.decode()
    assert "1 day " in page
    assert "1 days" not in page
    shown = client.get(reverse("episodes:visit", args=[visit_id])).content.decode()
    assert f"{doctor.name} Started this episode" in shown
