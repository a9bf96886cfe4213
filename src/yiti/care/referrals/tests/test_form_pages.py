"""The pages of the forms: what is sent, what is refused with which words, and that nothing typed is lost."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.urls import reverse

from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests import builders
from yiti.care.referrals.tests.builders import MINUTE, County
from yiti.care.referrals.tests.pages import (
    a_county_of_today,
    at_desk,
    member_of,
    outcome_sent,
    received,
    sent,
    text,
)
from yiti.foundation.access import public as access
from yiti.foundation.drafts import public as drafts
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> County:
    """The small county of today."""
    return a_county_of_today()


# ---- a new up-referral ------------------------------------------------------------------------


def filled(county: County, **changes: object) -> dict[str, object]:
    """The form as the village doctor fills it in."""
    return {
        "id": str(new_id()),
        "episode": str(county.episode_id),
        "direction": "up",
        "urgency": "urgent",
        "diagnoses": ["I20.0", "i10"],
        "reason_code": "surgery",
        "target_specialty": "03.04",
        "summary": "反复胸闷 3 天",
        "along": ["results"],
        "transport_code": "county-120",
        "contact_phone": "13822716620",
        "consent_given": "on",
        "target_institution": f"{county.head.pk}:{county.ward.pk}",
        **changes,
    }


def new_address(person_id: UUID) -> str:
    """The page of a new referral."""
    return f"{reverse('referrals:new')}?person={person_id}"


def test_a_referral_is_sent_once_with_what_goes_along(county: County) -> None:
    client, form = at_desk(county.village_doctor), filled(county)
    page = client.get(new_address(county.person_id)).content.decode()
    assert "I20.0" in page
    assert "最合适" in page
    answer = client.post(new_address(county.person_id), form)
    assert answer.status_code == 302, text(answer)
    assert client.post(new_address(county.person_id), form)["Location"] == answer["Location"]
    with access.scoped(county.village_doctor):
        up = UpReferral.objects.get()
    assert "血压 168/102 mmHg" in up.results
    assert up.target_department_id == county.ward.pk


REFUSED = {
    "a phone one digit short": ({"contact_phone": "1382271662"}, "少 1 位，请补成 11 位手机号"),
    "no diagnosis": ({"diagnoses": []}, "请选诊断"),
    "an unknown diagnosis": ({"diagnoses": ["ZZ99"]}, "请从列表里选一项"),
    "no summary": ({"summary": ""}, "请填写"),
    "a summary of two thousand characters": ({"summary": "痛" * 2000}, "最多 500 个字"),
    "no consent": ({"consent_given": ""}, "同意后打勾"),
    "no target": ({"target_institution": ""}, "请选一项"),
    "a target that is none": ({"target_institution": "x"}, "列表刚变过"),
    "a way that is none": ({"direction": "sideways"}, "列表刚变过"),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    county: County, change: dict[str, object], sentence: str
) -> None:
    form = filled(county, treatments="阿司匹林 300 mg 嚼服", **change)
    answer = at_desk(county.village_doctor).post(new_address(county.person_id), form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "阿司匹林 300 mg 嚼服" in answer.content.decode()
    with access.scoped(county.village_doctor):
        assert not UpReferral.objects.exists()


def test_an_open_referral_is_shown_before_a_new_one_is_filled(county: County) -> None:
    row = sent(county)
    page = at_desk(county.village_doctor).get(new_address(county.person_id))
    assert reverse("referrals:detail", args=[row.id]) in page.content.decode()
    assert "仍未关闭" in text(page)


def test_a_draft_is_brought_back_until_it_is_not_wanted(county: County) -> None:
    client = at_desk(county.village_doctor)
    page = client.get(new_address(county.person_id)).content.decode()
    autosave = re.search(r'data-autosave="([^"]+)"', page)
    assert autosave is not None
    assert client.post(autosave[1], filled(county, summary="写到一半")).status_code == 200
    assert "写到一半" in client.get(new_address(county.person_id)).content.decode()
    assert "写到一半" not in client.get(f"{new_address(county.person_id)}&fresh=1").content.decode()


def test_sending_throws_the_draft_away(county: County) -> None:
    client, form = at_desk(county.village_doctor), filled(county)
    page = client.get(new_address(county.person_id)).content.decode()
    autosave = re.search(r'data-autosave="([^"]+)"', page)
    assert autosave is not None
    client.post(autosave[1], form)
    assert client.post(new_address(county.person_id), form).status_code == 302
    *_start, name, subject = autosave[1].split("/")
    user = member_of(county.village_doctor).user
    assert user is not None
    assert drafts.draft(Actor(user.id, user.name), form=name, subject=subject) is None


def test_somebody_without_an_open_episode_is_sent_to_a_visit_first(county: County) -> None:
    doctor = county.village_doctor
    visit = episodes.visit(doctor, county.visit_id)
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=visit.revision, at=now())
    closed = episodes.episode(doctor, county.episode_id)
    episodes.close_episode(
        actor=doctor, episode_id=closed.id, reason="痊愈", revision=closed.revision, at=now()
    )
    page = at_desk(county.village_doctor).get(new_address(county.person_id))
    assert "先新建就诊" in text(page)


def test_the_places_follow_the_diagnosis_and_the_way(county: County) -> None:
    client = at_desk(county.village_doctor)
    address = f"{reverse('referrals:targets')}?person={county.person_id}&diagnoses=I20.0&urgency=urgent"
    shown = client.get(f"{address}&direction=up", headers={"HX-Request": "true"}).content.decode()
    assert "连南县人民医院" in shown
    assert "送出到县人民医院" in shown
    outside = client.get(f"{address}&direction=out", headers={"HX-Request": "true"}).content.decode()
    assert "清远市人民医院" in outside
    assert "连南县人民医院" not in outside
    down = client.get(f"{address}&direction=down", headers={"HX-Request": "true"})
    assert down["HX-Redirect"].startswith(f"{reverse('referrals:new')}?direction=down")


def test_a_place_nobody_chose_gives_way_to_the_best_one_of_another_way(county: County) -> None:
    """Up, out and up again: the place outside was only offered, and nobody is sent there by mistake."""
    client = at_desk(county.village_doctor)
    address = f"{reverse('referrals:targets')}?person={county.person_id}&diagnoses=I20.0&urgency=urgent"

    def marked(asked: str) -> tuple[str, str]:
        page = client.get(address + asked, headers={"HX-Request": "true"}).content.decode()
        offered = re.findall(r'name="target_offered" value="([^"]*)"', page)[0]
        return offered, re.findall(r'value="([^"]*)" id="target-\d+" checked', page)[0]

    outside, chosen = marked("&direction=out")
    assert chosen == outside
    best, chosen = marked(f"&direction=up&target_institution={outside}&target_offered={outside}")
    assert chosen == best != outside
    best, chosen = marked(f"&direction=up&target_institution={outside}&target_offered={best}")
    assert chosen == outside, "somebody pressed it"
    draft = {"direction": ["up"], "diagnoses": ["I20.0"], "target_institution": [outside]}
    keep = reverse("drafts:save", args=["referral-up", county.person_id])
    client.post(keep, draft | {"target_offered": [outside]})
    page = client.get(new_address(county.person_id)).content.decode()
    assert re.findall(r'value="([^"]*)" id="target-\d+" checked', page) == [best]


def test_what_was_written_for_the_wrong_person_goes_to_the_right_one(county: County) -> None:
    row = sent(county)
    client = at_desk(county.village_doctor)
    form = {"revision": str(row.revision), "reason_code": "wrong-person"}
    client.post(reverse("referrals:cancel", args=[row.id]), form)
    again = reverse("referrals:again", args=[row.id])
    assert again in client.get(reverse("referrals:detail", args=[row.id])).content.decode()
    answer = client.post(again, {"person": str(county.person_id)})
    assert answer["Location"] == f"{new_address(county.person_id)}&copy={row.id}"
    page = client.get(answer["Location"]).content.decode()
    assert "今晨静息胸痛" in page


# ---- a new down-referral ----------------------------------------------------------------------


def test_a_plan_is_sent_home_with_its_drugs(county: County) -> None:
    up = outcome_sent(county)
    client = at_desk(county.ward_doctor)
    address = f"{new_address(county.person_id)}&direction=down&up={up.id}"
    page = client.get(address).content.decode()
    assert "PCI 术后，病情稳定" in page, "the outcome of the stay stands in the summary"
    assert f'value="{county.clinic.pk}:"' not in page, "a clinic does not receive"
    follower = f"{county.clinic.pk}:{county.village_doctor.staff_id}"
    assert f'value="{follower}" selected' in page, "the doctor of the village is proposed"
    form = {
        "id": str(new_id()),
        "up_id": str(up.id),
        "episode": str(up.episode_id),
        "urgency": "routine",
        "diagnoses": ["I20.0"],
        "reason_code": "rehabilitation",
        "discharge_summary": "PCI 术后 5 天",
        "treatment": "双联抗血小板",
        "warning_signs": "胸痛超过 15 分钟",
        "target_institution": f"{county.township.pk}:",
        "follower": follower,
        "first_follow_up_date": now().date().isoformat(),
        "drugs-TOTAL_FORMS": "2",
        "drugs-INITIAL_FORMS": "0",
        "drugs-0-name": "阿司匹林肠溶片",
        "drugs-0-dose": "100 mg",
        "drugs-0-availability": "no",
        "drugs-1-name": "",
    }
    nameless = client.post(address, {**form, "drugs-1-dose": "75 mg"})
    assert (nameless.status_code, "请写药名" in nameless.content.decode()) == (422, True)
    autosave = re.search(r'data-autosave="([^"]+)"', page)
    assert autosave is not None
    client.post(autosave[1], form)
    answer = client.post(address, form)
    assert answer.status_code == 302, text(answer)
    shown = text(at_desk(county.physician).get(answer["Location"]))
    assert "阿司匹林肠溶片" in shown, "what the draft holds already is sent all the same"
    assert "当地无药" in shown
    assert "邓志明" in shown


def test_from_a_clinic_nobody_is_sent_down(county: County) -> None:
    answer = at_desk(county.village_doctor).get(f"{new_address(county.person_id)}&direction=down")
    assert answer.status_code == 409
    assert "从这里不能下转" in text(answer)


def test_what_is_wrong_in_a_row_of_drugs_is_said_on_top(county: County) -> None:
    up = outcome_sent(county)
    address = f"{new_address(county.person_id)}&direction=down&up={up.id}"
    form = {"drugs-TOTAL_FORMS": "1", "drugs-INITIAL_FORMS": "0", "drugs-0-name": "阿司匹林"}
    page = text(
        at_desk(county.ward_doctor).post(
            address, form | {"drugs-0-days": "9999", "first_follow_up_date": "2020-01-01"}
        )
    )
    assert "第 1 种药，天数：最多 180 天" in page
    assert "首次随访不能早于今天" in page


def test_the_first_follow_up_is_chosen_from_the_visits(county: County) -> None:
    row = received(county)
    client = at_desk(county.village_doctor)
    path = reverse("referrals:follow_up", args=[row.id])
    assert "去填随访" in text(client.get(path))
    visit_id = builders.a_visit(
        county.village_doctor, county.person_id, kind=episodes.VisitKind.FOLLOW_UP, at=now() - MINUTE
    )
    answer = client.post(path, {"revision": str(row.revision), "visit_id": f"{visit_id}:"})
    assert answer.status_code == 302, text(answer)
    assert handoffs.detail(county.village_doctor, row.id).state == "followed_up"


def test_the_button_of_the_record_leads_to_the_form(county: County) -> None:
    page = at_desk(county.village_doctor).get(reverse("referrals:start", args=[county.person_id]))
    assert new_address(county.person_id) in page.content.decode()
    assert residents.person(county.village_doctor, county.person_id).name == "房金养"
