"""The moments of an open case, counted back from now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from yiti.config.example.plan import DAY, Case
from yiti.kernel.clock import SHANGHAI, local, local_date
from yiti.kernel.workhours import Calendar

_MINUTE = timedelta(minutes=1)
_UNANSWERED = frozenset({"sent", "submitted", "returned"})


@dataclass(frozen=True, slots=True)
class Moments:
    """When each step of a case was or is to be taken; steps it has not come to mean nothing."""

    sent: datetime
    answered: datetime
    departed: datetime
    expected: datetime
    arrived: datetime
    admitted: datetime
    out: datetime
    home: datetime
    received: datetime
    first: datetime


def moments_of(case: Case, now: datetime, calendar: Calendar) -> Moments:
    """All moments of a case: those before its state so long before it as is usual."""
    since = _since(case, now)
    if case.state in _UNANSWERED:
        return _unanswered(case, now, calendar)
    if case.state == "in_transit":
        return _from_arrival(now + case.minutes * _MINUTE, road=max(40, case.minutes + 20))
    if case.state == "accepted":
        return _from_arrival(since + 40 * _MINUTE)
    if case.state in ("arrived", "in_care"):
        return _from_arrival(since if case.state == "arrived" else since - 25 * _MINUTE)
    if case.state == "outcome_sent":
        return _from_arrival(since - timedelta(days=7), stays=timedelta(days=7))
    home = since if case.minutes >= DAY else before(now, case.minutes, calendar)
    found = _from_arrival(home - timedelta(days=8), stays=timedelta(days=8) - 40 * _MINUTE)
    first = now + timedelta(days=case.due if case.state == "down_received" else 4)
    return _with_home(found, home, min(home + 70 * _MINUTE, now - _MINUTE), first)


def _since(case: Case, now: datetime) -> datetime:
    """When the wait began; what is days old began in the morning of that day."""
    since = now - case.minutes * _MINUTE
    if case.minutes < DAY:
        return since
    return local(since).replace(hour=9, minute=0) + case.minutes * 7 % 150 * _MINUTE


def _unanswered(case: Case, now: datetime, calendar: Calendar) -> Moments:
    minutes = case.minutes
    sent = before(now, minutes, calendar) if case.urgency == "routine" else now - minutes * _MINUTE
    found = _from_arrival(sent + 80 * _MINUTE)
    answered = sent
    if case.state == "returned":
        sent = before(now, minutes + 45, calendar)
        answered = before(now, minutes, calendar)
    return Moments(
        sent, answered, found.departed, found.expected, found.arrived, found.admitted, found.out, found.home,
        found.received, found.first,
    )  # fmt: skip


def _from_arrival(arrived: datetime, *, stays: timedelta = timedelta(), road: int = 40) -> Moments:
    """A way that comes to the door at that moment: 18 minutes to the answer, so many on the road."""
    departed = arrived - road * _MINUTE
    answered = departed - 1 * _MINUTE
    admitted = arrived + 25 * _MINUTE
    out = admitted + stays
    return Moments(
        sent=answered - 18 * _MINUTE,
        answered=answered,
        departed=departed,
        expected=arrived,
        arrived=arrived,
        admitted=admitted,
        out=out,
        home=out,
        received=out,
        first=out,
    )


def _with_home(found: Moments, home: datetime, received: datetime, first: datetime) -> Moments:
    return Moments(
        found.sent, found.answered, found.departed, found.expected, found.arrived, found.admitted,
        home - 40 * _MINUTE, home, received, first,
    )  # fmt: skip


def before(now: datetime, minutes: int, calendar: Calendar) -> datetime:
    """The moment since which that many working minutes have passed; inside working time."""
    left = minutes * _MINUTE
    day = local_date(now)
    while True:
        spans = calendar.hours if calendar.is_working_day(day) else ()
        for opens_at, closes_at in reversed(spans):
            opens = datetime.combine(day, opens_at, SHANGHAI)
            closes = min(datetime.combine(day, closes_at, SHANGHAI), local(now))
            if closes <= opens:
                continue
            if closes - opens > left:
                return closes - left
            left -= closes - opens
        day -= timedelta(days=1)
