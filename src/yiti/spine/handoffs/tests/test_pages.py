"""The pages of the desk: what they show, to whom, and what they do with bad input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from python_calamine import CalamineWorkbook

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents.tests.builders import a_person, a_profile
from yiti.registry.residents.tests.pages import ask, text
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import SEE

pytestmark = pytest.mark.django_db

NAUGHTY = ["' OR 1=1 --", "<script>alert(1)</script>", "%", "\\", "𠜎", "﷽", "=cmd|'/c calc'!A0", "中" * 2000]
HTMX = {"HX-Request": "true"}


def address(name: str, *args: object) -> str:
    return reverse(f"handoffs:{name}", args=args)


def get(actor: Actor, name: str, *args: object, **asked: object) -> HttpResponse:
    return ask(actor, address(name, *args), asked)


def post(actor: Actor, name: str, *args: object, **sent: object) -> HttpResponse:
    return ask(actor, address(name, *args), sent, post=True)


# --- the list ----------------------------------------------------------------------------------
def test_the_list_shows_clock_person_and_what_is_asked() -> None:
    world = a_world()
    row = opened(world, at=now())
    page = text(get(world.answerer, "work"))
    for shown in (row.person_name, "不稳定型心绞痛", "I20.0", "心血管内科", "待接收", "剩 ", "急"):
        assert shown in page
    assert f'id="row-{row.id}"' in page


def test_the_first_tab_counts_all_and_late_is_said() -> None:
    world = a_world()
    opened(world, at=now() - timedelta(days=1))
    page = text(get(world.answerer, "work"))
    assert "1 项超时" in page
    assert 'count count-red">1<' in page
    assert "1 项超时" in text(get(world.asker, "work")), "the clinic sees it late too, and may ask"


def test_an_empty_list_says_why() -> None:
    world = a_world()
    assert "现在没有要办的" in text(get(world.answerer, "work"))
    assert "没有符合的" in text(get(world.answerer, "work", q="王"))


@pytest.mark.parametrize("typed", NAUGHTY)
def test_whatever_is_asked_the_list_answers(typed: str) -> None:
    world = a_world()
    opened(world)
    for name in (*handoffs.WORK_FILTERS, "sort", "page", "size", "since"):
        for page in ("work", "news", "export"):
            response = get(world.answerer, page, **{name: typed})
            assert response.status_code == 200
            assert b"<script>alert" not in response.content


def test_reading_a_list_leaves_one_row_in_the_trail_and_polling_none() -> None:
    world = a_world()
    get(world.answerer, "work")
    (entry,) = AuditEntry.objects.filter(user_id=world.answerer.user_id)
    assert (entry.action, entry.kind) == ("read:handoffs:work", "handoffs.worklist")
    get(world.answerer, "news", since=now().isoformat())
    ask(world.answerer, address("bell"), {"counts": "1"})
    assert AuditEntry.objects.filter(user_id=world.answerer.user_id).count() == 1


def test_new_rows_are_announced_not_pushed() -> None:
    world = a_world()
    since = (now() - timedelta(minutes=1)).isoformat()
    assert "条新的" not in text(get(world.answerer, "news", since=since))
    opened(world, at=now())
    assert "有 1 条新的，点此显示" in text(get(world.answerer, "news", since=since))


def test_the_office_sees_work_under_masked_names() -> None:
    world = a_world()
    row = opened(world)
    office = replace(somebody_at(a_world().clinic, SEE), oversees=frozenset({world.hospital.pk}))
    page = text(get(office, "work", over="1"))
    assert "不稳定型心绞痛" in page
    assert row.person_name not in page
    assert get(office, "preview", row.id).status_code == 404


# --- the workbook ------------------------------------------------------------------------------
def test_the_workbook_is_the_list_and_runs_nothing() -> None:
    world = a_world()
    person = a_person(world.asker, a_profile("房金养"))
    opened(world, person_id=person, subject="=cmd|'/c calc'!A0")
    opened(world, subject="-2+3", urgency=handoffs.Urgency.ROUTINE)
    response = get(world.answerer, "export", urgent="1")
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    (sheet,) = CalamineWorkbook.from_filelike(BytesIO(response.content)).sheet_names
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_name(sheet).to_python()
    assert len(rows) == 2
    shown = dict(zip(rows[0], rows[1], strict=True))
    assert (shown["姓名"], shown["诊断"], shown["状态"]) == ("房金养", "=cmd|'/c calc'!A0", "待接收")
    assert b"<f>" not in response.content


# --- one handoff -------------------------------------------------------------------------------
def test_the_preview_shows_what_can_be_done_and_only_that() -> None:
    world = a_world()
    row = along(world, "accept")
    page = text(get(world.answerer, "preview", row.id))
    assert "登记到院" in page
    assert 'data-key="F9"' in page
    assert "撤回接收" in page
    assert "谢绝并通知" not in page
    asker = text(get(world.asker, "preview", row.id))
    assert "登记到院" not in asker


def test_the_page_shows_both_sides_and_the_talk() -> None:
    world = a_world()
    row = along(world, "accept")
    handoffs.add_message(actor=world.asker, handoff_id=row.id, text="<b>几点</b>", at=NOON)
    page = text(get(world.answerer, "page", row.id))
    assert page.index("接收") < page.index("送出")
    assert "&lt;b&gt;几点&lt;/b&gt;" in page
    (entry,) = AuditEntry.objects.filter(user_id=world.answerer.user_id, action="read:handoffs:page")
    assert (entry.record_id, entry.person_id) == (row.id, world.person_id)


@pytest.mark.parametrize("name", ["page", "preview"])
def test_a_strangers_and_a_missing_one_answer_alike(name: str) -> None:
    world = a_world()
    stranger, row = a_world().answerer, opened(world)
    foreign, missing = get(stranger, name, row.id), get(stranger, name, new_id())
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code == 404
    idle = get(somebody_at(world.hospital, SEE), name, row.id)
    assert (idle.status_code, idle.content) == (404, missing.content), "who may take no part in it"


def test_a_plain_step_is_asked_where_it_needs_a_word_and_then_done() -> None:
    world = a_world()
    row = opened(world)
    asked = get(world.answerer, "step", row.id, "return")
    assert "退回补充" in text(asked)
    refused = post(world.answerer, "step", row.id, "return", revision=1, comment="")
    assert refused.status_code == 422
    assert handoffs.detail(world.asker, row.id).state == "sent"
    done = post(
        world.answerer, "step", row.id, "return", revision=1, comment="请补心电图", next="/work/?tab=answer"
    )
    assert (done.status_code, done.headers["Location"]) == (302, "/work/?tab=answer")
    assert handoffs.detail(world.asker, row.id).state == "returned"


def test_after_a_step_one_goes_nowhere_outside() -> None:
    world = a_world()
    done = post(world.asker, "step", opened(world).id, "withdraw", revision=1, next="https://evil.example/")
    assert done.headers["Location"] == address("work")


BAD: dict[str, tuple[str, Mapping[str, Any], int]] = {
    "no revision": ("withdraw", {}, 422),
    "a revision that is none": ("withdraw", {"revision": "x"}, 422),
    "a revision beyond all numbers": ("withdraw", {"revision": 10**30}, 422),
    "a comment too long": ("withdraw", {"revision": 1, "comment": "长" * 501}, 422),
    "a step of the other side": ("accept", {"revision": 1}, 404),
    "a step there is not": ("fly", {"revision": 1}, 404),
    "the system's step": ("expire", {"revision": 1}, 404),
}


@pytest.mark.parametrize(("step", "sent", "status"), BAD.values(), ids=BAD)
def test_bad_input_is_answered_and_changes_nothing(step: str, sent: Mapping[str, Any], status: int) -> None:
    world = a_world()
    row = opened(world)
    assert post(world.asker, "step", row.id, step, **sent).status_code == status
    assert handoffs.detail(world.asker, row.id).revision == 1


def test_a_stale_page_is_told_in_words() -> None:
    world = a_world()
    row = opened(world)
    moved(world.answerer, row, "return", comment="请补")
    response = post(world.asker, "step", row.id, "withdraw", revision=1)
    assert response.status_code == 409
    assert "刚办了「退回，请补充」" in text(response)


def test_a_double_click_does_it_once_and_says_it_twice() -> None:
    world = a_world()
    row = opened(world)
    answers = [post(world.asker, "step", row.id, "withdraw", revision=1).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert handoffs.detail(world.asker, row.id).revision == 2


def test_work_is_taken_with_one_click() -> None:
    world = a_world()
    row = opened(world)
    assert post(world.answerer, "take", row.id, revision=1).status_code == 302
    assert handoffs.detail(world.answerer, row.id).performer_staff_id == world.answerer.staff_id
    assert post(world.answerer, "take", row.id).status_code == 422


def test_a_line_of_talk_is_said_once() -> None:
    world = a_world()
    row, sent = opened(world), {"id": new_id(), "text": "几点有床"}
    for _ in range(2):
        assert post(world.asker, "message", row.id, **sent).status_code == 302
    assert len(handoffs.messages(world.asker, row.id)) == 1
    assert post(world.asker, "message", row.id, id=new_id(), text=" ").status_code == 422
    assert post(world.asker, "message", row.id, id="x", text="在吗").status_code == 422


# --- the bell ----------------------------------------------------------------------------------
def test_the_bell_lists_what_is_new_and_falls_silent() -> None:
    world = a_world()
    row = opened(world)
    page = text(get(world.answerer, "bell"))
    assert f"{row.person_name}：送出" in page
    assert "1 条新的" in page
    assert post(world.answerer, "read").status_code == 302
    assert "条新的" not in text(get(world.answerer, "bell"))
    assert "没有提醒" in text(get(a_world().answerer, "bell"))


def test_the_poll_of_the_bell_answers_counts_alone() -> None:
    world: World = a_world()
    opened(world)
    page = text(ask(world.answerer, address("bell"), {"counts": "1"}))
    assert 'id="count-bell"' in page
    assert "不稳定型心绞痛" not in page
