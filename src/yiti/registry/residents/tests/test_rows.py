"""What rows say of themselves, in words."""

from __future__ import annotations

import pytest

from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents.domain import Enrolment, PersonRow, Profile


def a_row(village: str, address: str, group_no: str = "") -> PersonRow:
    profile = Profile("房金养", address=address, group_no=group_no)
    return PersonRow(new_id(), profile, Enrolment.NO_CARD, None, village, None, "", NOON, None, 1)


@pytest.mark.parametrize(
    ("row", "home"),
    [
        pytest.param(a_row("油岭村", "大寨"), "油岭村 大寨", id="a hamlet of the village"),
        pytest.param(a_row("油岭村", "大寨", "3"), "油岭村 3 组 大寨", id="with the group"),
        pytest.param(
            a_row("油岭村", "三排镇油岭村 3 组"), "三排镇油岭村 3 组", id="the address says the village"
        ),
        pytest.param(a_row("油岭村", ""), "油岭村", id="no address"),
        pytest.param(a_row("", "清远市清城区"), "清远市清城区", id="outside the county"),
        pytest.param(a_row("", ""), "", id="unknown"),
    ],
)
def test_a_home_names_the_village_once(row: PersonRow, home: str) -> None:
    assert row.home == home
