"""What people type wrongly: a sentence that helps, nothing lost, nothing stored twice, never a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.naughty import HALF_A_PAIR, NAUGHTY
from tests.papers import (
    ALLERGY,
    EDIT,
    KEYS,
    PAPERS,
    REGISTER,
    VISIT,
    Paper,
    filled,
    lost,
    opened,
    read,
    refused,
    squeezed,
    strings,
)
from tests.reading import Form, Page
from tests.world import AUDITOR, TOWNSHIP_DOCTOR, VILLAGE_DOCTOR, World
from yiti.foundation.web.limits import MOST_ADDRESS_CHARACTERS
from yiti.kernel.clock import local_date, now
from yiti.kernel.identity import make_id_number
from yiti.kernel.ids import new_id

MARKUP = [each for each in NAUGHTY if "naughty" in each and len(each) <= 60]
papers = pytest.mark.parametrize("paper", PAPERS, ids=[paper.name for paper in PAPERS])


@pytest.fixture(scope="module")
def blank(world: World) -> Callable[[Paper], Form]:
    """A form as it came, opened once for all; with new keys each time."""
    forms = {paper.name: opened(world.client(VILLAGE_DOCTOR), paper, world) for paper in PAPERS}

    def copy(paper: Paper) -> Form:
        values = forms[paper.name].values
        keys = {name: [str(new_id())] for name in KEYS if name in values}
        return Form({**values, **keys}, forms[paper.name].texts)

    return copy


# --- every string into every field ----------------------------------------------------------------
ALL_TURNS = [
    pytest.param(paper, turn, id=f"{paper.name}-{turn}")
    for paper in PAPERS
    for turn in range(0, len(NAUGHTY), 3 if paper is EDIT else 1)  # its fields are those of REGISTER
]


@pytest.mark.parametrize(("paper", "turn"), ALL_TURNS)
def test_whatever_is_typed_is_taken_or_kept(
    paper: Paper, turn: int, world: World, blank: Callable[[Paper], Form]
) -> None:
    form = blank(paper)
    typed = strings(form, turn)
    sent = filled(form, paper, typed)
    response = world.client(VILLAGE_DOCTOR).post(paper.address(world), sent)
    if response.status_code != 302:
        assert lost(sent, refused(response, paper, world), typed) == {}


@pytest.mark.parametrize("turn", range(0, len(NAUGHTY), 20))
@papers
def test_what_was_refused_can_be_put_right_where_it_says(paper: Paper, turn: int, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    form = opened(browser, paper, world)
    sent = filled(form, paper, strings(form, turn))
    for _try in range(4):  # the form refuses first, then the rules behind it
        response = browser.post(paper.address(world), sent)
        if response.status_code == 302:
            break
        form = refused(response, paper, world)
        sent = {**form.values, **{name: [paper.right.get(name, "")] for name in form.refused}}
    assert response.status_code == 302, form.refused


def stored() -> list[Any]:
    """Strings for the fields that are shown: all into a visit, markup also elsewhere."""
    chosen = [(VISIT, NAUGHTY), (ALLERGY, MARKUP), (EDIT, MARKUP)]
    return [
        pytest.param(paper, texts[start : start + len(paper.shown)], id=f"{paper.name}-{start}")
        for paper, texts in chosen
        for start in range(0, len(texts), len(paper.shown))
    ]


@pytest.mark.parametrize(("paper", "texts"), stored())
def test_what_is_stored_is_shown_as_it_was_typed(paper: Paper, texts: tuple[str, ...], world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    form = opened(browser, paper, world)
    sent = filled(form, paper, dict(zip(paper.shown, texts, strict=False)))
    response = browser.post(paper.address(world), sent)
    if response.status_code == 422:
        wrong = {name: [paper.right.get(name, "")] for name in refused(response, paper, world).refused}
        sent = {**sent, **wrong}
        response = browser.post(paper.address(world), sent)
    page = squeezed(read(browser.get(response["Location"])).text)
    assert [sent[name][-1] for name in paper.shown if squeezed(sent[name][-1]) not in page] == []


# --- every string into every search ---------------------------------------------------------------
PICKS = ("find", "residents:pick", "residents:villages", "facilities:search", "terminology:search")
LISTS = (
    "residents:people",
    "facilities:list",
    "facilities:capability",
    "staff:list",
    "terminology:table",
    "administration:trail",
)
SYSTEM = {"terminology:search": ["icd10"], "terminology:table": ["icd10"]}
PICKER = {"X-Yiti-Picker": "1"}


def ask(browser: Client, name: str, asked: str) -> None:
    """Search; whatever it was, there is an answer."""
    response = browser.get(f"{reverse(name, args=SYSTEM.get(name))}?q={asked}", headers=PICKER)
    if len(asked) > MOST_ADDRESS_CHARACTERS:
        assert response.status_code == 414
        return
    assert response.status_code == 200 or (asked.count("%00") and response.status_code == 422), asked
    assert response.status_code == 200 or "看不见的字符" in response.content.decode()
    read(response)


@pytest.mark.parametrize("name", PICKS)
def test_every_string_can_be_searched_for_as_one_types(name: str, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    for text in (*map(quote, NAUGHTY), HALF_A_PAIR):
        ask(browser, name, text)


@pytest.mark.parametrize("turn", range(len(LISTS)))
def test_lists_too_can_be_searched_for_anything(turn: int, world: World) -> None:
    """Each list for another part of the strings; for what no database can hold, all of them."""
    browser = world.client(AUDITOR if LISTS[turn] == "administration:trail" else VILLAGE_DOCTOR)
    for text in (*map(quote, NAUGHTY[turn :: len(LISTS)]), "%00", HALF_A_PAIR):
        ask(browser, LISTS[turn], text)


# --- things people really do ----------------------------------------------------------------------
TODAY = local_date(now())
NUMBER = make_id_number("999999", date(1990, 5, 17), 21)
WRONG_CHECK = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
UNBORN = make_id_number("999999", TODAY + timedelta(days=40), 21)
SLIPS = {
    "a wrong check digit": ({"enrolment": "card", "number": WRONG_CHECK}, "校验位不对"),
    "a number of somebody unborn": ({"enrolment": "card", "number": UNBORN}, "出生日期在今天之后"),
    "a number too short": ({"enrolment": "card", "number": NUMBER[:-1]}, "少 1 位"),
    "no number at all": ({"enrolment": "card"}, "请填写身份证号"),
    "a birth still to come": ({"birth": f"{TODAY + timedelta(days=1)}"}, "在今天之后"),
    "a day there is not": ({"birth": "1990-02-30"}, "日期"),
    "a name of 2,000 characters": ({"name": "唐" * 2000}, "姓名最多 50 个字，现在有 2000 个"),
    "no name": ({"name": " "}, "请填写姓名"),
    "markup for a name": ({"name": "<b>唐</b>"}, "姓名里有不能用的字符“<”"),
    "a formula for a name": ({"name": "=cmd|'/c calc'!A0"}, "姓名里有不能用的字符"),
    "a number with a letter too much": ({"phone": "1390000l234"}, "电话"),
    "a village that is none": ({"village": "油岭"}, "请从列表里选一个村"),
}


@pytest.mark.parametrize(("typed", "sentence"), SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_of_the_hand_gets_a_sentence_and_stores_nothing(
    typed: dict[str, str], sentence: str, world: World, blank: Callable[[Paper], Form]
) -> None:
    sent, before = filled(blank(REGISTER), REGISTER, typed), world.state()
    response = world.client(VILLAGE_DOCTOR).post(REGISTER.address(world), sent)
    assert lost(sent, refused(response, REGISTER, world), typed) == {}
    assert sentence in Page(response.content).text
    assert world.state() == before


def test_half_a_character_is_no_fault(world: World) -> None:
    """A browser never sends one; a broken program may."""
    response = world.client(VILLAGE_DOCTOR).post(
        REGISTER.address(world),
        f"enrolment=no_card&sex=1&name={HALF_A_PAIR}",
        content_type="application/x-www-form-urlencoded",
    )
    assert "姓名里有不能用的字符" in Page(response.content).text


def test_a_name_of_six_characters_is_shown_whole(world: World, blank: Callable[[Paper], Form]) -> None:
    """The Yao of Liannan have long names."""
    browser, name = world.client(VILLAGE_DOCTOR), "唐买十三妹儿"
    response = browser.post(REGISTER.address(world), filled(blank(REGISTER), REGISTER, {"name": name}))
    assert response.status_code == 302
    assert f"<h1>{name}</h1>" in browser.get(response["Location"]).content.decode()
    for asked in (name, "tmssme", "十三妹"):
        assert name in browser.get(reverse("residents:people"), {"q": asked}).content.decode()


@pytest.fixture(autouse=True)
def without_drafts(world: World) -> Iterator[None]:
    """What one test has left in a form does not stand in it for the next."""
    yield
    world.eye.execute("DELETE FROM drafts_draft")


@papers
def test_a_form_sent_twice_is_stored_once(paper: Paper, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    sent = filled(opened(browser, paper, world), paper, {"name": "房二次"} if "name" in paper.right else {})
    first = browser.post(paper.address(world), sent)
    between = world.state()
    second = browser.post(paper.address(world), sent)
    assert (first.status_code, second.status_code) == (302, 302), Page(first.content).text
    assert first["Location"] == second["Location"]
    assert world.state() == between


def test_who_saves_a_stale_page_sees_what_the_other_one_changed(world: World) -> None:
    doctor, colleague = world.client(VILLAGE_DOCTOR), world.client(TOWNSHIP_DOCTOR)
    mine, theirs = (filled(opened(each, EDIT, world), EDIT, {}) for each in (doctor, colleague))
    assert colleague.post(EDIT.address(world), {**theirs, "address": "新寨 8 号"}).status_code == 302
    before = world.state()
    response = doctor.post(EDIT.address(world), {**mine, "address": "老寨 3 号"})
    form = refused(response, EDIT, world)
    text = Page(response.content).text
    assert world.state() == before
    assert form.value("address") == "老寨 3 号"
    for shown in ("刚被别人改过", "新寨 8 号", world.actor(TOWNSHIP_DOCTOR).name):
        assert shown in text
    assert doctor.post(EDIT.address(world), form.values).status_code == 302
    assert opened(doctor, EDIT, world).value("address") == "老寨 3 号"


# --- the session ends while one types -------------------------------------------------------------
REFERERS = {
    "the page of the form": ("http://testserver/residents/new", "/residents/new"),
    "no page": ("", "/"),
    "a page of somebody else": ("https://evil.example//evil.example/in", None),
}


@pytest.mark.parametrize(("referer", "back"), REFERERS.values(), ids=REFERERS.keys())
def test_a_form_sent_after_the_session_ended_stores_nothing_and_leads_back(
    referer: str, back: str | None, world: World, blank: Callable[[Paper], Form]
) -> None:
    nobody, before = world.client(None), world.state()
    sent = filled(blank(ALLERGY), ALLERGY, {})
    response = nobody.post(ALLERGY.address(world), sent, headers={"Referer": referer})
    target = urlsplit(response["Location"])
    assert (response.status_code, target.path) == (302, reverse("account_login"))
    (asked,) = parse_qs(target.query)["next"]
    page = read(nobody.get(response["Location"]))
    assert "刚才那一步没有办成" in page.text
    offered = page.forms[""].value("next")
    assert ALLERGY.address(world) not in asked
    assert offered == (back or "")
    assert world.state() == before


def test_a_session_nobody_touched_has_ended(world: World, blank: Callable[[Paper], Form]) -> None:
    browser, before = world.client(VILLAGE_DOCTOR, apart=True), world.state()
    session = browser.session
    session["seen_at"] = int(now().timestamp()) - settings.IDLE_MINUTES * 60 - 1
    session.save()
    response = browser.post(ALLERGY.address(world), filled(blank(ALLERGY), ALLERGY, {}))
    assert (response.status_code, urlsplit(response["Location"]).path) == (302, reverse("account_login"))
    assert world.state() == before


def test_what_was_typed_into_a_visit_is_there_again_after_signing_in(world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    typed = strings(opened(browser, VISIT, world), 20)
    draft = reverse("drafts:save", args=["episodes-visit", world.person_id])
    assert browser.post(draft, typed).status_code == 200
    again = opened(world.client(VILLAGE_DOCTOR, apart=True), VISIT, world)
    texts = {name: value for name, value in typed.items() if name in VISIT.shown}
    assert {name: again.value(name) for name in texts} == texts
