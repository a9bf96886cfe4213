"""The page of a new visit: what is said, and that nothing typed is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from yiti.foundation.access import public as access
from yiti.registry.facilities.tests.builders import an_institution
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Visit
from yiti.spine.episodes.tests.browsers import (
    at_desk,
    filled,
    new_visit_address,
    signed_in,
)
from yiti.spine.episodes.tests.builders import (
    WRITES,
    a_content,
    a_doctor,
    a_patient,
    a_visit,
    drugs,
    the_episode,
)

pytestmark = pytest.mark.usefixtures("code_tables")
HOUR = timedelta(hours=1)


def test_a_new_visit_is_saved_and_shown(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    client, form = at_desk(doctor), filled()
    answer = client.post(new_visit_address(person_id), form)
    assert answer["Location"] == reverse("episodes:visit", args=[form["id"]])
    again = client.post(new_visit_address(person_id), form)
    assert again["Location"] == answer["Location"], "a second press answers as the first"
    detail = episodes.visit_detail(doctor, UUID(str(form["id"])), at)
    assert [(row.code, row.role, row.certainty) for row in detail.diagnoses] == [
        ("I20.0", "main", "suspected"),
        ("I10", "secondary", "confirmed"),
    ]
    assert [row.text for row in detail.treatments] == ["阿司匹林 300 mg 嚼服", "吸氧 3 L/分"]
    assert [row.reading.text for row in detail.vitals] == ["168", "102"]
    assert [row.name for row in episodes.medications(doctor, person_id).items] == ["氨氯地平片"]
    with access.scoped(doctor):
        assert Visit.objects.count() == 1


REFUSED = {
    "a pressure of 1680": ({"systolic": "1680"}, "收缩压 1680 不可能，是不是 168？"),
    "two values at once": (
        {"systolic": "1680", "temperature": "368"},
        "体温 368 不可能，是不是 36.8？",
    ),
    "letters for a number": ({"systolic": "高"}, "填数字"),
    "pressures swapped": ({"systolic": "90", "diastolic": "150"}, "是不是填反了"),
    "no complaint": ({"chief_complaint": ""}, "请填写"),
    "no kind": ({"kind": ""}, "请选一项"),
    "an unknown code": ({"main_diagnosis": "ZZ99"}, "没有编码 ZZ99 的诊断"),
    "others without a main one": ({"main_diagnosis": ""}, "主要诊断只能有一个"),
    "a complaint of two thousand characters": ({"chief_complaint": "痛" * 2000}, "最多 100 个字"),
    "a drug without a name": ({"drugs-0-name": ""}, "请写药名"),
    "a reason forgotten": ({"episode": "new", "join_reason": ""}, "请写原因"),
    "an episode that is none": ({"episode": "x" * 36}, "请选一个过程"),
    "too many treatments": ({"treatments": "\n".join(["吸氧"] * 11)}, "最多 10 项"),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    change: dict[str, object], sentence: str, at: datetime
) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, "I20.0", at=at)
    form = filled(**change)
    answer = at_desk(doctor).post(new_visit_address(person_id), form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    for kept in ("反复胸闷 3 天", "吸氧", "I10 高血压", str(form["id"])):
        assert kept in shown
    with access.scoped(doctor):
        assert Visit.objects.count() == 1


def test_the_joining_is_shown_before_saving_and_follows_the_diagnosis(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    episode = the_episode(doctor, a_visit(doctor, person_id, "I20.0", at=at))
    client = at_desk(doctor)
    plain = client.get(new_visit_address(person_id)).content.decode()
    assert "新开一个过程" in plain
    assert f"改为接着 {episode.number}" in plain
    address = f"{reverse('episodes:joining')}?person={person_id}&main_diagnosis=I20.9"
    chosen = client.get(address).content.decode()
    assert f"接着 {episode.number}" in chosen
    assert "14 天内的同一问题" in chosen


def test_a_person_whose_record_is_closed_can_be_seen_as_a_patient(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, "I20.0", at=at)
    county = an_institution(name="县人民医院")
    client = signed_in(county.id, *WRITES, role="ward_doctor")
    shown = client.get(new_visit_address(person_id)).content.decode()
    assert "档案未开放" in shown
    assert "EP-" not in shown, "nothing of the closed record shows"
    assert client.post(new_visit_address(person_id), filled()).status_code == 302


@pytest.mark.parametrize("query", ["", "?person=", "?person=x", f"?person={UUID(int=7)}"])
def test_a_new_visit_needs_a_person(query: str) -> None:
    doctor = a_doctor()
    client = at_desk(doctor)
    assert client.get(reverse("episodes:new_visit") + query).status_code == 404
    assert client.get(reverse("episodes:joining") + query).status_code == 404


def test_a_draft_comes_back_and_goes_when_it_is_saved(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    client = at_desk(doctor)
    draft = reverse("drafts:save", args=["episodes-visit", person_id])
    client.post(draft, filled(chief_complaint="写到一半断线", systolic="1680", **{"drugs-0-name": "缬沙坦"}))
    shown = client.get(new_visit_address(person_id)).content.decode()
    assert "写到一半断线" in shown
    assert "1680" in shown
    assert "缬沙坦" in shown
    client.post(new_visit_address(person_id), filled())
    assert "写到一半断线" not in client.get(new_visit_address(person_id)).content.decode()


def test_a_list_of_drugs_changed_meanwhile_keeps_the_form(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, at=at, content=a_content(medications=drugs("二甲双胍片")))
    answer = at_desk(doctor).post(new_visit_address(person_id), filled())
    assert answer.status_code == 422
    assert "刚被别人改过" in answer.content.decode()
