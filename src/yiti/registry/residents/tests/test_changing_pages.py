"""The edit form and the dialogs: what they do, and what a refusal keeps."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.urls import reverse

from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Resident
from yiti.registry.residents.selectors import merges
from yiti.registry.residents.tests.pages import addresses, ask, text


def edit_form(actor: Actor, man_id: UUID, **changes: str) -> dict[str, str]:
    """The edit form as it is sent after opening the page."""
    page = text(ask(actor, reverse("residents:edit", args=[man_id])))
    sent = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    return {**sent, "sex": "1", "payer": "L01", **changes}


def test_a_profile_is_saved_and_a_stale_page_shows_what_the_other_changed(
    doctor: Actor, man_id: UUID
) -> None:
    url = reverse("residents:edit", args=[man_id])
    mine = edit_form(doctor, man_id, phone="13900000000")
    theirs = edit_form(doctor, man_id, phone="13811112222", address="油岭村 2 组")
    assert ask(doctor, url, theirs, post=True).status_code == 302
    stale = ask(doctor, url, mine, post=True)
    page = text(stale)
    assert stale.status_code == 422
    shown = ["13811112222", "13900000000", "油岭村 2 组", "唐桂花", "刚被别人改过"]
    assert [words for words in shown if words not in page] == []
    assert Resident.objects.get(pk=man_id).phone == "13811112222"
    again = dict(re.findall(r'name="(revision)" value="(\d+)"', page))
    assert ask(doctor, url, {**mine, **again}, post=True).status_code == 302
    assert Resident.objects.get(pk=man_id).phone == "13900000000"


def test_a_retired_code_is_offered_again_so_that_saving_keeps_it(doctor: Actor, man_id: UUID) -> None:
    Resident.objects.filter(pk=man_id).update(payer="02")
    page = text(ask(doctor, reverse("residents:edit", args=[man_id])))
    assert '<option value="02" selected>城镇居民基本医疗保险</option>' in page


DIALOGS: dict[str, tuple[dict[str, str], str]] = {
    "new_allergy": ({"key": str(new_id()), "substance_code": "102", "severity": "mild"}, "磺胺"),
    "new_risk": (
        {"key": str(new_id()), "mark": "hypertension:很高危", "since_date": "2026-01-01"},
        "高血压 很高危",
    ),
    "new_document": ({"key": str(new_id()), "kind": "03", "number": "E12345678"}, "E1*****78"),
    "move": ({"revision": "1", "village": "", "group_no": "", "address": "广州市"}, "广州市"),
    "household": ({"key": str(new_id())}, "户主 房金养，1 人"),
    "death": ({"date": "2026-11-20", "time": "09:48"}, "已故"),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_does_what_it_says(doctor: Actor, man_id: UUID, name: str) -> None:
    data, shown = DIALOGS[name]
    url = reverse(f"residents:{name}", args=[man_id])
    asked = ask(doctor, url, headers={"HX-Request": "true"})
    assert "<dialog" in text(asked)
    done = ask(doctor, url, data, post=True, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers.get("HX-Redirect")) == (
        204,
        reverse("residents:facts", args=[man_id]),
    )
    assert shown in text(ask(doctor, reverse("residents:facts", args=[man_id])))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        pytest.param("new_allergy", {"severity": "mild"}, "请选择或写明对什么过敏", id="allergic to nothing"),
        pytest.param(
            "new_risk",
            {"mark": "hypertension:", "since_date": "2026-01-01"},
            "请从列表里选一项",
            id="no level",
        ),
        pytest.param("new_document", {"kind": "01", "number": "1"}, "少 17 位", id="a short number"),
        pytest.param(
            "death", {"date": "2999-01-01", "time": "09:48"}, "死亡时间在现在之后", id="a death to come"
        ),
        pytest.param("merge", {"reason": "同一个人登记了两次"}, "请选保留哪一份", id="merge into nobody"),
        pytest.param("move", {"revision": "9", "address": "广州"}, "刚被别人改过", id="a stale move"),
    ],
)
def test_a_refused_dialog_stays_open(
    doctor: Actor, man_id: UUID, name: str, data: dict[str, str], sentence: str
) -> None:
    before = residents.person(doctor, man_id)
    url = reverse(f"residents:{name}", args=[man_id])
    refused = ask(doctor, url, {"key": str(new_id()), **data}, post=True, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert residents.person(doctor, man_id) == before


def test_an_allergy_a_risk_a_document_and_a_merge_are_taken_back(doctor: Actor, man_id: UUID) -> None:
    pages = addresses(doctor, man_id)
    sent = {
        "refute_allergy": {"key": str(new_id()), "note": "皮试阴性"},
        "end_risk": {"until_date": now().date().isoformat()},
        "end_document": {},
        "unmerge": {"reason": "其实是姐妹两个人"},
    }
    answers = [ask(doctor, pages[name], data, post=True).status_code for name, data in sent.items()]
    assert answers == [302] * 4
    assert residents.allergies(doctor, man_id) == []
    assert residents.risks(doctor, man_id, on=now().date()) == []
    assert residents.person(doctor, man_id).id_number == ""
    assert merges(doctor, man_id) == []


def test_a_corrected_allergy_replaces_the_old_one(doctor: Actor, man_id: UUID) -> None:
    pages = addresses(doctor, man_id)
    data = {"key": str(new_id()), "substance_code": "103", "severity": "mild"}
    assert ask(doctor, pages["correct_allergy"], data, post=True).status_code == 302
    assert [row.substance_code for row in residents.allergies(doctor, man_id)] == ["103"]
