"""The shell shows each desk what that desk may use."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests import world as cast
from tests.world import World

FINDING = {
    cast.VILLAGE_DOCTOR: True,
    cast.REFERRAL_NURSE: True,
    cast.OFFICE: False,
    cast.AUDITOR: False,
    cast.SYSTEM_ADMINISTRATOR: False,
    cast.SECURITY_ADMINISTRATOR: False,
}
HEARING = {
    cast.VILLAGE_DOCTOR: True,
    cast.OFFICE: True,
    cast.AUDITOR: True,
    cast.SYSTEM_ADMINISTRATOR: False,
}

FIRST = {
    cast.VILLAGE_DOCTOR: "工作台",
    cast.OFFICE: "工作台",
    cast.AUDITOR: "机构",
    cast.SYSTEM_ADMINISTRATOR: "机构",
}
HOME = re.compile(r'data-tab-home><a href="([^"]+)".*?<span>(\w+)</span>', re.DOTALL)


def _page(world: World, code: str) -> str:
    return world.client(code).get(reverse("facilities:list")).content.decode()


@pytest.mark.parametrize(("code", "may"), FINDING.items())
def test_the_find_box_is_for_those_who_may_find_people(world: World, code: str, may: bool) -> None:
    page = _page(world, code)
    assert ('id="find"' in page, "找人，随处可用" in page) == (may, may)


@pytest.mark.parametrize(("code", "may"), HEARING.items())
def test_the_bell_is_for_those_whom_it_rings(world: World, code: str, may: bool) -> None:
    assert ('class="bell"' in _page(world, code)) is may


@pytest.mark.parametrize(("code", "word"), FIRST.items())
def test_the_first_tab_is_called_by_what_it_opens(world: World, code: str, word: str) -> None:
    address, said = HOME.findall(_page(world, code))[0]
    opened = world.client(code).get(address).content.decode()
    assert said == word
    assert f"<title>{word}" in opened
    assert f'aria-label="一体，回{word}"' in opened
