"""Where one is signed in, and signing out from afar."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from yiti.foundation.accounts.domain import device_of
from yiti.foundation.accounts.tests.builders import PASSWORD, a_user
from yiti.foundation.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36 Edg/109.0"
END = re.compile(r'name="session" value="(\d+)"')


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Any:
    with time_machine.travel(at, tick=True) as moved:
        yield moved


def signed_in(agent: str, login: str = "LN0412") -> Client:
    browser = Client(HTTP_USER_AGENT=agent)
    browser.post("/sign-in", {"login": login, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/session").json()["user"] is not None


@pytest.mark.parametrize(
    ("agent", "words"),
    [(PHONE, "安卓手机 · 微信"), (DESK, "Windows 电脑 · Edge"), ("curl/8", "别的设备"), ("", "别的设备")],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device_of(agent) == words


def test_one_sees_where_one_is_signed_in() -> None:
    a_user(username="LN0412")
    desk, _phone = signed_in(DESK), signed_in(PHONE)
    page = desk.get("/account").content.decode()
    assert "安卓手机 · 微信" in page
    assert "Windows 电脑 · Edge" in page
    assert len(END.findall(page)) == 1  # not the one it is asked from


def test_a_device_is_signed_out_from_another() -> None:
    a_user(username="LN0412")
    desk, phone = signed_in(DESK), signed_in(PHONE)
    (session,) = END.findall(desk.get("/account").content.decode())
    assert desk.post("/account/sessions/end", {"session": session}).status_code == 302
    assert not is_in(phone)
    assert is_in(desk)
    assert AuditEntry.objects.filter(action="accounts.end_own_session").count() == 1


def test_all_others_are_signed_out_at_once() -> None:
    a_user(username="LN0412")
    desk, phone, other = signed_in(DESK), signed_in(PHONE), signed_in(PHONE)
    desk.post("/account/sessions/end-others")
    assert [is_in(each) for each in (desk, phone, other)] == [True, False, False]


def test_nobody_signs_out_anothers_device() -> None:
    a_user(username="LN0412")
    a_user(username="LN0500")
    mine, other = signed_in(DESK), signed_in(PHONE, "LN0500")
    signed_in(DESK, "LN0500")
    (session,) = END.findall(other.get("/account").content.decode())
    assert mine.post("/account/sessions/end", {"session": session}).status_code == 404
    assert is_in(other)


def test_a_device_left_alone_is_not_listed(clock: Any) -> None:
    a_user(username="LN0412")
    phone = signed_in(PHONE)
    clock.shift(timedelta(minutes=16))
    desk = signed_in(DESK)
    assert "安卓手机" not in desk.get("/account").content.decode()
    assert not is_in(phone)


def test_a_new_password_signs_out_the_other_devices() -> None:
    a_user(username="LN0412")
    desk, phone = signed_in(DESK), signed_in(PHONE)
    new = "kan-bing-2026"
    desk.post("/password", {"old": PASSWORD, "new": new, "again": new})
    assert is_in(desk)
    assert not is_in(phone)
