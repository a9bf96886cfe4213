"""Accounts, as the security administrator looks after them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import PASSWORD, a_role, a_user
from yiti.foundation.audit.models import AuditEntry
from yiti.registry.staff.tests.builders import a_posting, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: datetime) -> object:
    with time_machine.travel(at, tick=True):
        yield


def signed_in(login: str, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post("/sign-in", {"login": login, "password": password})
    return browser


@pytest.fixture
def keeper() -> Client:
    """The browser of the security administrator."""
    a_role("security", "accounts.manage", zh="安全管理员")
    a_posting(a_staff_member("管安全", code="SEC01", user=a_user(username="SEC01")), role="security")
    return signed_in("SEC01")


@pytest.fixture
def user() -> User:
    return a_user(username="LN2001", name="盘凤英")


def is_in(browser: Client) -> bool:
    return browser.get("/session").json()["user"] is not None


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def at_account(user_id: UUID, act: str = "") -> str:
    return f"/administration/accounts/{user_id}" + (f"/{act}" if act else "")


@pytest.mark.parametrize("asked", ["盘凤", "ln20", "13822716620"])
def test_an_account_is_found(keeper: Client, asked: str) -> None:
    a_user(username="LN2001", name="盘凤英", phone="13822716620")
    found = page(keeper, f"/administration/accounts?q={asked}")
    assert "盘凤英" in found
    assert "管安全</a>" not in found
    assert "138****6620" in found


@pytest.mark.parametrize(("state", "code"), [("open", "SEC01"), ("new", "LN2002"), ("closed", "LN2003")])
def test_accounts_by_their_state(keeper: Client, state: str, code: str) -> None:
    a_user(username="LN2002", must_change_password=True)
    a_user(username="LN2003", is_active=False)
    found = page(keeper, f"/administration/accounts?state={state}&sort=-seen")
    assert [each for each in ("SEC01", "LN2002", "LN2003") if f">{each}<" in found] == [code]


def test_a_new_first_password_is_shown_once_and_opens_the_door_to_the_password_page(
    keeper: Client, user: User
) -> None:
    theirs = signed_in("LN2001")
    address = at_account(user.id, "first-password")
    assert "马上失效" in page(keeper, address)
    answer = keeper.post(address)
    assert answer.headers["Cache-Control"] == "no-store"
    password = answer.content.decode().split('id="first-password">')[1].split("<")[0]
    assert password not in page(keeper, address)
    assert not is_in(theirs)
    assert signed_in("LN2001", password).get("/account").headers["Location"] == "/password"


def test_a_closed_account_is_out_at_once_and_comes_back(keeper: Client, user: User) -> None:
    theirs = signed_in("LN2001")
    assert keeper.post(at_account(user.id, "close")).status_code == 302
    assert not is_in(theirs)
    assert not is_in(signed_in("LN2001"))
    assert "已停用" in page(keeper, at_account(user.id))
    keeper.post(at_account(user.id, "reopen"))
    assert is_in(signed_in("LN2001"))
    acts = AuditEntry.objects.filter(record_id=user.id, action__startswith="accounts.")
    assert {each.action for each in acts} == {"accounts.close_account", "accounts.reopen_account"}


@pytest.mark.parametrize("act", ["close", "reopen"])
def test_what_is_so_already_is_refused(keeper: Client, user: User, act: str) -> None:
    keeper.post(at_account(user.id, "close"))
    if act == "reopen":
        keeper.post(at_account(user.id, "reopen"))
    assert keeper.post(at_account(user.id, act)).status_code == 409


def test_nobody_closes_the_account_one_is_signed_in_with(keeper: Client) -> None:
    own = User.objects.get(username="SEC01")
    assert keeper.post(at_account(own.id, "close")).status_code == 409
    assert is_in(keeper)
    assert "/close" not in page(keeper, at_account(own.id))


@pytest.mark.parametrize("act", ["first-password", "remove-second-factor"])
def test_nobody_resets_what_one_signs_in_with_oneself(keeper: Client, act: str) -> None:
    """Whoever finds an open screen would have the account."""
    own = User.objects.get(username="SEC01")
    assert keeper.post(at_account(own.id, act)).status_code == 409
    assert is_in(keeper)


def test_loading_the_page_with_the_first_password_anew_makes_no_second_one(
    keeper: Client, user: User
) -> None:
    address = at_account(user.id, "first-password")
    key = page(keeper, address).split('name="key" value="')[1].split('"')[0]
    assert [keeper.post(address, {"key": key}).status_code for _ in range(2)] == [200, 409]


def test_a_locked_account_is_opened(keeper: Client, user: User) -> None:
    for _ in range(6):
        signed_in("LN2001", "wrong-password")
    assert not is_in(signed_in("LN2001"))
    assert "输错锁定" in page(keeper, at_account(user.id))
    keeper.post(at_account(user.id, "unlock"))
    assert is_in(signed_in("LN2001"))


def test_all_devices_of_an_account_are_signed_out(keeper: Client, user: User) -> None:
    theirs = [signed_in("LN2001"), signed_in("LN2001")]
    keeper.post(at_account(user.id, "end-sessions"))
    assert not any(map(is_in, theirs))
    assert is_in(keeper)


def test_a_lost_authenticator_is_taken_away(keeper: Client, user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    assert signed_in("LN2001").get("/session").json()["user"] is None
    keeper.post(at_account(user.id, "remove-second-factor"))
    assert not Authenticator.objects.filter(user=user).exists()
    assert is_in(signed_in("LN2001"))
    assert keeper.post(at_account(user.id, "remove-second-factor")).status_code == 409


def test_an_act_nobody_knows_is_not_found(keeper: Client, user: User) -> None:
    assert keeper.post(at_account(user.id, "delete")).status_code == 404
    assert keeper.post(at_account(UUID(int=7), "close")).status_code == 404


@pytest.mark.parametrize("act", ["", "close"])
def test_the_menu_says_where_one_is(keeper: Client, user: User, act: str) -> None:
    for address in ("/administration/accounts", at_account(user.id, act)):
        assert 'href="/administration/accounts" aria-current="page"' in page(keeper, address)
