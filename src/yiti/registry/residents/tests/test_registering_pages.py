"""The register form: what it keeps, what it fills in, whom it finds."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from yiti.kernel.actor import Actor
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.models import Card
from yiti.registry.residents.tests.builders import BIRTH, a_person, a_profile, an_identity_card
from yiti.registry.residents.tests.pages import ask, text


def form(**changes: str) -> dict[str, str]:
    """The register form as it is sent for the man of the pictures, without a card."""
    values = {
        "key": str(new_id()),
        "enrolment": "no_card",
        "name": "房金养",
        "sex": "1",
        "birth": "1959-03-14",
    }
    return {**values, **changes}


def register(actor: Actor, **changes: str) -> tuple[int, str]:
    """Send the register form; status, and the page or where it leads."""
    response = ask(actor, reverse("residents:register"), form(**changes), post=True)
    return response.status_code, response.get("Location") or text(response)


def test_a_sent_form_registers_and_sent_again_leads_to_the_same_record(doctor: Actor) -> None:
    key = str(new_id())
    first, again = register(doctor, key=key), register(doctor, key=key)
    assert first == again == (302, reverse("residents:record", args=[key]))
    assert Card.objects.count() == 1


@pytest.mark.parametrize(
    ("way", "hint"),
    [
        ("card", "没带证件？"),
        ("no-card", "下次带身份证来，再补证件"),
        ("newborn", "取了名、上了户口，再补姓名和证件"),
        ("foreigner", "照证件上写的填"),
        ("unknown", "知道是谁以后，再补姓名和证件"),
    ],
)
def test_every_way_of_registering_has_the_hint_that_is_right_for_it(
    doctor: Actor, way: str, hint: str
) -> None:
    page = text(ask(doctor, reverse("residents:register")))
    ways = {part.split()[0].rstrip('">'): part for part in page.split('class="way way-')[1:]}
    assert hint in ways[way]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        pytest.param({"name": ""}, ["请填写姓名"], id="no name"),
        pytest.param({"name": "李" * 2000}, ["最多 50 个字，现在有 2000 个"], id="2,000 characters"),
        pytest.param({"name": "<script>"}, ["不能用的字符"], id="markup"),
        pytest.param({"birth": "2999-01-01"}, ["出生日期在今天之后"], id="a birth to come"),
        pytest.param({"phone": "1382271662"}, ["少 1 位"], id="a short phone"),
        pytest.param({"sex": "7"}, ["请从列表里选一项"], id="no such sex"),
        pytest.param({"enrolment": "card", "number": "441826195903142311"}, ["校验位不对"], id="check digit"),
        pytest.param({"enrolment": "card"}, ["请填写身份证号"], id="a card without a number"),
        pytest.param({"enrolment": "foreigner", "other_number": "E1"}, ["请先选证件类型"], id="no kind"),
        pytest.param({"enrolment": "newborn"}, ["请先找到母亲"], id="no mother"),
        pytest.param(
            {"mother": "x", "village": "y"}, ["请从列表里选一个人", "请从列表里选一个村"], id="typed"
        ),
        pytest.param({"address": "a\x00b"}, ["有看不见的字符"], id="NUL"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    doctor: Actor, changes: dict[str, str], sentences: list[str]
) -> None:
    status, page = register(doctor, contact_name="唐一妹", **changes)
    assert status == 422
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert 'value="唐一妹"' in page
    assert not Card.objects.exists()


def test_a_likely_duplicate_is_shown_and_a_reason_goes_on(doctor: Actor, stranger: Actor) -> None:
    a_person(stranger, a_profile("房金养", sex=Sex.MALE, birth=BIRTH))
    status, page = register(doctor)
    assert status == 422
    assert "很像已登记的人：房*养（99 分）" in page
    assert "为什么仍要新建" in page
    side = text(ask(doctor, reverse("residents:matches"), form()))
    assert "姓名相同" in side
    assert register(doctor, new_anyway="双胞胎，出生日期相同")[0] == 302


def test_a_number_fills_birth_and_sex(doctor: Actor) -> None:
    card = an_identity_card(a_profile(sex=Sex.FEMALE, birth=BIRTH))
    url = reverse("residents:check_number")
    page = text(ask(doctor, url, {"number": card.number, "enrolment": "card"}))
    assert 'value="1959-03-14"' in page
    assert re.search(r'value="2"[^>]*checked', page)
    wrong = text(ask(doctor, url, {"number": "441826195903142311", "enrolment": "card"}))
    assert "校验位不对" in wrong
    assert "id_birth_field" not in wrong


def test_having_no_document_is_not_offered_as_one(doctor: Actor) -> None:
    page = text(ask(doctor, reverse("residents:register")))
    assert "护照" in page
    assert "无证件" not in page
