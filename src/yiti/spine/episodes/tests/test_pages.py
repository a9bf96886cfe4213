"""Every address of the room: who gets in, and what the fragments show."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.tests.builders import an_institution
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.tests.browsers import (
    Address,
    a_visit_with_everything,
    at_desk,
    new_visit_address,
    of_episode,
    of_fact,
    of_person,
    of_visit,
    signed_in,
)
from yiti.spine.episodes.tests.builders import (
    WRITES,
    a_doctor,
    a_patient,
    a_visit,
)

pytestmark = pytest.mark.usefixtures("code_tables")
HOUR = timedelta(hours=1)


READ_PAGES = {
    "thread": of_person("thread"),
    "side_vitals": of_person("side_vitals"),
    "side_medications": of_person("side_medications"),
    "vitals": of_person("vitals"),
    "summary": of_person("summary"),
    "visit": of_visit("visit"),
}
WRITE_PAGES = {
    **{name: of_visit(name) for name in ("end", "discharge", "add_vitals", "add_diagnosis", "add_note")},
    **{name: of_visit(name) for name in ("add_treatment", "medications")},
    **{name: of_episode(name) for name in ("long_term", "close", "split", "join")},
    **{f"correct {k}": of_fact("correct", k) for k in ("vital", "diagnosis", "note", "treatment")},
    "withdraw": of_fact("withdraw", "treatment"),
}
PAGES = READ_PAGES | WRITE_PAGES


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_a_page_opens_to_the_right_person_only(address: Address, at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    path = address(visit, episodes.visit_detail(doctor, visit.id, at))
    assert at_desk(doctor).get(path).status_code == 200
    nobody = Client().get(path)
    assert (nobody.status_code, nobody["Location"].split("?")[0]) == (302, reverse("account_login"))
    stranger = signed_in(an_institution().id, *WRITES, role="ward_doctor")
    missing = re.sub(r"[0-9a-f-]{36}", lambda _: str(new_id()), path)
    refused, absent = stranger.get(path), stranger.get(missing)
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert refused.content == absent.content


@pytest.mark.parametrize("address", WRITE_PAGES.values(), ids=WRITE_PAGES.keys())
def test_who_may_only_read_writes_nothing(address: Address, at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    before = episodes.visit_detail(doctor, visit.id, at)
    reader = signed_in(doctor.institution_id, "residents.read", role="referral_nurse")
    path = address(visit, before)
    assert reader.get(path).status_code == 404
    assert reader.post(path, {"reason": "试试", "revision": "1"}).status_code == 404
    assert episodes.visit_detail(doctor, visit.id, at) == before


def test_another_institution_with_access_reads_but_does_not_write(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    county = an_institution(name="县人民医院")
    a_visit(a_doctor(county), visit.person_id, at=at)
    client = signed_in(county.id, *WRITES, role="ward_doctor")
    shown = client.get(of_visit("visit")(visit, None)).content.decode()  # type: ignore[arg-type]
    assert "阿司匹林" in shown
    assert "加诊断" not in shown
    assert client.get(of_visit("add_note")(visit, None)).status_code == 404  # type: ignore[arg-type]


def test_opening_a_record_page_is_audited(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    at_desk(doctor).get(reverse("episodes:visit", args=[visit.id]))
    row = AuditEntry.objects.get(action="read:episodes:visit")
    assert (row.person_id, row.record_id) == (visit.person_id, visit.id)


def test_the_thread_filters_and_shows_more(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    for days in range(12):
        a_visit(doctor, person_id, "I10", at=at - timedelta(days=days))
    a_visit(doctor, person_id, "I10", at=at - timedelta(days=500))
    client, path = at_desk(doctor), reverse("episodes:thread", args=[person_id])

    def rows(query: str) -> int:
        return client.get(path + query).content.decode().count('class="thread-row"')

    assert rows("") == 10
    assert rows("?shown=20") == 12
    assert rows("?shown=20&all=1") == 13
    assert rows("?kind=followup") == 0
    assert rows("?kind=nothing&shown=-1") == 10, "what is not offered is passed over"


def test_plain_words_stand_beside_the_terms_in_a_village_only(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    village = at_desk(doctor).get(new_visit_address(person_id)).content.decode()
    assert "收缩压 高压" in village
    county = an_institution(name="县人民医院")
    elsewhere = signed_in(county.id, *WRITES, role="ward_doctor")
    assert "高压" not in elsewhere.get(new_visit_address(person_id)).content.decode().replace("高血压", "")


def test_a_clerk_of_another_sort_sees_no_button(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    path = reverse("episodes:action", args=[person_id])
    assert "新建就诊" in at_desk(doctor).get(path).content.decode()
    reader = signed_in(doctor.institution_id, "residents.read", role="referral_nurse")
    assert reader.get(path).status_code == 404
    assert an_actor("residents.read").can("episodes.write") is False
