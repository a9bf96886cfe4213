"""Accounts opened and corrected many at a time, and their first passwords."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import a_user
from yiti.kernel.errors import Conflict
from yiti.kernel.tests.builders import an_actor

pytestmark = pytest.mark.django_db


def a_spec(code: str, phone: str = "", *, name: str = "盘凤英") -> accounts.AccountSpec:
    return accounts.AccountSpec(code, name, phone, accounts.hash_first_password("k7mp-x3we-9thr"))


def save(*specs: accounts.AccountSpec, at: datetime) -> None:
    """Save accounts as a command does."""
    actor = an_actor()
    with access.scoped(actor):
        ids = accounts.save_accounts(actor, specs, at=at)
    assert ids == {user.username: user.pk for user in User.objects.filter(username__in=ids)}


def test_missing_accounts_are_opened_and_the_others_corrected(at: datetime) -> None:
    known = a_user(username="LN1", name="盘风英", phone="13800000001")
    save(a_spec("LN1", "13800000002"), a_spec("LN2", "13800000001", name="唐桂花"), at=at)
    known.refresh_from_db()
    assert (known.name, known.phone, known.must_change_password) == ("盘凤英", "13800000002", False)
    new = User.objects.get(username="LN2")
    assert (new.phone, new.must_change_password, new.check_password("k7mp-x3we-9thr")) == (
        "13800000001",
        True,
        True,
    )


def test_two_accounts_can_swap_their_phones(at: datetime) -> None:
    save(a_spec("LN1", "13800000001"), a_spec("LN2", "13800000002"), at=at)
    save(a_spec("LN1", "13800000002"), a_spec("LN2", "13800000001"), at=at)
    assert set(accounts.users_by_phone(["13800000001", ""])) == {"13800000001"}
    assert accounts.users_by_username(["LN1"])["LN1"].phone == "13800000002"


def test_a_phone_of_somebody_else_is_refused_and_nothing_is_saved(at: datetime) -> None:
    a_user(username="LN9", phone="13800000009")
    with pytest.raises(Conflict):
        save(a_spec("LN1"), a_spec("LN2", "13800000009"), at=at)
    assert not User.objects.filter(username__in=["LN1", "LN2"]).exists()


@pytest.mark.parametrize("number", [1, 20])
def test_queries_do_not_grow_with_accounts(
    number: int, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    specs = [a_spec(f"LN{n}", f"138{n:08d}") for n in range(number)]
    actor = an_actor()
    with access.scoped(actor), django_assert_num_queries(4):
        accounts.save_accounts(actor, specs, at=at)


def test_first_passwords_are_random_readable_and_good_enough() -> None:
    made = {accounts.new_first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", password)
        validate_password(password)


def test_a_first_password_is_hashed_in_full_when_it_is_first_used(
    client: Client, settings: Settings, at: datetime
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    save(a_spec("LN1"), at=at)
    before = User.objects.get(username="LN1").password
    assert client.post("/sign-in", {"login": "LN1", "password": "k7mp-x3we-9thr"}).status_code == 302
    after = User.objects.get(username="LN1").password
    assert int(before.split("$")[1]) * 100 < int(after.split("$")[1])
