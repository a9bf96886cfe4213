"""A record is opened in an emergency; those whose data it is hear of it, an auditor reviews it, and the man
himself sees it on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.journeys.casts import Cast, Worker
from tests.journeys.visitor import DESK, PHONE, Visitor, a_visitor

WHY = "昏迷送来急诊，家属说不清用药"
NUMBER = re.compile(r"\d{17}[\dX]")
FOUND = "查过，急诊没有就诊记录"


def look_back(browser: Browser, cast: Cast) -> None:
    """The whole way, on the desk and on a phone."""
    with a_visitor(browser, cast.url) as village:
        when_signed_in(village, cast.village_doctor)
        village.open(f"/residents/?q={cast.initials}")
        village.page.get_by_role("link", name=cast.patient).first.click()
        village.page.wait_for_url("**/residents/*/")
        record = village.page.url.removeprefix(cast.url)
        with a_visitor(browser, cast.url) as elsewhere:
            when_signed_in(elsewhere, Worker("LN0543", "邱振华", cast.village_doctor.password))
            when_the_glass_is_broken(elsewhere, record)
            then_the_owner_hears_of_it(village)
            when_an_auditor_reviews_it(browser, cast)
            elsewhere.open("/bell")
            expect(elsewhere.page.get_by_text("核查结论：不合理")).to_be_visible()
        code, tail = when_a_slip_is_printed(village, record)
    then_the_man_sees_who_looked(browser, cast, code, tail)


def when_signed_in(visitor: Visitor, who: Worker) -> None:
    visitor.sign_in(who.login, who.password)


def when_the_glass_is_broken(visitor: Visitor, record: str) -> None:
    visitor.open(f"{record}closed")
    visitor.page.locator("#id_reason").fill(WHY)
    visitor.page.get_by_role("button", name="紧急调阅").click()
    visitor.page.wait_for_url(f"**{record}")
    visitor.look()


def then_the_owner_hears_of_it(village: Visitor) -> None:
    village.open("/bell")
    expect(village.page.get_by_text(WHY)).to_be_visible()
    village.look("bell-emergency")


def when_an_auditor_reviews_it(browser: Browser, cast: Cast) -> None:
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        with a_visitor(browser, cast.url, size=size) as auditor:
            when_signed_in(auditor, cast.auditor)
            paper = ["chain/head"] if size is DESK else []  # paper is as wide as paper
            for page in ("trail", "refused", "unusual", "chain", *paper):
                auditor.open(f"/administration/{page}")
                auditor.shoot(f"{name}-{page.replace('/', '-')}")
            auditor.open("/residents/glass?state=waiting")
            auditor.look(f"{name}-glasses")
            auditor.page.locator("a.row-link").first.click()
            auditor.page.wait_for_url("**/residents/glass/*")
            auditor.look(f"{name}-glass")
            if size is DESK:
                auditor.page.get_by_label("不合理", exact=True).check()
                auditor.page.locator("#id_note").fill(FOUND)
                auditor.page.get_by_role("button", name="记下结论").click()
                auditor.page.wait_for_url("**/residents/glass?*")
                expect(auditor.page.get_by_text(WHY)).to_have_count(0)
                auditor.look()


def when_a_slip_is_printed(village: Visitor, record: str) -> tuple[str, str]:
    """The code on the paper, and the last four of the man's number."""
    village.open(record)
    village.page.get_by_label("显示全部证件号，会留下记录").click()
    facts = village.page.locator(".identity-facts")
    expect(facts).to_contain_text(NUMBER)
    found = NUMBER.search(facts.inner_text())
    assert found
    village.open(f"{record}looks")
    village.page.get_by_role("link", name="给本人打印查询单").click()
    village.page.wait_for_url("**/slip")
    village.look("slip-question")
    village.page.get_by_role("button", name="已核对，打印查询单").click()
    village.page.locator(".looked-code").wait_for()
    village.look("slip-paper")
    return village.page.locator(".looked-code").inner_text(), found[0][-4:]


def then_the_man_sees_who_looked(browser: Browser, cast: Cast, code: str, tail: str) -> None:
    with a_visitor(browser, cast.url, size=PHONE) as man:
        man.open(f"/looked?code={code}")
        man.page.locator("#id_answer").fill(tail)
        man.page.get_by_role("button", name="查看").click()
        expect(man.page.get_by_text("邱振华").first).to_be_visible()
        man.look("phone-looked")
        man.page.get_by_role("button", name="English").click()
        expect(man.page.get_by_text("Who looked at my health record").first).to_be_visible()
    with a_visitor(browser, cast.url, size=PHONE) as somebody:
        somebody.open(f"/looked?code={code}")
        somebody.page.locator("#id_answer").fill(tail)
        somebody.page.get_by_role("button", name="查看").click()
        expect(somebody.page.get_by_text("打不开")).to_be_visible()
        somebody.look("phone-looked-refused")
