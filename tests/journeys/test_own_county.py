"""The golden thread on a county of one's own: `yiti init`, a workbook, no demo data, and administrators who
sign in with a second factor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.casts import a_county_of_its_own
from tests.journeys.golden_thread import OWN_PASSWORD, walk
from tests.journeys.visitor import Visitor, a_visitor, code_of
from tests.serving import RunningServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread
pytestmark = pytest.mark.journey


@pytest.fixture(scope="module", autouse=True)
def second_factor() -> Iterator[None]:
    """As a county runs, and not as a demo does: before the server of this module starts."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YITI_SECOND_FACTOR", "administrators")
        yield


def begin_to_sign_in(auditor: Visitor) -> None:
    """The password is right; now the code is asked for."""
    auditor.open("/sign-in")
    auditor.page.get_by_label("工号或手机号").fill("LN0003")
    auditor.page.locator("input[type=password]").fill(OWN_PASSWORD)
    auditor.page.get_by_role("button", name="登录", exact=True).click()
    auditor.page.wait_for_url("**/sign-in/code")
    auditor.look("code")


def give(auditor: Visitor, code: str) -> None:
    """Answer the question for a code."""
    auditor.page.get_by_label("验证码").fill(code)
    auditor.page.get_by_role("button", name="登录", exact=True).click()
    auditor.page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_in_over_the_page(auditor: Visitor, code: str) -> None:
    """The session has ended; one signs in over the page, with a code as well."""
    veil = auditor.page.locator("#signed-out")
    expect(veil).to_be_visible()
    veil.get_by_label("密码").fill(OWN_PASSWORD)
    veil.get_by_role("button", name="登录并继续").click()
    expect(veil.get_by_label("手机验证器上的 6 位数")).to_be_visible()
    auditor.look("signed-out-code")
    veil.get_by_label("手机验证器上的 6 位数").fill(code)
    veil.get_by_role("button", name="登录并继续").click()
    expect(veil).to_be_hidden()


def test_a_man_goes_up_and_comes_home(browser: Browser, server: RunningServer, tmp_path: Path) -> None:
    story = walk(browser, a_county_of_its_own(server, tmp_path))
    key, codes = story.keys["LN0003"]
    with a_visitor(browser, server.url) as auditor:
        begin_to_sign_in(auditor)
        give(auditor, code_of(key, later=1))
        auditor.look()
    with a_visitor(browser, server.url) as auditor:
        begin_to_sign_in(auditor)
        give(auditor, codes[0])
        auditor.open("/account")
        auditor.look("account")
        auditor.page.context.clear_cookies(name="sessionid")
        auditor.page.get_by_role("button", name="除了这台，全部退出").click()
        sign_in_over_the_page(auditor, codes[1])
        expect(auditor.page.get_by_text("别的设备都已退出登录")).to_be_visible()
        expect(auditor.page.get_by_role("button", name="除了这台，全部退出")).to_be_hidden()
