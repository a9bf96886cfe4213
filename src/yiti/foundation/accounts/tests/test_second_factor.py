"""Signing in with a code besides the password: bound once, asked for each time, lost and replaced."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpResponse
from django.test import Client

from yiti.foundation.accounts.domain import SecondFactor
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import PASSWORD, a_user
from yiti.foundation.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
KEY = re.compile(r"<code>([A-Z2-7 ]+)</code>")
RECOVERY = re.compile(r"<li><code>(\d+)</code></li>")


@pytest.fixture(autouse=True)
def asked(settings: Any, at: datetime) -> Any:
    settings.YITI_SECOND_FACTOR = SecondFactor.EVERYBODY
    with time_machine.travel(at, tick=True) as clock:
        yield clock


def sign_in(client: Any, **more: str) -> HttpResponse:
    answer: HttpResponse = client.post("/sign-in", {"login": "LN0412", "password": PASSWORD, **more})
    return answer


def code_of(key: str) -> str:
    """What an authenticator that knows the key shows now."""
    shown: str = format_hotp_value(hotp_value(key, list(yield_hotp_counters_from_time())[1]))
    return shown


def bind(client: Client) -> tuple[str, list[str]]:
    """Bind an authenticator; its key, and the recovery codes."""
    key = KEY.findall(client.get("/account/second-factor").content.decode())[0].replace(" ", "")
    assert client.post("/account/second-factor", {"code": code_of(key)}).status_code == 302
    codes = RECOVERY.findall(client.get("/account/recovery-codes").content.decode())
    return key, codes


def is_in(client: Client) -> bool:
    return client.get("/session").json()["user"] is not None


def test_nothing_opens_before_an_authenticator_is_bound(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    assert client.get("/").headers["Location"] == "/account/second-factor"
    assert client.get("/account").headers["Location"] == "/account/second-factor"
    _key, codes = bind(client)
    assert len(codes) == 10
    assert client.get("/account").status_code == 200
    assert AuditEntry.objects.filter(action="accounts.add_second_factor").count() == 1


@pytest.mark.parametrize("policy", [SecondFactor.ADMINISTRATORS, SecondFactor.NOBODY])
def test_who_need_not_is_not_asked(client: Client, settings: Any, policy: SecondFactor) -> None:
    settings.YITI_SECOND_FACTOR = policy
    a_user(username="LN0412")
    sign_in(client)
    assert client.get("/account").status_code == 200


def test_a_password_to_be_changed_comes_first(client: Client) -> None:
    a_user(username="LN0412", must_change_password=True)
    sign_in(client)
    assert client.get("/").headers["Location"] == "/password"


def test_a_wrong_first_code_binds_nothing(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    client.get("/account/second-factor")
    answer = client.post("/account/second-factor", {"code": "000000"})
    assert answer.status_code == 422
    assert "验证码不对或已经用过" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_key_does_not_lie_open_in_the_database(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    key, codes = bind(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert key not in kept
    assert not [code for code in codes if code in kept]


def test_the_next_sign_in_asks_for_a_code(client: Client, asked: Any) -> None:
    a_user(username="LN0412")
    sign_in(client)
    key, _codes = bind(client)
    other = Client()
    assert sign_in(other, next="/account").headers["Location"] == "/sign-in/code"
    assert not is_in(other)
    assert other.post("/sign-in/code", {"code": "123456"}).status_code == 422
    assert not is_in(other)
    asked.shift(timedelta(seconds=90))
    assert other.post("/sign-in/code", {"code": code_of(key)}).headers["Location"] == "/account"
    assert is_in(other)


def test_a_code_opens_once(client: Client, asked: Any) -> None:
    a_user(username="LN0412")
    sign_in(client)
    key, _codes = bind(client)
    asked.shift(timedelta(seconds=90))
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
        browser.post("/sign-in/code", {"code": code_of(key)})
    assert is_in(first)
    assert not is_in(second)


def test_a_recovery_code_opens_once(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    _key, codes = bind(client)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
        browser.post("/sign-in/code", {"code": codes[3]})
    assert is_in(first)
    assert not is_in(second)


def test_five_wrong_codes_lock_the_question(client: Client, asked: Any) -> None:
    a_user(username="LN0412")
    sign_in(client)
    key, _codes = bind(client)
    asked.shift(timedelta(seconds=90))
    other = Client()
    sign_in(other)
    for wrong in range(5):
        other.post("/sign-in/code", {"code": f"{wrong:06}"})
    assert "锁定 15 分钟" in other.post("/sign-in/code", {"code": code_of(key)}).content.decode()
    assert not is_in(other)


def test_without_a_password_there_is_no_question(client: Client) -> None:
    assert client.get("/sign-in/code").headers["Location"].startswith("/sign-in")
    assert client.post("/sign-in/code", {"code": "123456"}).headers["Location"].startswith("/sign-in")


def test_recovery_codes_are_shown_until_they_are_put_away(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    _key, codes = bind(client)
    again = client.get("/account/recovery-codes")
    assert RECOVERY.findall(again.content.decode()) == codes
    assert again.headers["Cache-Control"] == "no-store"
    assert client.post("/account/recovery-codes").headers["Location"] == "/"
    assert client.get("/account/recovery-codes").headers["Location"] == "/"


def test_who_has_one_binds_no_second(client: Client) -> None:
    a_user(username="LN0412")
    sign_in(client)
    bind(client)
    assert client.get("/account/second-factor").status_code == 302
    assert client.post("/account/second-factor", {"code": "123456"}).status_code == 302
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_a_password_of_ninety_days_has_to_be_changed(
    client: Client, settings: Any, asked: Any, at: datetime
) -> None:
    settings.YITI_SECOND_FACTOR = SecondFactor.NOBODY
    a_user(username="LN0412", created_at=at - timedelta(days=89))
    sign_in(client)
    assert client.get("/account").status_code == 200
    asked.shift(timedelta(days=1, minutes=1))
    other = Client()
    sign_in(other)
    assert other.get("/account").headers["Location"] == "/password"
    assert "用满 90 天" in other.get("/password").content.decode()
    new = "kan-bing-2026"
    other.post("/password", {"old": PASSWORD, "new": new, "again": new})
    assert other.get("/account").status_code == 200
    assert User.objects.get(username="LN0412").password_changed_at is not None
