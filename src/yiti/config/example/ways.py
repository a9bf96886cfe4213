"""The way of one person up to a hospital and, often, home again with a plan: all its moments, and its end.

Pure: chance, calendar and the present moment come in, a way that has ended before that moment comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from yiti.config.example.conditions import Condition
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.kernel.workhours import Calendar, add_working_minutes

ROUTINE, URGENT, CRITICAL = "routine", "urgent", "critical"
VALIDITY = timedelta(days=3)
_MINUTE = timedelta(minutes=1)
# Minutes to an answer: the median, how wide it spreads, the limit, and the share that is late.
_ANSWERS = {ROUTINE: (52, 0.6, 230, 0.05), URGENT: (18, 0.28, 29, 0.07), CRITICAL: (6, 0.25, 9, 0.06)}


class Ending(StrEnum):
    """How a way up ends."""

    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_SHOW = "no_show"
    DIED = "died"


_ENDINGS = {
    Ending.CLOSED: 868,
    Ending.NO_SHOW: 62,
    Ending.CANCELLED: 28,
    Ending.DECLINED: 22,
    Ending.DIED: 12,
    Ending.EXPIRED: 8,
}


class HomeEnding(StrEnum):
    """How a way down ends."""

    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Home:
    """The way down: sent, asked back once or not, received, followed up, closed."""

    sent_at: datetime
    answered_at: datetime
    first_date: date
    seen_at: datetime
    closed_at: datetime
    ending: HomeEnding = HomeEnding.CLOSED
    returned_at: datetime | None = None
    supplied_at: datetime | None = None

    @property
    def ended_at(self) -> datetime:
        """Its last moment."""
        return self.closed_at if self.ending is HomeEnding.CLOSED else self.answered_at


@dataclass(frozen=True, slots=True)
class WayUp:
    """The way up. Moments after the one it ends with mean nothing; `stay` is False for somebody who was
    seen at the clinic and went home the same day."""

    condition: Condition
    urgency: str
    seen_at: datetime
    sent_at: datetime
    answered_at: datetime
    departed_at: datetime
    arrived_at: datetime
    admitted_at: datetime
    out_at: datetime
    closed_at: datetime
    ending: Ending
    stay: bool
    returned_at: datetime | None = None
    supplied_at: datetime | None = None
    home: Home | None = None

    @property
    def expected_at(self) -> datetime:
        """When the person was to arrive."""
        return self.departed_at + (self.arrived_at - self.departed_at) * 0.9

    @property
    def ended_at(self) -> datetime:
        """The last moment of all."""
        if self.home is not None:
            return max(self.closed_at, self.home.ended_at)
        return _LAST[self.ending](self)


_LAST: Mapping[Ending, Callable[[WayUp], datetime]] = {
    Ending.CLOSED: lambda way: way.closed_at,
    Ending.DECLINED: lambda way: way.answered_at,
    Ending.CANCELLED: lambda way: way.answered_at + 40 * _MINUTE,
    Ending.EXPIRED: lambda way: way.sent_at + VALIDITY + _MINUTE,
    Ending.NO_SHOW: lambda way: way.arrived_at + timedelta(days=1, hours=2),
    Ending.DIED: lambda way: way.out_at,
}


@dataclass(frozen=True, slots=True)
class Odds:
    """What changes from month to month: how likely a plan goes home with somebody who lay in a ward."""

    home: float


def urgency_of(rng: Random, condition: Condition) -> str:
    """How urgent this one is."""
    chance = rng.random()
    if chance < condition.critical:
        return CRITICAL
    return URGENT if chance < condition.critical + condition.urgent else ROUTINE


def moment_on(rng: Random, day: date, urgency: str) -> datetime:
    """When it is sent: what can wait at a desk's hours, the rest at any hour, mornings more often."""
    hours, weights = [8, 9, 10, 11, 14, 15, 16], [4, 8, 8, 5, 5, 5, 3]
    if urgency != ROUTINE:
        hours += [2, 6, 18, 20, 22]
        weights += [1, 2, 4, 4, 3]
    return datetime.combine(
        day, time(rng.choices(hours, weights)[0], rng.randint(0, 59), rng.randint(0, 59)), SHANGHAI
    )


def way_up(
    rng: Random,
    condition: Condition,
    sent: tuple[str, datetime],
    now: datetime,
    calendar: Calendar,
    odds: Odds,
) -> WayUp | None:
    """A way up that was sent with that urgency at that moment; None when it could not have ended by now.

    Where there is no time left for a long one it is a short one.
    """
    way = _draw(rng, condition, sent, calendar, odds)
    if way.ended_at >= now and way.home is not None:
        way = replace(way, home=None)
    if way.ended_at >= now and way.ending in (Ending.CLOSED, Ending.DIED, Ending.EXPIRED, Ending.NO_SHOW):
        way = _seen_at_the_clinic(rng, way)
    return way if way.ended_at < now else None


