"""A visit in the village: found by initials, seen, written down, and everybody who looked is known.

The first stretch of the golden thread (referral up, down and closed lengthen it).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.visitor import PHONE, SMALL_DESK, Visitor, a_visitor
from yiti.config.management.commands.load_example import PASSWORD
from yiti.ops.roles import Role

if TYPE_CHECKING:
    from conftest import RunningServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread
pytestmark = pytest.mark.journey

VILLAGE_DOCTOR, AUDITOR, NURSE = "LN2045", "LN0003", "LN0412"


@pytest.fixture(scope="module")
def county(server: RunningServer) -> str:
    """The example county of Liannan on a server of its own; its address."""
    server.manage(Role.LOADER, "load_example", "liannan")
    return server.url


def given_somebody_at_work(visitor: Visitor, code: str) -> None:
    visitor.sign_in(code, PASSWORD)


def when_she_finds_a_man_by_his_initials(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Control+k")
    visitor.page.keyboard.type("fjy")
    visitor.page.get_by_role("option", name="房金养").first.click()
    visitor.page.wait_for_url("**/residents/*/")
    visitor.look("resident")


def then_his_thread_runs_through_village_and_township(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("heading", name="房金养")).to_be_visible()
    expect(visitor.page.get_by_text("青霉素类抗生素过敏", exact=False)).to_be_visible()
    expect(visitor.page.get_by_text("高血压、糖尿病管理").first).to_be_visible()


def when_she_writes_down_a_visit(visitor: Visitor) -> None:
    person = visitor.page.url.rstrip("/").rsplit("/", 1)[-1]
    visitor.open(f"/episodes/visits/new?person={person}")
    visitor.page.locator("#id_chief_complaint").fill("胸闷 3 天")
    visitor.page.locator("#id_systolic").fill("166")
    visitor.page.locator("#id_diastolic").fill("100")
    visitor.look("new-visit")
    visitor.page.keyboard.press("F9")
    visitor.page.wait_for_url("**/episodes/visits/*/")
    visitor.look("visit")


def then_the_visit_stands_with_its_values(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text("胸闷 3 天").first).to_be_visible()
    expect(visitor.page.get_by_text("166").first).to_be_visible()


def test_a_visit_in_the_village_and_who_has_looked(browser: Browser, county: str) -> None:
    with a_visitor(browser, county) as doctor:
        given_somebody_at_work(doctor, VILLAGE_DOCTOR)
        when_she_finds_a_man_by_his_initials(doctor)
        then_his_thread_runs_through_village_and_township(doctor)
        when_she_writes_down_a_visit(doctor)
        then_the_visit_stands_with_its_values(doctor)
    with a_visitor(browser, county) as auditor:
        given_somebody_at_work(auditor, AUDITOR)
        auditor.open("/administration/trail?q=唐桂花")
        auditor.shoot("trail")
        expect(auditor.page.get_by_text("唐桂花").first).to_be_visible()


@pytest.mark.parametrize("path", ["/facilities/", "/facilities/beds", "/facilities/capability", "/terms/"])
def test_the_pages_about_places_hold_on_a_low_screen(browser: Browser, county: str, path: str) -> None:
    with a_visitor(browser, county, size=SMALL_DESK) as nurse:
        given_somebody_at_work(nurse, NURSE)
        nurse.open(path)
        nurse.shoot(path.strip("/").replace("/", "-"))


def test_a_village_doctor_finds_her_people_on_a_phone(browser: Browser, county: str) -> None:
    with a_visitor(browser, county, size=PHONE) as doctor:
        given_somebody_at_work(doctor, VILLAGE_DOCTOR)
        doctor.open("/residents/?q=fjy")
        doctor.shoot("phone-people")
        expect(doctor.page.get_by_text("房金养").first).to_be_visible()
