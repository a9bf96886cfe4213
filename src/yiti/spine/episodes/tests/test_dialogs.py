"""Dialogs over the page of a visit do what their button says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.tests.browsers import (
    Address,
    a_visit_with_everything,
    at_desk,
    now_ish,
    of_episode,
    of_fact,
    of_visit,
)
from yiti.spine.episodes.tests.builders import (
    a_doctor,
    a_patient,
    a_visit,
    the_visit,
)

pytestmark = pytest.mark.usefixtures("code_tables")
HOUR = timedelta(hours=1)


POSTS: dict[str, tuple[Address, dict[str, object], Callable[[episodes.VisitDetail], object], object]] = {
    "vitals": (of_visit("add_vitals"), {"spo2": "95"}, lambda d: d.vitals[0].reading.text, "95"),
    "a diagnosis": (
        of_visit("add_diagnosis"),
        {"diagnoses": "e11.9", "role": "secondary", "certainty": "confirmed"},
        lambda d: len(d.diagnoses),
        3,
    ),
    "a note": (of_visit("add_note"), {"plan": "复查心电图"}, lambda d: d.notes[0].plan, "复查心电图"),
    "a treatment": (of_visit("add_treatment"), {"treatments": "吸氧"}, lambda d: len(d.treatments), 2),
    "a corrected vital": (
        of_fact("correct", "vital"),
        {"systolic": "158", "reason": "看错"},
        lambda d: d.vitals[0].reading.text,
        "158",
    ),
    "a corrected diagnosis": (
        of_fact("correct", "diagnosis"),
        {"diagnoses": "I21.4", "role": "main", "certainty": "confirmed", "reason": "肌钙蛋白升高"},
        lambda d: d.diagnoses[0].code,
        "I21.4",
    ),
    "a corrected note": (
        of_fact("correct", "note"),
        {"subjective": "胸闷 5 天", "reason": "记错天数"},
        lambda d: d.notes[0].subjective,
        "胸闷 5 天",
    ),
    "a corrected treatment": (
        of_fact("correct", "treatment"),
        {"treatments": "阿司匹林 100 mg", "reason": "剂量写错"},
        lambda d: d.treatments[0].text,
        "阿司匹林 100 mg",
    ),
    "a withdrawn treatment": (
        of_fact("withdraw", "treatment"),
        {"reason": "写到别人身上"},
        lambda d: len(d.treatments),
        0,
    ),
    "the long term": (of_episode("long_term"), {"revision": "1"}, lambda d: d.episode.state, "long_term"),
    "the end": (of_visit("end"), {"revision": "1"}, lambda d: d.visit.is_open, False),
}


@pytest.mark.parametrize(("address", "form", "found", "wanted"), POSTS.values(), ids=POSTS.keys())
def test_a_dialog_does_what_its_button_says(
    address: Address,
    form: dict[str, object],
    found: Callable[[episodes.VisitDetail], object],
    wanted: object,
) -> None:
    at = now_ish()
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    client, before = at_desk(doctor), episodes.visit_detail(doctor, visit.id, at)
    path = address(visit, before)
    empty = client.post(path, {})
    assert empty.status_code == 422, "an empty form is shown again"
    answer = client.post(path, form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("episodes:visit", args=[visit.id]))
    assert found(episodes.visit_detail(doctor, visit.id, at)) == wanted
    assert client.get(reverse("episodes:visit", args=[visit.id])).status_code == 200


def test_a_stale_page_is_told_in_the_form(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit_with_everything(doctor, at)
    client, path = at_desk(doctor), reverse("episodes:long_term", args=[visit.episode_id])
    answer = client.post(path, {"revision": "9"})
    assert answer.status_code == 422
    assert "刚被别人改过" in answer.content.decode()


def test_a_stay_is_discharged() -> None:
    at = now_ish()
    doctor = a_doctor()
    stay = a_visit(doctor, a_patient(doctor), "J18.9", at=at, kind=episodes.VisitKind.INPATIENT)
    client, path = at_desk(doctor), reverse("episodes:discharge", args=[stay.id])
    form = {"way": "5", "outcome": "2", "summary": "好转", "revision": "1"}
    wrong = client.post(path, form)
    assert wrong.status_code == 422
    assert "死亡要两处都选死亡" in wrong.content.decode()
    assert client.post(path, {**form, "way": "1"}).status_code == 302
    assert the_visit(doctor, stay.id).ended_at is not None
    shown = client.get(reverse("episodes:visit", args=[stay.id])).content.decode()
    assert "医嘱离院" in shown


def test_an_episode_is_split_joined_and_closed() -> None:
    at = now_ish()
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at - HOUR)
    second = a_visit(doctor, person_id, "I20.0", at=at)
    client = at_desk(doctor)
    client.post(
        reverse("episodes:split", args=[first.episode_id]),
        {"visits": [str(second.id)], "problem": "摔伤", "reason": "不是一回事", "revision": "2"},
    )
    new = the_visit(doctor, second.id).episode_id
    assert new != first.episode_id
    seen = episodes.episode(doctor, first.episode_id).revision
    client.post(
        reverse("episodes:join", args=[new]),
        {"episode": f"{first.episode_id} {seen}", "reason": "还是一回事", "revision": "1"},
    )
    assert the_visit(doctor, second.id).episode_id == first.episode_id
    assert client.get(reverse("episodes:close", args=[new])).status_code == 404, "nothing is left in it"
    for visit_id in (first.id, second.id):
        revision = the_visit(doctor, visit_id).revision
        client.post(reverse("episodes:end", args=[visit_id]), {"revision": str(revision)})
    seen = episodes.episode(doctor, first.episode_id).revision
    client.post(reverse("episodes:close", args=[first.episode_id]), {"reason": "痊愈", "revision": str(seen)})
    assert episodes.episode(doctor, first.episode_id).state == "closed"