def _draw(
    rng: Random, condition: Condition, sent: tuple[str, datetime], calendar: Calendar, odds: Odds
) -> WayUp:
    urgency, sent_at = sent
    ending = rng.choices(list(_ENDINGS), list(_ENDINGS.values()))[0]
    returned_at = supplied_at = None
    asked_at = sent_at
    if urgency == ROUTINE and rng.random() < 0.07 and ending is not Ending.EXPIRED:
        returned_at = _answer(rng, urgency, sent_at, calendar)
        asked_at = supplied_at = add_working_minutes(returned_at, rng.randint(15, 200), calendar)
    answered_at = _answer(rng, urgency, asked_at, calendar)
    departed_at = answered_at + rng.randint(6, 25 if urgency != ROUTINE else 240) * _MINUTE
    arrived_at = departed_at + rng.randint(24, 75) * _MINUTE
    stay = condition.stay > 0 and (urgency != ROUTINE or rng.random() < 0.86)
    admitted_at = arrived_at + rng.randint(6, 14 if urgency == CRITICAL else 50) * _MINUTE
    days = max(2, round(rng.gauss(condition.stay, 2)))
    out_at = _at_desk(rng, local_date(admitted_at) + timedelta(days=days), (9, 11), calendar)
    if not stay:
        out_at = arrived_at + rng.randint(70, 200) * _MINUTE
    if ending is Ending.DIED:
        out_at = admitted_at + rng.randint(5, 140) * timedelta(hours=1)
    way = WayUp(
        condition, urgency, sent_at - rng.randint(9, 45) * _MINUTE, sent_at, answered_at, departed_at,
        arrived_at, admitted_at, out_at, add_working_minutes(out_at, rng.randint(30, 1500), calendar), ending,
        stay, returned_at, supplied_at,
    )  # fmt: skip
    goes_home = ending is Ending.CLOSED and stay and rng.random() < odds.home * condition.home
    if not goes_home:
        return way
    home = _home(rng, out_at, calendar)
    closed_at = home.closed_at + _MINUTE if home.ending is HomeEnding.CLOSED else way.closed_at
    return replace(way, home=home, closed_at=closed_at)


def _answer(rng: Random, urgency: str, since: datetime, calendar: Calendar) -> datetime:
    """The moment of an answer to a wait that began then: round the clock, or in working hours."""
    median, spread, limit, late = _ANSWERS[urgency]
    minutes = min(max(round(median * rng.lognormvariate(0, spread)), 2), limit)
    if rng.random() < late:
        minutes = round(limit * rng.uniform(1.1, 2.1))
    if urgency == ROUTINE:
        return add_working_minutes(since, minutes, calendar)
    return since + timedelta(minutes=minutes, seconds=rng.randint(0, 40))


def _at_desk(rng: Random, day: date, hours: tuple[int, int], calendar: Calendar) -> datetime:
    """A moment on the first working day from then on."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(rng.randint(*hours), rng.randint(0, 59)), SHANGHAI)


def _home(rng: Random, out_at: datetime, calendar: Calendar) -> Home:
    sent_at = out_at + rng.randint(10, 90) * _MINUTE
    returned_at = supplied_at = None
    since = sent_at
    if rng.random() < 0.05:
        returned_at = add_working_minutes(sent_at, rng.randint(20, 120), calendar)
        since = supplied_at = add_working_minutes(returned_at, rng.randint(20, 120), calendar)
    answered_at = add_working_minutes(since, rng.choice((25, 40, 70, 120, 200, 300, 460)), calendar)
    first_date = local_date(sent_at) + timedelta(days=rng.randint(3, 7))
    day = max(first_date - timedelta(days=rng.randint(0, 1)), local_date(answered_at) + timedelta(days=1))
    if rng.random() < 0.12:
        day = first_date + timedelta(days=rng.randint(2, 4))
    seen_at = _at_desk(rng, max(day, local_date(answered_at) + timedelta(days=1)), (8, 16), calendar)
    closed_at = seen_at + rng.choice((20, 26, 34, 1460, 2880)) * _MINUTE
    ending = rng.choices(list(HomeEnding), (96, 2, 2))[0]
    return Home(sent_at, answered_at, first_date, seen_at, closed_at, ending, returned_at, supplied_at)


def _seen_at_the_clinic(rng: Random, way: WayUp) -> WayUp:
    """The same way, but the person was seen at the clinic and the sender closed it an hour later."""
    out_at = way.arrived_at + rng.randint(50, 120) * _MINUTE
    closed_at = out_at + rng.randint(15, 90) * _MINUTE
    return replace(way, stay=False, out_at=out_at, closed_at=closed_at, ending=Ending.CLOSED, home=None)
