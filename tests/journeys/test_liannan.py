"""Journeys through the example county of Liannan."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.casts import Cast, the_example_county
from tests.journeys.golden_thread import walk
from tests.journeys.visitor import PHONE, SMALL_DESK, a_visitor
from tests.serving import RunningServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread
pytestmark = pytest.mark.journey

LISTS = ("/facilities/", "/facilities/beds", "/facilities/capability", "/terms/", "/work/", "/help")


@pytest.fixture(scope="module")
def cast(server: RunningServer) -> Cast:
    """The county on a server of its own."""
    return the_example_county(server)


def test_a_man_goes_up_and_comes_home(browser: Browser, cast: Cast) -> None:
    walk(browser, cast)


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
