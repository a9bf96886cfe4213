"""What the forms offer: only ways that lead somewhere, whom to ring, and departments that receive people."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from yiti.care.referrals.tests.builders import County
from yiti.care.referrals.tests.pages import a_county_of_today, at_desk, sent
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.registry.facilities.tests.builders import a_department
from yiti.registry.residents import public as residents

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> County:
    """The small county of today."""
    return a_county_of_today()


def page_of(county: County, actor: Actor) -> str:
    answer = at_desk(actor).get(f"{reverse('referrals:new')}?person={county.person_id}")
    return answer.content.decode()


def test_a_clinic_is_not_offered_the_way_down(county: County) -> None:
    ways = re.findall(r'name="direction" value="(\w+)"', page_of(county, county.village_doctor))
    assert ways[0] == "up"
    assert "down" not in ways
    assert "out" in ways


def contact_in(page: str) -> tuple[str, str, str]:
    name, phone = (re.search(rf'name="{field}" value="([^"]*)"', page) for field in _TYPED)
    relation = re.search(r'name="contact_relation".*?value="(\w+)" selected', page, re.DOTALL)
    return name[1] if name else "", relation[1] if relation else "", phone[1] if phone else ""


_TYPED = ("contact_name", "contact_phone")


def test_the_patient_on_the_only_number_known_is_not_called_family(county: County) -> None:
    page = page_of(county, county.village_doctor)
    assert contact_in(page) == ("房金养", "01", "13822716620")


def test_the_contact_person_of_the_record_is_rung(county: County) -> None:
    doctor = county.village_doctor
    person = residents.person(doctor, county.person_id)
    residents.change_profile(
        actor=doctor,
        person_id=person.id,
        profile=a_profile_with_contact(person),
        revision=person.revision,
        at=now(),
    )
    assert contact_in(page_of(county, doctor)) == ("房买尾一", "20", "13900000820")


def a_profile_with_contact(person: residents.PersonRow) -> residents.Profile:
    return replace(
        person.profile, contact_name="房买尾一", contact_relation="20", contact_phone="13900000820"
    )


def test_only_departments_that_receive_people_are_offered(county: County) -> None:
    a_department(county.head, code="YW", name="医务部", specialty="")
    a_department(county.head, code="JY", name="检验科", specialty="30")
    a_department(county.head, code="MZ", name="全科门诊", specialty="02")
    row = sent(county)
    page = at_desk(county.nurse).get(reverse("referrals:accept", args=[row.id])).content.decode()
    assert "全科门诊" in page
    assert "心血管内科" in page
    for name in ("医务部", "检验科", "转诊中心"):
        assert f">{name}</option>" not in page
