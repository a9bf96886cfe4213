"""Signing in as a person does: code or phone, wrong passwords, the first password, and going away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from yiti.foundation.accounts.models import SignIn, User
from yiti.foundation.accounts.tests.builders import PASSWORD, a_user

pytestmark = pytest.mark.django_db


def sign_in(client: Any, login: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    answer: HttpResponse = client.post("/sign-in", {"login": login, "password": password, **more})
    return answer


@pytest.mark.parametrize("login", ["LN0412", "ln0412", " LN0412 ", "13800006620"])
def test_code_or_phone_opens_the_door(client: Client, login: str) -> None:
    a_user(username="LN0412", phone="13800006620")
    assert sign_in(client, login).status_code == 302
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize(
    ("login", "password"), [("LN0412", "wrong-password"), ("LN9999", PASSWORD), ("' OR 1=1 --", PASSWORD)]
)
def test_a_wrong_pair_is_refused_in_one_and_the_same_sentence(
    client: Client, login: str, password: str
) -> None:
    a_user(username="LN0412")
    answer = sign_in(client, login, password)
    assert answer.status_code == 200
    assert "工号或密码不对，请再试一次" in answer.content.decode()
    assert SignIn.objects.count() == 0


def test_five_failures_lock_the_account_and_only_that_account(client: Client) -> None:
    a_user(username="LN0412", phone="13800006620")
    a_user(username="LN0500")
    for login in ("LN0412", "ln0412", "13800006620", "LN0412", "LN0412"):
        sign_in(client, login, "wrong-password")
    assert "锁定 15 分钟" in sign_in(client, "13800006620").content.decode()
    assert sign_in(client, "LN0500").status_code == 302


def test_the_lock_opens_after_fifteen_minutes(client: Client, at: datetime) -> None:
    a_user(username="LN0412")
    with time_machine.travel(at, tick=True) as clock:
        for _ in range(6):
            sign_in(client, "LN0412", "wrong-password")
        assert sign_in(client, "LN0412").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert sign_in(client, "LN0412").status_code == 302


def test_a_refused_sign_in_over_a_page_does_not_send_the_password_back(client: Client) -> None:
    a_user(username="LN0412")
    typed = {"login": "LN0412", "password": "wrong-password"}
    answer = client.post("/sign-in", typed, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 400
    assert "工号或密码不对" in str(answer.json())
    assert "wrong-password" not in answer.content.decode()


def test_an_account_that_was_closed_stays_out(client: Client) -> None:
    a_user(username="LN0412", is_active=False)
    assert sign_in(client, "LN0412").status_code == 200


def test_after_signing_in_one_is_not_sent_to_another_house(client: Client) -> None:
    a_user(username="LN0412")
    assert sign_in(client, "LN0412", next="https://elsewhere.example/").headers["Location"] == "/"


def test_after_signing_in_one_is_back_where_one_wanted_to_go(client: Client) -> None:
    a_user(username="LN0412")
    assert sign_in(client, "LN0412", next="/administration/trail?page=2").headers["Location"] == (
        "/administration/trail?page=2"
    )


def test_a_first_password_must_be_changed_before_anything_else(client: Client) -> None:
    a_user(username="LN0412", must_change_password=True)
    sign_in(client, "LN0412")
    assert client.get("/").headers["Location"] == "/password"
    new = "kan-bing-2026"
    answer = client.post("/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert client.get("/").headers["Location"] != "/sign-in"
    user = User.objects.get(username="LN0412")
    assert user.check_password(new)
    assert not user.must_change_password


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("not-the-old-one", "kan-bing-2026", "kan-bing-2026", "现在的密码不对"),
        (PASSWORD, "kan-bing-2026", "kan-bing-2027", "两次输入的新密码不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能和现在的一样"),
        (PASSWORD, "12345678901", "12345678901", "密码只包含数字"),
        (PASSWORD, "ln0412ln0412", "ln0412ln0412", "密码里不要有工号或手机号"),
        (PASSWORD, "", "", "请填写新密码"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(
    client: Client, old: str, new: str, again: str, sentence: str
) -> None:
    a_user(username="LN0412")
    sign_in(client, "LN0412")
    answer = client.post("/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.get(username="LN0412").check_password(PASSWORD)


def test_fifteen_idle_minutes_sign_out(client: Client, at: datetime) -> None:
    a_user(username="LN0412")
    with time_machine.travel(at, tick=True) as clock:
        sign_in(client, "LN0412")
        client.get("/password")
        clock.shift(timedelta(minutes=14))
        assert client.get("/password").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert client.get("/password").headers["Location"].startswith("/sign-in?next=")


def test_a_poll_does_not_keep_a_session_alive(client: Client, at: datetime) -> None:
    a_user(username="LN0412")
    with time_machine.travel(at, tick=True) as clock:
        sign_in(client, "LN0412")
        client.get("/password")
        for _ in range(4):
            clock.shift(timedelta(minutes=5))
            answer = client.get("/password", headers={"X-Yiti-Poll": "1"})
        assert answer.status_code == 302
