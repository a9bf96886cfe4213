"""Whose session it is: made anew at sign-in, gone at sign-out, worth nothing when invented."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from tests.hashing import Quick
from tests.world import VILLAGE_DOCTOR, World
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import PASSWORD, a_user

COOKIE = settings.SESSION_COOKIE_NAME
PAGE = "/facilities/"


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "invented", ["", "0" * 32, "../../etc/passwd", "' OR 1=1 --", "eyJhbGciOiJub25lIn0.e30.", "\u00e9" * 40]
)
def test_an_invented_session_opens_nothing(invented: str, world: World) -> None:
    browser = Client()
    browser.cookies[COOKIE] = invented
    assert browser.get(PAGE).status_code == 302


def test_a_session_is_worth_nothing_after_signing_out(world: World) -> None:
    browser, thief = world.client(VILLAGE_DOCTOR, apart=True), Client()
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert is_in(thief)
    browser.post(reverse("account_logout"))
    assert not is_in(thief)


def test_every_session_has_a_key_of_its_own(world: World) -> None:
    """32 of 36 characters chosen by `secrets`: 165 bits."""
    keys = {world.client(VILLAGE_DOCTOR, apart=True).cookies[COOKIE].value for _ in range(10)}
    assert len(keys) == 10
    assert {len(key) for key in keys} == {32}


def test_what_one_browser_gets_no_other_has(world: World) -> None:
    """Two people on one machine, one after the other: the second sees nothing of the first."""
    browser = world.client(VILLAGE_DOCTOR, apart=True)
    browser.post(reverse("account_logout"))
    assert COOKIE not in browser.cookies or browser.cookies[COOKIE].value == ""
    assert browser.get(reverse("residents:record", args=[world.person_id])).status_code == 302


# --- signing in -----------------------------------------------------------------------------------
class Counted(Quick):
    """Counts how often a password is stretched, which is what takes the time of a sign-in."""

    count = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        Counted.count += 1
        return super().encode(password, salt, iterations)


@pytest.fixture
def counted(db: None) -> Iterator[type[Counted]]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counted"]):
        yield Counted


def sign_in(browser: Client, login: str, password: str) -> int:
    return browser.post("/sign-in", {"login": login, "password": password}).status_code


def cost(counted: type[Counted], login: str) -> int:
    before = counted.count
    sign_in(Client(), login, "wrong-password")
    return counted.count - before


def test_an_unknown_name_costs_as_much_as_a_wrong_password(counted: type[Counted]) -> None:
    user = a_user(username="LN0412")
    user.set_password(PASSWORD)
    user.save()
    assert cost(counted, "LN9999") == cost(counted, "LN0412") == 1


def test_a_session_is_made_anew_at_sign_in(db: None) -> None:
    a_user(username="LN0412")
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody who knows this key"
    session.save()
    browser.cookies[COOKIE] = planted = str(session.session_key)
    sign_in(browser, "LN0412", PASSWORD)
    assert is_in(browser)
    assert browser.cookies[COOKIE].value != planted
    thief = Client()
    thief.cookies[COOKIE] = planted
    assert not is_in(thief)


def test_an_account_that_is_closed_is_out_at_its_next_request(db: None) -> None:
    a_user(username="LN0412")
    browser = Client()
    sign_in(browser, "LN0412", PASSWORD)
    assert is_in(browser)
    User.objects.filter(username="LN0412").update(is_active=False)
    assert not is_in(browser)


def test_a_new_password_ends_every_other_session(db: None) -> None:
    a_user(username="LN0412")
    mine, other = Client(), Client()
    for browser in (mine, other):
        sign_in(browser, "LN0412", PASSWORD)
    new = "kan-bing-2026"
    assert mine.post("/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert (is_in(mine), is_in(other)) == (True, False)


@pytest.mark.parametrize(
    "password", [" kan bing 2026 ", "Kan-Bing-2026", "看病要先挂号吧", "🩺" * 8, "k" * 120]
)
def test_a_password_is_taken_exactly_as_it_is_typed(password: str, db: None) -> None:
    a_user(username="LN0412")
    browser = Client()
    sign_in(browser, "LN0412", PASSWORD)
    sent = {"old": PASSWORD, "new": password, "again": password}
    assert browser.post("/password", sent).status_code == (302 if len(password) >= 8 else 422)
    for other in {password.strip(), password.lower(), password[:72], password + "x"} - {password}:
        assert sign_in(Client(), "LN0412", other) == 200
    assert sign_in(Client(), "LN0412", password) == (302 if len(password) >= 8 else 200)


def test_a_password_of_the_common_list_is_refused(db: None) -> None:
    a_user(username="LN0412")
    browser = Client()
    sign_in(browser, "LN0412", PASSWORD)
    for common in ("password1", "qwertyuiop", "iloveyou"):
        answer = browser.post("/password", {"old": PASSWORD, "new": common, "again": common})
        assert answer.status_code == 422


def test_password_fields_hide_what_is_typed_and_let_a_program_fill_it_in(db: None) -> None:
    page = Client().get("/sign-in").content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_there_is_no_account_that_nobody_has_made(db: None) -> None:
    """And none that everybody knows the name of."""
    for name in ("admin", "root", "sa", "administrator", "test", "guest", "yiti", "system"):
        for password in ("", name, "admin", "123456", "password"):
            assert sign_in(Client(), name, password) == 200
    assert not User.objects.exists()


# --- from other houses -----------------------------------------------------------------------------
def test_a_form_of_another_house_is_refused(world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR, apart=True, enforce_csrf_checks=True)
    token = browser.get("/session").json()["token"]
    sent, before = {"large": "1", "csrfmiddlewaretoken": token}, world.state()
    for origin in ("https://elsewhere.example", "null", "http://testserver.elsewhere.example"):
        assert browser.post("/text-size", sent, headers={"Origin": origin}).status_code == 403
    assert world.state() == before
    assert browser.post("/text-size", sent, headers={"Origin": "http://testserver"}).status_code == 302
