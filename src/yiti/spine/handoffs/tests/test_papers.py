"""The sheet at the change of shift, and what is open for a person on the person's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.registry.residents.tests.pages import ask, text
from yiti.spine.handoffs.tests.builders import World, a_world, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def get(actor: Actor, name: str, *args: object) -> HttpResponse:
    return ask(actor, reverse(f"handoffs:{name}", args=args), {})


def test_the_sheet_lists_what_is_open_and_has_room_for_two_signatures(world: World) -> None:
    row = opened(world, at=now() - timedelta(days=1))
    page = text(get(world.answerer, "shift"))
    for shown in (row.person_name, row.number, "超时", "交班人签名", "接班人签名", world.answerer.name):
        assert shown in page
    assert "未结 <b>1</b> 项" in page


def test_an_empty_sheet_says_so(world: World) -> None:
    assert "没有未结的" in text(get(world.answerer, "shift"))


def test_many_rows_take_more_than_one_sheet(world: World) -> None:
    for _each in range(21):
        opened(world, at=now())
    page = text(get(world.answerer, "shift"))
    assert page.count('class="sheet sheet-list"') == 2
    assert page.count("交班人签名") == 1


def test_the_persons_page_says_what_is_open_and_whose_turn_it_is(world: World) -> None:
    row = opened(world, at=now())
    page = text(get(world.asker, "side", row.person_id))
    assert "正在办" in page
    assert "待接收" in page
    assert "责任：" in page
    assert AuditEntry.objects.filter(action="read:handoffs:side", person_id=row.person_id).exists()


def test_without_anything_open_there_is_no_card(world: World) -> None:
    assert "正在办" not in text(get(world.asker, "side", world.person_id))
