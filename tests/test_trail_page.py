"""The auditor's page: who opened this person's record, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.world import AUDITOR, VILLAGE_DOCTOR, World
from yiti.kernel.clock import local_date
from yiti.registry.residents import public as residents

NOTHING = "没有符合的记录"


@pytest.fixture(autouse=True)
def looked(world: World) -> None:
    """The village doctor has opened the man's record."""
    world.client(VILLAGE_DOCTOR).get(reverse("residents:record", args=[world.person_id]))


def _trail(world: World, **asked: str) -> str:
    return world.client(AUDITOR).get(reverse("administration:trail"), asked).content.decode()


def _masked(world: World) -> str:
    return residents.card(world.actor(AUDITOR), world.person_id).masked_name


def test_a_row_says_what_was_done_and_about_whom_in_words(world: World) -> None:
    page = _trail(world, q=str(world.person_id))
    link = f'<a href="?q={world.person_id}"'
    assert [words for words in ("查看健康档案", "唐桂花", _masked(world), link) if words not in page] == []
    assert "房金养" not in page


def test_a_person_is_found_by_id_name_and_number(world: World) -> None:
    number = residents.identifiers(world.actor(VILLAGE_DOCTOR), world.person_id)[0].number
    assert number
    for text in (str(world.person_id), "房金养", number):
        page = _trail(world, q=text)
        assert f'href="?q={world.person_id}"' in page
        assert f'href="?q={world.other_person_id}"' not in page


def test_an_action_is_found_by_its_word_and_a_user_by_name_and_code(world: World) -> None:
    accepted = _trail(world, q="接收")
    assert ("接收转诊" in accepted, "查看健康档案" in accepted) == (True, False)
    for text in ("唐桂花", VILLAGE_DOCTOR, VILLAGE_DOCTOR.lower()):
        page = _trail(world, q=text)
        assert ("唐桂花" in page, "李秀萍" in page) == (True, False)


def test_days_narrow_the_trail(world: World) -> None:
    today = local_date(world.at) + timedelta(days=1)
    day = {name: f"{today + timedelta(days=days)}" for name, days in (("ago", -3), ("late", 2))}
    who = str(world.person_id)
    assert NOTHING not in _trail(world, q=who, **{"from": day["ago"], "to": day["late"]})
    assert NOTHING in _trail(world, q=who, **{"from": day["late"]})
    assert NOTHING in _trail(world, q=who, to=day["ago"])
    for odd in ("9999-12-31", "0001-01-01", "gestern"):
        assert NOTHING not in _trail(world, q=who, **{"from": odd, "to": odd})


def test_opening_a_persons_trail_stands_in_that_trail(world: World) -> None:
    _trail(world, q=str(world.person_id))
    assert world.last_look(AUDITOR) == ("read:administration:trail", "done", world.person_id)
