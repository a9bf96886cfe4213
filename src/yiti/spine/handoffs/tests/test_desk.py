"""The desk: plain steps, the talk between the sides, the bell, the time line; and what follows a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.models import HandoffMessage
from yiti.spine.handoffs.tests.builders import BED, World, a_world, along, moved, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, FOLLOW, SEE

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=10)


def test_a_plain_step_is_taken_with_its_comment_and_audited_once() -> None:
    world = a_world()
    row = opened(world)
    for _ in range(2):
        handoffs.take_step(
            actor=world.answerer, handoff_id=row.id, step="return", revision=1, comment="请补心电图", at=NOON
        )
    assert handoffs.detail(world.asker, row.id).state == "returned"
    assert handoffs.history(world.asker, row.id)[0].text == f"请补心电图 · {world.answerer.name}"
    (entry,) = AuditEntry.objects.filter(action="handoffs.take_step")
    assert (entry.record_id, entry.person_id, entry.detail) == (row.id, world.person_id, {"step": "return"})


REFUSED: dict[str, tuple[str, type[DomainError]]] = {
    "a step that a room does more for": ("accept", NotFound),
    "a step there is not": ("fly", NotFound),
    "a step that needs a word": ("return", InvalidInput),
    "another side's": ("withdraw", NotPermitted),
}


@pytest.mark.parametrize(("step", "kind"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_plain_step_is_refused(step: str, kind: type[DomainError]) -> None:
    world = a_world()
    row = opened(world)
    with pytest.raises(kind) as refusal:
        handoffs.take_step(
            actor=world.answerer, handoff_id=row.id, step=step, revision=1, comment="", at=NOON
        )
    assert type(refusal.value) is kind
    assert handoffs.detail(world.asker, row.id).revision == 1


def test_nobody_without_a_posting_takes_work() -> None:
    world = a_world()
    with pytest.raises(Conflict, match="没有岗位"):
        handoffs.take(
            actor=replace(world.answerer, staff_id=None), handoff_id=opened(world).id, revision=1, at=NOON
        )


# --- actions ---------------------------------------------------------------------------------------------
ACTIONS: dict[str, tuple[tuple[str, ...], str, list[str], str]] = {
    "sent, for the hospital": (
        (),
        "answerer",
        ["接收", "退回补充", "转给别处", "谢绝并通知", "我来办"],
        "接收",
    ),
    "sent, for the clinic": ((), "asker", ["撤回", "补充病情"], ""),
    "accepted, for the hospital": (
        ("accept",),
        "answerer",
        ["撤回接收", "登记到院", "我来办", "改派科室"],
        "登记到院",
    ),
    "in care: acceptance is not taken back any more": (
        ("accept", "arrive"),
        "answerer",
        ["回传结果", "我来办", "改派科室"],
        "回传结果",
    ),
    "declined, for the hospital": (("decline",), "answerer", ["撤回谢绝"], ""),
    "declined, for the clinic": (("decline",), "asker", [], ""),
}


@pytest.mark.parametrize(("path", "who", "labels", "primary"), ACTIONS.values(), ids=ACTIONS)
def test_the_server_says_what_can_be_done(
    path: tuple[str, ...], who: str, labels: list[str], primary: str
) -> None:
    world = a_world()
    row = along(world, *path)
    actions = handoffs.available(getattr(world, who), row.id)
    assert [action.label for action in actions] == labels
    assert [action.label for action in actions if action.primary] == ([primary] if primary else [])


def test_what_is_offered_is_allowed_and_what_is_not_is_refused() -> None:
    world = a_world()
    steps = sorted({each.name for each in handoffs.kind("toy.errand").workflow.steps})
    for path in ((), ("accept",), ("accept", "arrive"), ("return",), ("decline",)):
        row = along(world, *path)
        for actor in (world.asker, world.answerer):
            offered = {each.step for each in handoffs.available(actor, row.id)}
            assert {step for step in steps if is_allowed(actor, row, step)} == offered, (path, actor.name)


def is_allowed(actor: Actor, row: handoffs.HandoffRow, step: str) -> bool:
    """Whether the engine would take the step, but for details of its own; nothing is left of the try."""
    try:
        with transaction.atomic():
            moved(actor, row, step, comment="x", reason_code="01", **BED)
            transaction.set_rollback(True)
    except InvalidInput:
        return True
    except DomainError:
        return False
    return True


def test_actions_say_what_cannot_be_undone() -> None:
    world = a_world()
    actions = {each.step: each for each in handoffs.available(world.answerer, opened(world).id)}
    assert [step for step, each in actions.items() if each.irreversible] == ["decline"]
    assert actions["accept"].needs == ("bed_id",)
    assert actions["accept"].url_name == "toy:accept"


# --- the time line ---------------------------------------------------------------------------------------
def test_the_time_line_is_newest_first_and_each_line_on_its_side() -> None:
    world = a_world()
    row = moved(world.answerer, opened(world, remark="急"), "accept", at=LATER, remark="留 12 床", **BED)
    lines = handoffs.history(world.asker, row.id)
    assert [(line.title, line.side, line.tone) for line in lines] == [
        ("接收", "performer", "go"),
        ("送出", "requester", "wait"),
    ]
    assert lines[0].text == f"留 12 床 · {world.answerer.name}"
    assert handoffs.history(world.answerer, row.id) == lines, "both sides see the same"


def test_a_chain_shows_up_and_down_in_order() -> None:
    world = a_world()
    up = opened(world)
    down = opened(world, chain_id=up.id, at=LATER)
    assert [row.id for row in handoffs.chain(world.answerer, up.id)] == [up.id, down.id]
    assert handoffs.chain(a_world().answerer, up.id) == []


def test_what_is_open_for_a_person_is_shown_before_a_new_one_is_begun() -> None:
    world = a_world()
    first, _ = opened(world), along(world, "decline")
    assert [row.id for row in handoffs.open_for_person(world.asker, world.person_id)] == [first.id]
    with pytest.raises(NotFound):
        handoffs.open_for_person(world.asker, new_id())


def test_what_was_sent_about_a_person_is_told_newest_first() -> None:
    world = a_world()
    first, second = opened(world), opened(world, at=LATER)
    opened(world, kind="toy.drafted")

    def sent(**window: Any) -> tuple[list[Any], int]:
        asked = {"kinds": ["toy.errand", "toy.drafted"], "since": None, "before": None, "limit": 10, **window}
        rows, total = handoffs.sent_about(world.answerer, [world.person_id], **asked)
        return [row.id for row in rows], total

    assert sent() == ([second.id, first.id], 2), "a draft is not sent"
    assert sent(limit=1) == ([second.id], 2)
    assert sent(since=LATER) == ([second.id], 1)
    assert sent(before=LATER) == ([first.id], 1)
    assert sent(kinds=["toy.other"]) == ([], 0)
    assert handoffs.sent_about(
        a_world().answerer, [world.person_id], kinds=["toy.errand"], since=None, before=None, limit=9
    ) == ([], 0)


# --- the talk --------------------------------------------------------------------------------------------
def say(actor: Actor, row: handoffs.HandoffRow, text: str, **changes: Any) -> Any:
    return handoffs.add_message(actor=actor, handoff_id=row.id, text=text, at=LATER, **changes)


def test_the_sides_talk() -> None:
    world = a_world()
    row = opened(world)
    say(world.asker, row, " 几点有床？\r\n急 ")
    say(world.answerer, row, "十点")
    said = handoffs.messages(world.asker, row.id)
    assert [(each.text, each.side, each.is_mine) for each in said] == [
        ("几点有床？\n急", "requester", True),
        ("十点", "performer", False),
    ]
    assert [each.title for each in handoffs.bell(world.asker).rows] == ["留言"]
    assert handoffs.detail(world.asker, row.id).revision == 1, "talk makes no page stale"


def test_a_message_sent_twice_stands_once() -> None:
    world = a_world()
    row, message_id = opened(world), new_id()
    assert say(world.asker, row, "在吗", message_id=message_id) == message_id
    assert say(world.asker, row, "在吗", message_id=message_id) == message_id
    assert HandoffMessage.objects.count() == 1
    with pytest.raises(Conflict):
        say(world.answerer, row, "在", message_id=message_id)


UNSAID: dict[str, tuple[str, type[DomainError]]] = {
    "nothing": ("  \n ", InvalidInput),
    "too much": ("长" * 501, InvalidInput),
    "what is no text": ("a\x00b", InvalidInput),
}


@pytest.mark.parametrize(("text", "kind"), UNSAID.values(), ids=UNSAID)
def test_what_cannot_be_said(text: str, kind: type[DomainError]) -> None:
    world = a_world()
    with pytest.raises(kind) as refusal:
        say(world.asker, opened(world), text)
    assert refusal.value.field == "text"
    assert not HandoffMessage.objects.exists()


def test_a_stranger_says_nothing() -> None:
    world = a_world()
    with pytest.raises(NotFound):
        say(a_world().answerer, opened(world), "喂")


# --- the bell --------------------------------------------------------------------------------------------
def titles(actor: Actor) -> list[str]:
    return [row.title for row in handoffs.bell(actor).rows]


def test_the_bell_rings_for_those_it_concerns() -> None:
    world = a_world()
    cleaner = somebody_at(world.hospital, FOLLOW)
    ward = somebody_at(world.hospital, ANSWER, room=world.ward)
    other_ward = somebody_at(world.hospital, ANSWER, room=a_world().ward)
    row = along(world, "accept")
    moved(world.asker, row, "withdraw", at=LATER)
    assert titles(world.answerer) == ["撤回", "送出"], "the desk, and whoever stands for all wards"
    assert titles(ward) == ["撤回", "接收", "送出"]
    assert titles(other_ward) == ["送出"], "sent is the desk's, accepted is the ward's"
    assert titles(cleaner) == []
    assert titles(world.asker) == ["接收"], "not what one did oneself"
    assert titles(replace(world.asker, staff_id=new_id(), user_id=new_id())) == [], "it is another one's"
    assert titles(a_world().answerer) == []


def test_the_bell_falls_silent_when_read() -> None:
    world = a_world()
    opened(world)
    assert handoffs.count_unread(world.answerer) == 1
    handoffs.read_bell(actor=world.answerer, at=NOON)
    handoffs.read_bell(actor=world.answerer, at=LATER)
    assert handoffs.count_unread(world.answerer) == 0
    assert [row.is_new for row in handoffs.bell(world.answerer).rows] == [False]
    opened(world, at=LATER + timedelta(minutes=1))
    assert [row.is_new for row in handoffs.bell(world.answerer).rows] == [True, False]
    assert handoffs.count_unread(somebody_at(world.hospital, ANSWER)) == 2, "each user reads alone"


@pytest.mark.parametrize("rows", [1, 20])
def test_the_bell_costs_three_queries_however_much_happened(rows: int) -> None:
    world = a_world()
    for _ in range(rows):
        opened(world)
    with CaptureQueriesContext(connection) as queries:
        assert len(handoffs.bell(world.answerer).rows) == rows
    said = [q["sql"] for q in queries if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(said) == 3, said


def test_a_detail_costs_the_same_for_a_long_history() -> None:
    world = a_world()
    short, long = opened(world), opened(world)
    for n in range(20):
        long = moved(world.asker, long, "add", at=NOON + timedelta(minutes=n), comment="补充")
    costs = []
    for row in (short, long):
        with CaptureQueriesContext(connection) as queries:
            handoffs.available(world.answerer, row.id)
            handoffs.history(world.answerer, row.id)
            handoffs.messages(world.answerer, row.id)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_reader_without_a_side_is_not_rung() -> None:
    world: World = a_world()
    opened(world)
    assert titles(somebody_at(world.hospital, SEE)) == []
