"""The three administrators: nobody is two of them, and not everybody appoints them."""

from __future__ import annotations

from datetime import datetime

import pytest

from yiti.foundation.accounts import public as accounts
from yiti.foundation.accounts.tests.builders import a_role
from yiti.kernel.tests.builders import an_actor
from yiti.registry.staff.tests.test_loading import ROW, load, places, problems

__all__ = ["places"]  # a fixture that every test here uses
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrators() -> None:
    for code in ("system_administrator", "security_administrator"):
        a_role(code, accounts.ADMINISTER, zh=code)


@pytest.mark.usefixtures("administrators")
def test_nobody_is_two_of_the_three_administrators(at: datetime) -> None:
    both = [ROW | {"role": "system_administrator"}, ROW | {"role": "security_administrator"}]
    assert problems(load(*both, at=at)) == [(3, "role", "一个人不能同时是系统、安全、审计管理员中的两个")]
    assert load(both[0], at=at).saved
    assert problems(load(both[1], at=at)) == [(2, "role", "一个人不能同时是系统、安全、审计管理员中的两个")]


@pytest.mark.usefixtures("administrators")
def test_whoever_brings_people_in_appoints_no_administrator(at: datetime) -> None:
    office = an_actor("staff.manage", name="人事科")
    row = ROW | {"role": "system_administrator"}
    refused = load(row, at=at, actor=office)
    assert not refused.saved
    assert "不能在这里任命" in problems(refused)[0][2]
    assert load(row, at=at).saved
    renamed = load(row | {"name": "盘凤莲"}, at=at, actor=office)
    assert renamed.saved  # one who was appointed elsewhere is brought up to date
