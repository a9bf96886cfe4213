"""The clock of a wait: levels in order, each once, and the words of the first column."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from yiti.registry.facilities.tests.builders import NOON
from yiti.spine.handoffs.domain import Alert, ClockWords, Pressure, Timers, clock_words

NONE, SOON, OVERDUE, ESCALATED = Alert


def after(minutes: float) -> datetime:
    """So many minutes after noon on 2026-11-20."""
    return NOON + timedelta(minutes=minutes)


LIMITED = Timers(soon_at=after(20), due_at=after(30), escalate_at=after(60))

PASSED: dict[str, tuple[Alert, float, list[Alert]]] = {
    "nothing yet": (NONE, 19, []),
    "the warning, on the minute": (NONE, 20, [SOON]),
    "the warning only once": (SOON, 29, []),
    "overdue": (SOON, 30, [OVERDUE]),
    "overdue at once: no warning any more": (NONE, 30, [OVERDUE]),
    "reported upwards": (OVERDUE, 60, [ESCALATED]),
    "the worker slept: both, in order": (NONE, 500, [OVERDUE, ESCALATED]),
    "the end": (ESCALATED, 9999, []),
}


@pytest.mark.parametrize(("alert", "minutes", "expected"), PASSED.values(), ids=PASSED)
def test_levels_come_in_order_and_once(alert: Alert, minutes: float, expected: list[Alert]) -> None:
    assert LIMITED.passed(alert, after(minutes)) == expected


WAKES: dict[str, tuple[Timers, Alert, float | None]] = {
    "for the warning": (LIMITED, NONE, 20),
    "for the end": (LIMITED, SOON, 30),
    "for the report": (LIMITED, OVERDUE, 60),
    "never again": (LIMITED, ESCALATED, None),
    "for the system's own step, if that is first": (
        Timers(due_at=after(30), step="expire", step_at=after(25)),
        NONE,
        25,
    ),
    "for the system's own step, after everything": (
        Timers(due_at=after(30), escalate_at=after(60), step="expire", step_at=after(90)),
        ESCALATED,
        90,
    ),
    "for nothing": (Timers(), NONE, None),
}


@pytest.mark.parametrize(("timers", "alert", "minutes"), WAKES.values(), ids=WAKES)
def test_when_the_clock_looks_again(timers: Timers, alert: Alert, minutes: float | None) -> None:
    assert timers.next_at(alert) == (None if minutes is None else after(minutes))


# minutes after noon: state since 0, soon 20, due as given
WORDS: dict[str, tuple[float | None, str, float, str, Pressure]] = {
    "in time": (112, "", 0, "剩 1 时 52 分", Pressure.NONE),
    "due soon": (34, "", 20, "剩 14 分", Pressure.DUE),
    "half a minute left": (30, "", 29.5, "剩 0 分", Pressure.DUE),
    "on the minute": (30, "", 30, "剩 0 分", Pressure.DUE),
    "half a minute late": (30, "", 30.5, "超时 1 分", Pressure.LATE),
    "late": (30, "", 56, "超时 26 分", Pressure.LATE),
    "late for two days": (30, "", 30 + 48 * 60, "超时 2 天", Pressure.LATE),
    "late whatever the state says": (30, "预计 {time} 到", 38, "超时 8 分", Pressure.LATE),
    "the state's own words": (50, "预计 {time} 到", 0, "预计 12:50 到", Pressure.NONE),
    "own words without a time": (None, "补充后重送", 0, "补充后重送", Pressure.NONE),
    "later today": (300, "", 0, "今日 17:00 前", Pressure.NONE),
    "tomorrow": (26 * 60, "", 0, "剩 1 天 2 时", Pressure.NONE),
    "no limit": (None, "", 38, "已等 38 分", Pressure.NONE),
}


@pytest.mark.parametrize(("due", "template", "minutes", "text", "pressure"), WORDS.values(), ids=WORDS)
def test_the_words_of_the_clock(
    due: float | None, template: str, minutes: float, text: str, pressure: Pressure
) -> None:
    words = clock_words(
        since=NOON,
        soon_at=after(20) if due is not None else None,
        due_at=None if due is None else after(due),
        template=template,
        at=after(minutes),
    )
    assert words == ClockWords(text, pressure)
