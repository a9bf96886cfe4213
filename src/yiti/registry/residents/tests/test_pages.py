"""Every page of residents: who gets in, what is shown, what a refusal keeps."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import BreakGlass, Card, Resident
from yiti.registry.residents.selectors import merges
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_person,
    a_place,
    a_profile,
    a_stranger,
    an_identity_card,
    born,
)
from yiti.registry.residents.tests.pages import ask, text
from yiti.registry.residents.urls import urlpatterns

pytestmark = pytest.mark.django_db

BIRTH = born(date(1959, 3, 14))
EVERYBODYS = {"people", "search", "pick", "villages", "register", "matches", "check_number"}
OF_CARDS = {"closed"}


@pytest.fixture
def place() -> Place:
    """Where the doctor works."""
    return a_place()


@pytest.fixture
def doctor(place: Place) -> Actor:
    """A village doctor."""
    return a_clinician(place.clinic)


@pytest.fixture
def stranger() -> Actor:
    """Somebody with all permissions at an institution that no record is open to."""
    return a_stranger()


@pytest.fixture
def person_id(doctor: Actor, place: Place) -> UUID:
    """The man of the pictures, with card and phone."""
    profile = a_profile("房金养", sex=Sex.MALE, birth=BIRTH, phone="13822716620", payer="L01")
    return a_person(
        doctor,
        profile,
        village=place.village,
        enrolment=residents.Enrolment.CARD,
        identifiers=(an_identity_card(profile, 231),),
    )


def addresses(actor: Actor, person_id: UUID) -> dict[str, str]:
    """The address of every route, for a person with one of everything."""
    allergy = residents.AllergySpec(new_id(), "101", severity="severe")
    residents.add_allergy(actor=actor, person_id=person_id, spec=allergy, at=NOON)
    risk = residents.RiskSpec(new_id(), residents.RiskCode.HEART, "", NOON.date())
    residents.mark_risk(actor=actor, person_id=person_id, spec=risk, at=NOON)
    twin = a_person(actor)
    residents.merge_persons(
        actor=actor, absorbed_id=twin, kept_id=person_id, reason="同一个人登记了两次", at=NOON
    )
    ids = {
        "person_id": person_id,
        "allergy_id": allergy.id,
        "risk_id": risk.id,
        "document_id": residents.identifiers(actor, person_id)[0].id,
        "merge_id": merges(actor, person_id)[0].id,
    }
    return {str(route.name): _address(str(route.name), str(route.pattern), ids) for route in urlpatterns}


def _address(name: str, pattern: str, ids: dict[str, UUID]) -> str:
    wanted = re.findall(r"<uuid:(\w+)>", pattern)
    return reverse(f"residents:{name}", kwargs={each: ids[each] for each in wanted})


def test_every_page_lets_in_whom_it_should(doctor: Actor, stranger: Actor, person_id: UUID) -> None:
    pages = addresses(doctor, person_id)
    clerk = a_stranger("facilities.read")
    answers = {
        name: tuple(ask(who, url).status_code for who in (None, clerk, stranger, doctor))
        for name, url in pages.items()
    }
    opens = {"search": 302, "closed": 302}
    expected = {name: (302, 404, _stranger_gets(name), opens.get(name, 200)) for name in pages}
    assert answers == expected


def _stranger_gets(name: str) -> int:
    if name == "search":
        return 302
    return 200 if name in EVERYBODYS | OF_CARDS else 404


def test_a_strangers_record_and_a_missing_one_answer_alike(
    doctor: Actor, stranger: Actor, person_id: UUID
) -> None:
    pages = addresses(doctor, person_id)
    for name, url in pages.items():
        if name in EVERYBODYS | OF_CARDS:
            continue
        for post in (False, True):
            closed = ask(stranger, url, post=post)
            missing = ask(stranger, url.replace(str(person_id), str(new_id())), post=post)
            assert (closed.status_code, closed.content) == (missing.status_code, missing.content), name


def test_what_a_refused_post_tries_changes_nothing(doctor: Actor, stranger: Actor, person_id: UUID) -> None:
    pages = addresses(doctor, person_id)
    before = (
        Card.objects.count(),
        residents.person(doctor, person_id),
        residents.allergies(doctor, person_id),
    )
    for url in pages.values():
        ask(stranger, url, {"reason": "我就是想看看"} if "closed" not in url else {}, post=True)
    assert before == (
        Card.objects.count(),
        residents.person(doctor, person_id),
        residents.allergies(doctor, person_id),
    )


def test_every_look_leaves_a_row(doctor: Actor, person_id: UUID) -> None:
    for name in ("record", "facts", "looks", "reveal_number"):
        ask(doctor, reverse(f"residents:{name}", args=[person_id]))
    ask(doctor, reverse("residents:people"), {"q": "fjy"})
    rows = AuditEntry.objects.filter(action__startswith="read:residents").order_by("at", "id")
    assert [(row.action.split(":")[-1], row.kind, row.person_id == person_id) for row in rows] == [
        ("record", "residents.resident", True),
        ("facts", "residents.resident", True),
        ("looks", "residents.resident", True),
        ("reveal_number", "residents.number", True),
        ("people", "residents.card", False),
    ]


def test_the_record_shows_who_it_is_and_masks_numbers(doctor: Actor, person_id: UUID) -> None:
    addresses(doctor, person_id)
    page = text(ask(doctor, reverse("residents:record", args=[person_id])))
    number = residents.person(doctor, person_id).id_number
    assert number not in page
    assert "13822716620" not in page
    shown = ["房金养", "男", "67岁", "1959-03-14", "138****6620", "油岭村", "青霉素类抗生素过敏", "冠心病"]
    assert [words for words in shown if words not in page] == []
    revealed = text(ask(doctor, reverse("residents:reveal_number", args=[person_id])))
    assert revealed.strip() == number


def test_a_closed_record_shows_a_card_and_the_emergency_way(stranger: Actor, person_id: UUID) -> None:
    url = reverse("residents:closed", args=[person_id])
    page = text(ask(stranger, url))
    assert "房*养" in page
    assert "房金养" not in page
    assert "紧急调阅" in page
    refused = ask(stranger, url, {"reason": "急"}, post=True)
    assert refused.status_code == 422
    assert "至少 5 个字" in text(refused)
    opened = ask(stranger, url, {"reason": "昏迷送来急诊"}, post=True)
    assert opened["Location"] == reverse("residents:record", args=[person_id])
    assert ask(stranger, opened["Location"]).status_code == 200
    assert BreakGlass.objects.count() == 1


def test_who_may_not_break_the_glass_is_told_whom_to_ask(person_id: UUID) -> None:
    clerk = a_stranger("residents.search", "residents.read")
    url = reverse("residents:closed", args=[person_id])
    page = text(ask(clerk, url))
    assert "当班医生" in page
    assert '<form method="post" action="' + url not in page
    assert ask(clerk, url, {"reason": "昏迷送来急诊"}, post=True).status_code == 404


def test_the_list_says_what_can_be_typed_and_that_nobody_fits(doctor: Actor, person_id: UUID) -> None:
    url = reverse("residents:people")
    assert "首字母（fjy）" in text(ask(doctor, url))
    assert "没有找到" in text(ask(doctor, url, {"q": "zzz"}))
    assert "房金养" in text(ask(doctor, url, {"q": "fjy"}))


def test_pickers_offer_people_and_villages(doctor: Actor, stranger: Actor, person_id: UUID) -> None:
    headers = {"X-Yiti-Picker": "1"}
    mine = text(ask(doctor, reverse("residents:search"), {"q": "fjy"}, headers=headers))
    theirs = text(ask(stranger, reverse("residents:search"), {"q": "fjy"}, headers=headers))
    assert f'data-href="{reverse("residents:record", args=[person_id])}"' in mine
    assert f'data-href="{reverse("residents:closed", args=[person_id])}"' in theirs
    assert 'aria-disabled="true"' in text(ask(stranger, reverse("residents:pick"), {"q": "fjy"}))
    assert "油岭村" in text(ask(doctor, reverse("residents:villages"), {"q": "yl"}))


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
    assert "很像已登记的人：房*养（75 分）" in page
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


def edit_form(actor: Actor, person_id: UUID, **changes: str) -> dict[str, str]:
    """The edit form as it is sent after opening the page."""
    page = text(ask(actor, reverse("residents:edit", args=[person_id])))
    sent = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    return {**sent, "sex": "1", "payer": "L01", **changes}


def test_a_profile_is_saved_and_a_stale_page_shows_what_the_other_changed(
    doctor: Actor, person_id: UUID
) -> None:
    url = reverse("residents:edit", args=[person_id])
    mine = edit_form(doctor, person_id, phone="13900000000")
    theirs = edit_form(doctor, person_id, phone="13811112222", address="油岭村 2 组")
    assert ask(doctor, url, theirs, post=True).status_code == 302
    stale = ask(doctor, url, mine, post=True)
    page = text(stale)
    assert stale.status_code == 422
    shown = ["13811112222", "13900000000", "油岭村 2 组", "唐桂花", "刚被别人改过"]
    assert [words for words in shown if words not in page] == []
    assert Resident.objects.get(pk=person_id).phone == "13811112222"
    again = dict(re.findall(r'name="(revision)" value="(\d+)"', page))
    assert ask(doctor, url, {**mine, **again}, post=True).status_code == 302
    assert Resident.objects.get(pk=person_id).phone == "13900000000"


def test_a_retired_code_is_offered_again_so_that_saving_keeps_it(doctor: Actor, person_id: UUID) -> None:
    Resident.objects.filter(pk=person_id).update(payer="02")
    page = text(ask(doctor, reverse("residents:edit", args=[person_id])))
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
def test_a_dialog_does_what_it_says(doctor: Actor, person_id: UUID, name: str) -> None:
    data, shown = DIALOGS[name]
    url = reverse(f"residents:{name}", args=[person_id])
    asked = ask(doctor, url, headers={"HX-Request": "true"})
    assert "<dialog" in text(asked)
    done = ask(doctor, url, data, post=True, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers.get("HX-Redirect")) == (
        204,
        reverse("residents:facts", args=[person_id]),
    )
    assert shown in text(ask(doctor, reverse("residents:facts", args=[person_id])))


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
    doctor: Actor, person_id: UUID, name: str, data: dict[str, str], sentence: str
) -> None:
    before = residents.person(doctor, person_id)
    url = reverse(f"residents:{name}", args=[person_id])
    refused = ask(doctor, url, {"key": str(new_id()), **data}, post=True, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert residents.person(doctor, person_id) == before


def test_an_allergy_a_risk_a_document_and_a_merge_are_taken_back(doctor: Actor, person_id: UUID) -> None:
    pages = addresses(doctor, person_id)
    sent = {
        "refute_allergy": {"key": str(new_id()), "note": "皮试阴性"},
        "end_risk": {"until_date": now().date().isoformat()},
        "end_document": {},
        "unmerge": {},
    }
    answers = [ask(doctor, pages[name], data, post=True).status_code for name, data in sent.items()]
    assert answers == [302] * 4
    assert residents.allergies(doctor, person_id) == []
    assert residents.risks(doctor, person_id, on=now().date()) == []
    assert residents.person(doctor, person_id).id_number == ""
    assert merges(doctor, person_id) == []


def test_a_corrected_allergy_replaces_the_old_one(doctor: Actor, person_id: UUID) -> None:
    pages = addresses(doctor, person_id)
    data = {"key": str(new_id()), "substance_code": "103", "severity": "mild"}
    assert ask(doctor, pages["correct_allergy"], data, post=True).status_code == 302
    assert [row.substance_code for row in residents.allergies(doctor, person_id)] == ["103"]


def test_who_has_looked_is_told_in_words(doctor: Actor, person_id: UUID) -> None:
    ask(doctor, reverse("residents:record", args=[person_id]))
    page = text(ask(doctor, reverse("residents:looks", args=[person_id])))
    assert [words for words in ("登记", "打开档案", "唐桂花", "诊疗") if words not in page] == []
