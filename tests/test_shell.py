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
HEARING = {cast.VILLAGE_DOCTOR: True, cast.OFFICE: True, cast.AUDITOR: False, cast.SYSTEM_ADMINISTRATOR: False}


def _page(world: World, code: str) -> str:
    return world.client(code).get(reverse("facilities:list")).content.decode()


@pytest.mark.parametrize(("code", "may"), FINDING.items())
def test_the_find_box_is_for_those_who_may_find_people(world: World, code: str, may: bool) -> None:
    page = _page(world, code)
    assert ('id="find"' in page, "找人，随处可用" in page) == (may, may)


@pytest.mark.parametrize(("code", "may"), HEARING.items())
def test_the_bell_is_for_those_whom_it_rings(world: World, code: str, may: bool) -> None:
    assert ('class="bell"' in _page(world, code)) is may
