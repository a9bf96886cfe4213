"""The step bar: what was reached counts, what was taken back does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from yiti.care.referrals.domain import BarStatus, BarStep, Course, Down, Up, step_bar
from yiti.kernel.clock import SHANGHAI

START = datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI)
LABELS: dict[str, str] = {Up.CANCELLED: "已取消", Up.EXPIRED: "已过期", Down.DECLINED: "已谢绝"}


def minute(n: int) -> datetime:
    return START + timedelta(minutes=n)


def a_course(*states: str) -> Course:
    """A referral that entered these states, one a minute."""
    return Course(
        states[-1],
        LABELS.get(states[-1], ""),
        tuple((state, minute(n)) for n, state in enumerate(states)),
    )


def shown(bar: tuple[BarStep, ...]) -> list[tuple[str, str]]:
    return [(step.label, step.status.value) for step in bar]


UP_LABELS = ["送出", "接收留床", "转运中", "到院", "诊疗", "出院回传", "下转", "首次随访", "关闭"]


def test_on_the_road_two_steps_are_done_and_six_are_to_come() -> None:
    bar = step_bar(a_course(Up.SENT, Up.ACCEPTED, Up.IN_TRANSIT), None, {"arrived": "预计 11:09"})
    assert [step.label for step in bar] == UP_LABELS
    assert [step.status for step in bar] == [
        *[BarStatus.DONE] * 2,
        BarStatus.CURRENT,
        *[BarStatus.FUTURE] * 6,
    ]
    assert [step.at for step in bar[:3]] == [minute(0), minute(1), minute(2)]
    assert [step.note for step in bar] == ["", "", "", "预计 11:09", *[""] * 5]


@pytest.mark.parametrize(
    ("states", "current", "at"),
    [
        pytest.param((Up.SUBMITTED,), "送出", 0, id="waits for approval"),
        pytest.param((Up.SUBMITTED, Up.SENT), "送出", 0, id="approved: sent when it was sent"),
        pytest.param((Up.SENT, Up.RETURNED, Up.SENT), "送出", 0, id="returned and supplied"),
        pytest.param((Up.SENT, Up.ACCEPTED, Up.SENT), "送出", 0, id="acceptance taken back"),
        pytest.param((Up.SENT, Up.ACCEPTED, Up.SENT, Up.ACCEPTED), "接收留床", 3, id="accepted again"),
        pytest.param(
            (Up.SENT, Up.ACCEPTED, Up.IN_TRANSIT, Up.ARRIVED, Up.IN_TRANSIT),
            "转运中",
            2,
            id="arrival taken back",
        ),
    ],
)
def test_the_last_step_that_still_counts_is_the_current_one(
    states: tuple[str, ...], current: str, at: int
) -> None:
    bar = step_bar(a_course(*states), None, {})
    now = next(step for step in bar if step.status is BarStatus.CURRENT)
    assert (now.label, now.at) == (current, minute(at))


def test_what_was_passed_over_is_neither_done_nor_to_come() -> None:
    bar = step_bar(a_course(Up.SENT, Up.ACCEPTED, Up.ARRIVED, Up.OUTCOME_SENT), None, {})
    assert shown(bar)[:6] == [
        ("送出", "done"),
        ("接收留床", "done"),
        ("转运中", "skipped"),
        ("到院", "done"),
        ("诊疗", "skipped"),
        ("出院回传", "current"),
    ]


UP_DONE = (Up.SENT, Up.ACCEPTED, Up.IN_TRANSIT, Up.ARRIVED, Up.IN_CARE, Up.OUTCOME_SENT)


def test_the_way_home_goes_on_in_the_same_bar() -> None:
    bar = step_bar(a_course(*UP_DONE), a_course(Down.SENT, Down.RECEIVED), {"followed_up": "计划 11-27"})
    assert shown(bar)[5:] == [
        ("出院回传", "done"),
        ("下转", "current"),
        ("首次随访", "future"),
        ("关闭", "future"),
    ]
    assert bar[7].note == "计划 11-27"


def test_a_closed_chain_is_done_to_the_end() -> None:
    home = a_course(Down.SENT, Down.RECEIVED, Down.FOLLOWED_UP, Down.CLOSED)
    bar = step_bar(a_course(*UP_DONE, Up.CLOSED), home, {})
    assert {step.status for step in bar} == {BarStatus.DONE}


def test_closed_without_a_way_home_says_that_there_was_none() -> None:
    bar = step_bar(a_course(*UP_DONE, Up.CLOSED), None, {})
    assert shown(bar)[5:] == [
        ("出院回传", "done"),
        ("下转", "skipped"),
        ("首次随访", "skipped"),
        ("关闭", "done"),
    ]


def test_a_refused_way_home_does_not_count() -> None:
    bar = step_bar(a_course(*UP_DONE), a_course(Down.SENT, Down.DECLINED), {})
    assert shown(bar)[5:7] == [("出院回传", "current"), ("下转", "future")]


def test_an_early_end_is_the_last_step_and_nothing_is_to_come() -> None:
    bar = step_bar(a_course(Up.SENT, Up.ACCEPTED, Up.CANCELLED), None, {})
    assert shown(bar) == [("送出", "done"), ("接收留床", "done"), ("已取消", "ended")]
    assert bar[-1].at == minute(2)


def test_a_way_home_without_a_way_up_has_a_bar_of_its_own() -> None:
    bar = step_bar(None, a_course(Down.SENT, Down.RECEIVED), {})
    assert shown(bar) == [("下转", "done"), ("接收", "current"), ("首次随访", "future"), ("关闭", "future")]
    refused = step_bar(None, a_course(Down.SENT, Down.DECLINED), {})
    assert shown(refused) == [("下转", "done"), ("已谢绝", "ended")]


def test_a_chain_is_not_closed_before_somebody_has_been_seen_at_home() -> None:
    up = a_course(Up.SENT, Up.ACCEPTED, Up.ARRIVED, Up.IN_CARE, Up.OUTCOME_SENT, Up.CLOSED)
    waiting = step_bar(up, a_course(Down.SENT, Down.RECEIVED), {})
    assert shown(waiting)[-3:] == [("下转", "current"), ("首次随访", "future"), ("关闭", "future")]
    seen = step_bar(up, a_course(Down.SENT, Down.RECEIVED, Down.FOLLOWED_UP), {})
    assert shown(seen)[-3:] == [("下转", "done"), ("首次随访", "done"), ("关闭", "done")]
