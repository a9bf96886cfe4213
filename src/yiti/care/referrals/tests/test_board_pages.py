"""The pages of the board: what they say, where each figure leads, and what is sent to Excel."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.tests import builders
from yiti.care.referrals.tests.builders import MINUTE, County, a_visit, episode_of
from yiti.care.referrals.tests.pages import a_county_of_today, at_desk, outcome_sent, sent, text
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.clock import now
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs.models import HandoffEvent
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

PERMISSIONS = ("handoffs.read", "handoffs.urge", "referrals.board", "facilities.oversee")
OF_ROOMS = re.compile(r'FROM "(handoffs|referrals|facilities|residents|staff)_')  # not: session, cache
LINK = re.compile(r'href="(/referrals/list[^"]*)"')


@pytest.fixture
def county(db: None) -> County:
    """The small county of today."""
    return a_county_of_today()


def office(county: County) -> Client:
    """The browser of the consortium office, at the head hospital."""
    return at_desk(somebody_at(county.head, *PERMISSIONS, name="盘立新", role="consortium_office"))


def get(browser: Client, name: str, **asked: str) -> HttpResponse:
    answer = browser.get(reverse(f"referrals:{name}"), asked)
    assert isinstance(answer, HttpResponse)
    return answer


def sent_by_another(county: County) -> None:
    """One more that waits, of somebody else."""
    doctor = county.village_doctor
    person_id = residents.a_person(doctor, at=now() - 300 * MINUTE)
    visit_id = a_visit(doctor, person_id, at=now() - 290 * MINUTE)
    builders.sent_up(
        county, at=now() - 200 * MINUTE, person_id=person_id, episode_id=episode_of(doctor, visit_id)
    )


def test_the_board_says_its_figures_with_what_they_are_made_of(county: County) -> None:
    outcome_sent(county)
    page = text(get(office(county), "board"))
    for said in ("上转 1 人次", "闭环率 ・ 发出方 0.0% 0 / 1", "闭环率 ・ 接收方 100.0% 1 / 1", "目标 30 分"):
        assert said in page, said
    assert "县域内住院率 – 未知" in page, "unknown is never 0"
    assert "县人民医院床位" in page


def test_every_link_of_the_board_opens_a_list_or_a_page(county: County) -> None:
    outcome_sent(county)
    browser = office(county)
    links = {each.replace("&amp;", "&") for each in LINK.findall(get(browser, "board").content.decode())}
    assert {re.search(r"which=([a-z-]+)", link)[1] for link in links} >= {  # type: ignore[index]
        "up",
        "down",
        "sender",
        "receiver",
        "urgent",
        "sent-up",
        "got-down",
        "open",
    }
    for link in links:
        assert browser.get(link).status_code == 200, link


@pytest.mark.parametrize("which", Behind)
def test_a_list_opens_for_every_figure_full_and_empty(county: County, which: Behind) -> None:
    browser = office(county)
    assert get(browser, "rows", which=which).status_code == 200
    outcome_sent(county)
    sent_by_another(county)
    assert get(browser, "rows", which=which, month=f"{now():%Y-%m}", sort="due").status_code == 200


def test_a_county_without_referrals_is_told_what_comes(county: County) -> None:
    browser = office(county)
    assert "这里还没有转诊" in text(get(browser, "board"))
    assert "这个月没有" in text(get(browser, "rows", which="sender"))
    assert "没有符合的" in text(get(browser, "rows", which="up", q="房"))


ODD: dict[str, tuple[dict[str, str], int]] = {
    "no month": ({"month": "2026-13"}, 200),
    "a month of another kind": ({"month": "20261"}, 200),
    "a month long ago": ({"month": "0001-01"}, 200),
    "a month to come": ({"month": "2999-12"}, 200),
    "no id": ({"member": "县人民医院"}, 200),
    "somebody else's": ({"member": "01890000-0000-7000-8000-000000000000"}, 404),
    "no figure": ({"which": "all", "sort": "-moon", "page": "99"}, 200),
}


@pytest.mark.parametrize(("asked", "status"), ODD.values(), ids=ODD)
def test_odd_addresses_do_no_harm(county: County, asked: dict[str, str], status: int) -> None:
    browser = office(county)
    for name in ("board", "export_board", "rows", "export_rows"):
        assert get(browser, name, **asked).status_code == status, name


def test_who_only_oversees_reads_masked_names_and_opens_no_record(county: County) -> None:
    sent(county)
    browser = office(county)
    for answer in (get(browser, "board"), get(browser, "rows", which="open"), get(browser, "rows")):
        assert "房*养" in text(answer)
        assert "房金养" not in answer.content.decode()
    cells = " ".join(str(each) for sheet in sheets(get(browser, "export_board")).values() for each in sheet)
    assert "房*养" in cells
    assert "房金养" not in cells
    nurse = get(at_desk(county.nurse), "board")
    assert "房金养" in text(nurse)
    assert AuditEntry.objects.filter(action="read:referrals:board").count() == 2


def sheets(answer: HttpResponse) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook that was sent."""
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    read = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def test_the_figures_and_the_rows_go_to_excel(county: County) -> None:
    outcome_sent(county)
    browser = office(county)
    found = sheets(get(browser, "export_board"))
    months = found["各月指标"]
    shown = dict(zip(months[0], months[-1], strict=True))
    assert len(months) == 13
    assert (shown["上转"], shown["接收方闭环率（%）"], shown["县域内住院率（%）"]) == (1, 100, "")
    (rows,) = sheets(get(browser, "export_rows", which="answered")).values()
    assert [row[2] for row in rows] == ["姓名", "房*养"]


def test_the_urge_button_is_pressed_once_and_then_says_so(county: County) -> None:
    row = sent(county)
    browser = office(county)
    before = get(browser, "board").content.decode()
    assert reverse("handoffs:urge", args=[row.id]) in before
    for _ in range(2):
        done = browser.post(
            reverse("handoffs:urge", args=[row.id]), {"next": "/referrals/"}, headers={"HX-Request": "true"}
        )
        assert "已催办" in text(done)
    assert HandoffEvent.objects.filter(handoff_id=row.id, nature="urged").count() == 1
    after = get(browser, "board").content.decode()
    assert reverse("handoffs:urge", args=[row.id]) not in after
    assert "已催办" in after
    assert "催办" in text(at_desk(county.nurse).get(reverse("handoffs:bell")))


def test_the_pages_cost_the_same_for_one_referral_and_for_many(county: County) -> None:
    sent(county)
    browser = office(county)

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as said:
            assert get(browser, name).status_code == 200
        return len([query for query in said.captured_queries if OF_ROOMS.search(query["sql"])])

    names = ("board", "rows", "export_board", "export_rows")
    for name in names:
        queries(name)  # what is read once and kept
    few = [queries(name) for name in names]
    for _ in range(19):
        sent_by_another(county)
    assert [queries(name) for name in names] == few


def test_the_menu_has_the_board_only_for_those_who_may_see_it(county: County) -> None:
    sent(county)
    menu = f'class="rail-link" href="{reverse("referrals:board")}"'
    assert menu in at_desk(county.nurse).get(reverse("handoffs:work")).content.decode()
    assert menu not in at_desk(county.village_doctor).get(reverse("handoffs:work")).content.decode()
