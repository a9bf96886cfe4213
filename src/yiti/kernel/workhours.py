"""The two clocks of a time limit: round the clock, and working hours (decision 31).

A `Calendar` is a value: daily opening hours, the weekend, public holidays, and the weekend days
made up for them (调休上班). Where these come from is not this module's concern. All moments are
aware; days and hours are those of the county (Asia/Shanghai).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from yiti.kernel.clock import SHANGHAI, local

_MINUTE = timedelta(minutes=1)
_LONGEST_CLOSURE_DAYS = 60


class Clock(StrEnum):
    """How the minutes of a limit are counted."""

    ROUND = "24h"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time somebody may take, and the clock it runs on. Raises ValueError below 1."""

    minutes: int
    clock: Clock

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a limit has at least one minute")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a county is at work. `hours` are (opens, closes) pairs, early first, never touching;
    `weekend` counts from Monday = 0. A made-up working day has the hours of any other.

    Raises ValueError for hours that are empty, reversed, touching or out of order.
    """

    hours: tuple[tuple[time, time], ...] = ((time(8), time(12)), (time(14, 30), time(17, 30)))
    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})

    def __post_init__(self) -> None:
        edges = [edge for pair in self.hours for edge in pair]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("opening hours must be in order and apart")

    def is_working_day(self, day: date) -> bool:
        """Whether the county works on this day."""
        if day in self.holidays:
            return False
        return day in self.working_weekends or day.weekday() not in self.weekend

    @property
    def minutes_per_day(self) -> int:
        """Open minutes of one working day."""
        anyday = date.min
        spans = (datetime.combine(anyday, end) - datetime.combine(anyday, start) for start, end in self.hours)
        return sum(spans, timedelta()) // _MINUTE


def add_working_minutes(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """The moment when `minutes` of working time have passed since `start`.

    Never inside closed time: a start in closed time counts from the next opening (so 0 minutes
    gives that opening). A limit that ends with the day's last minute ends at closing time, not at
    the next opening. Raises ValueError for negative minutes, or when the calendar stays closed
    for more than 60 days.
    """
    if minutes < 0:
        raise ValueError("negative minutes")
    left = timedelta(minutes=minutes)
    spans = _open_spans(local(start), calendar)
    opens, closes = next(spans)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(spans)
    return opens + left


def working_minutes_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole working minutes from `start` to `end`.

    Raises ValueError when `end` is earlier, or when the calendar stays closed for more than 60 days.
    """
    last = local(end)
    if last < local(start):
        raise ValueError("the end is before the start")
    passed = timedelta()
    for opens, closes in _open_spans(local(start), calendar):
        if opens >= last:
            break
        passed += min(closes, last) - opens
    return passed // _MINUTE


def deadline(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """When a limit that began at `start` runs out, in the county's time."""
    if limit.clock is Clock.WORKING:
        return add_working_minutes(start, limit.minutes, calendar)
    return local(start) + timedelta(minutes=limit.minutes)


def _open_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The open spans from `start` on, without end; the first may begin inside opening hours."""
    day, closed_days = start.date(), 0
    while closed_days <= _LONGEST_CLOSURE_DAYS:
        closed_days += 1
        if calendar.is_working_day(day):
            closed_days = 0
            for opens_at, closes_at in calendar.hours:
                closes = datetime.combine(day, closes_at, SHANGHAI)
                if closes >= start:
                    yield max(start, datetime.combine(day, opens_at, SHANGHAI)), closes
        day += timedelta(days=1)
    raise ValueError(f"closed for more than {_LONGEST_CLOSURE_DAYS} days")
