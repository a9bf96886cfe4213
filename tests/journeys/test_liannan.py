"""Journeys through the example county of Liannan."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.casts import Cast, the_example_county
from tests.journeys.golden_thread import walk
from tests.journeys.looking_back import look_back
from tests.journeys.visitor import PHONE, SMALL_DESK, Visitor, a_visitor
from tests.serving import RunningServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread
pytestmark = pytest.mark.journey

LISTS = ("/facilities/", "/facilities/beds", "/facilities/capability", "/terms/", "/work/", "/help")


@pytest.fixture(scope="module")
def cast(example_server: RunningServer) -> Cast:
    """The county on a server of its own."""
    return the_example_county(example_server)


def test_a_man_goes_up_and_comes_home(browser: Browser, cast: Cast) -> None:
    walk(browser, cast)


def test_who_looked_is_reviewed_and_shown_to_the_man(browser: Browser, cast: Cast) -> None:
    look_back(browser, cast)


def test_the_lists_hold_on_a_low_screen(browser: Browser, cast: Cast) -> None:
    with a_visitor(browser, cast.url, size=SMALL_DESK) as nurse:
        nurse.sign_in(cast.nurse.login, cast.nurse.password)
        for path in LISTS:
            nurse.open(path)
            nurse.shoot(f"low-{path.strip('/').replace('/', '-')}")


def test_a_village_doctor_finds_her_people_on_a_phone(browser: Browser, cast: Cast) -> None:
    with a_visitor(browser, cast.url, size=PHONE) as doctor:
        doctor.sign_in(cast.village_doctor.login, cast.village_doctor.password)
        doctor.open(f"/residents/?q={cast.initials}")
        doctor.shoot("phone-people")
        expect(doctor.page.get_by_text(cast.patient).first).to_be_visible()
        doctor.page.get_by_role("link", name=cast.patient).first.click()
        doctor.page.wait_for_url("**/residents/*/")
        doctor.look("phone-resident")


def take_refusals(visitor: Visitor, status: str) -> None:
    """Take answers of this status, which the console tells of, for no fault."""
    assert [each for each in visitor.faults if f"status of {status}" not in each] == []
    visitor.faults.clear()


def sign_in_again(visitor: Visitor, password: str) -> None:
    """Answer the question over the page, and take what the server refused meanwhile for no fault."""
    veil = visitor.page.locator("#signed-out")
    expect(veil).to_be_visible()
    veil.get_by_label("密码").fill(password)
    veil.get_by_role("button", name="登录并继续").click()
    take_refusals(visitor, "40")


def test_who_is_signed_out_while_writing_signs_in_over_the_page_and_goes_on(
    browser: Browser, cast: Cast
) -> None:
    with a_visitor(browser, cast.url) as doctor:
        doctor.sign_in(cast.village_doctor.login, cast.village_doctor.password)
        doctor.open("/residents/new")
        doctor.page.get_by_role("radio", name="没带证件").check()
        doctor.page.get_by_role("radio", name="女", exact=True).check()
        doctor.page.locator("#id_name").fill("唐久别")
        doctor.page.wait_for_timeout(1000)  # the draft is on its way, and its answer renews the session
        doctor.page.wait_for_load_state("networkidle")
        doctor.page.context.clear_cookies(name="sessionid")
        doctor.page.keyboard.press("F9")
        sign_in_again(doctor, "not-the-password")
        expect(doctor.page.get_by_text("工号或密码不对")).to_be_visible()
        doctor.look("signed-out")
        sign_in_again(doctor, cast.village_doctor.password)
        expect(doctor.page.get_by_role("heading", name="唐久别")).to_be_visible()


def test_a_search_after_the_session_ended_shows_no_sign_in_page_in_its_list(
    browser: Browser, cast: Cast
) -> None:
    with a_visitor(browser, cast.url) as doctor:
        doctor.sign_in(cast.village_doctor.login, cast.village_doctor.password)
        doctor.open("/residents/new")
        doctor.page.context.clear_cookies(name="sessionid")
        doctor.page.locator("#id_village").fill("油岭")
        sign_in_again(doctor, cast.village_doctor.password)
        expect(doctor.page.locator("#signed-out")).to_be_hidden()
        assert doctor.page.locator("input[type=password]:visible").count() == 0
        doctor.page.locator("#id_village").press_sequentially("村")
        expect(doctor.page.locator(".picker-list [role=option]").first).to_be_visible()
        take_refusals(doctor, "40")


def test_what_is_too_long_stays_is_refused_and_one_may_go_back(browser: Browser, cast: Cast) -> None:
    with a_visitor(browser, cast.url) as doctor:
        doctor.sign_in(cast.village_doctor.login, cast.village_doctor.password)
        doctor.open(f"/residents/?q={cast.initials}")
        doctor.page.get_by_role("link", name=cast.patient).first.click()
        doctor.page.wait_for_url("**/residents/*/")
        record = doctor.page.url
        doctor.look()
        doctor.page.keyboard.press("F2")
        doctor.page.wait_for_url("**/episodes/visits/new*")
        doctor.page.locator("#id_chief_complaint").focus()
        doctor.page.keyboard.insert_text("胸闷" * 300)
        doctor.page.keyboard.press("F9")
        expect(doctor.page.locator(".form-errors")).to_be_visible()
        expect(doctor.page.locator("#id_chief_complaint")).to_have_value("胸闷" * 300)
        expect(doctor.page.locator("#id_chief_complaint_field .error")).to_be_visible()
        doctor.page.locator("#id_chief_complaint").fill("胸闷 3 天")
        expect(doctor.page.locator("#id_chief_complaint_field .error")).to_have_count(0)
        doctor.open("/work/")
        doctor.page.go_back()
        expect(doctor.page.locator("#id_chief_complaint")).to_be_visible()
        doctor.page.goto(record)
        take_refusals(doctor, "422")


def test_a_step_goes_through_once_after_signing_in_again(browser: Browser, cast: Cast) -> None:
    with a_visitor(browser, cast.url) as nurse:
        nurse.sign_in(cast.nurse.login, cast.nurse.password)
        nurse.open("/work/")
        row = nurse.page.get_by_role("row").filter(has_text=re.compile("上.*待接收", re.DOTALL)).first
        row.get_by_role("link").first.click()
        nurse.page.wait_for_url("**/referrals/*/")
        nurse.page.locator(".page-header details.menu summary").last.click()
        nurse.page.get_by_role("link", name="退回").click()
        dialog = nurse.page.locator("#dialog dialog")
        nurse.choose("reason_code", "检查")
        dialog.get_by_role("textbox").fill("请补做心电图")
        nurse.page.context.clear_cookies(name="sessionid")
        dialog.get_by_role("button", name="退回").click()
        sign_in_again(nurse, cast.nurse.password)
        expect(nurse.page.get_by_text("请补做心电图")).to_have_count(1)


def test_nobody_sends_a_page_in_the_name_of_who_signed_in_after_her(browser: Browser, cast: Cast) -> None:
    with a_visitor(browser, cast.url) as doctor:
        doctor.sign_in(cast.village_doctor.login, cast.village_doctor.password)
        doctor.open("/residents/new")
        doctor.page.locator("#id_name").fill("唐换人")
        doctor.page.wait_for_load_state("networkidle")
        doctor.page.context.clear_cookies(name="sessionid")
        nurse = Visitor(doctor.page.context.new_page(), cast.url)
        nurse.sign_in(cast.nurse.login, cast.nurse.password)
        doctor.page.keyboard.press("F9")
        expect(doctor.page.get_by_text("现在登录的是别人")).to_be_visible()
        nurse.open("/residents/?q=唐换人")
        expect(nurse.page.get_by_role("link", name="唐换人")).to_have_count(0)
        doctor.faults.clear()  # the nurse may not ask for people like this one
