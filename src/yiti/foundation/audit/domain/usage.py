"""When a user's day in the trail stands out: pure rules over counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from yiti.kernel.text import N_, Phrase

HISTORY = timedelta(days=30)


class Measure(StrEnum):
    """What is counted of a user's day."""

    PEOPLE = "people"
    SEARCHES = "searches"
    NIGHT = "night"
    CLOSED = "closed"
    UNOPENED = "unopened"


MEASURES = {
    Measure.PEOPLE: N_("打开的人多"),
    Measure.SEARCHES: N_("找人多"),
    Measure.NIGHT: N_("夜里打开"),
    Measure.CLOSED: N_("没有开放的人"),
    Measure.UNOPENED: N_("只找不开"),
}
_SAYS = {
    Measure.PEOPLE: N_("打开了 {n} 个人的档案，平时一天 {usual} 个"),
    Measure.SEARCHES: N_("找人 {n} 次，平时一天 {usual} 次"),
    Measure.NIGHT: N_("夜里打开了 {n} 个人的档案，平时 {usual} 个"),
    Measure.CLOSED: N_("看了 {n} 个没有对本机构开放的人，平时 {usual} 个"),
    Measure.UNOPENED: N_("找人 {n} 次，打开的很少，平时这样找 {usual} 次"),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how much on a day stands out: at least `floor`, and more than `times` the user's own median.

    `per` belongs to `UNOPENED`: so many searches for one person opened are still a search for somebody.
    """

    measure: Measure
    floor: int
    times: int
    per: int = 0


@dataclass(frozen=True, slots=True)
class UserDay:
    """What one user did on one day, in numbers: different people for all but `searches`."""

    user_id: UUID
    day: date
    user_name: str
    institution_name: str
    people: int
    searches: int
    night: int
    closed: int

    def value(self, threshold: Threshold) -> int:
        """The count that this threshold is about."""
        if threshold.measure is Measure.UNOPENED:
            return self.searches if self.people * threshold.per < self.searches else 0
        return int(getattr(self, threshold.measure))


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a day is listed: the measure, and a sentence with the count and what is usual."""

    measure: Measure
    says: str


def findings(day: UserDay, history: Sequence[UserDay], thresholds: Iterable[Threshold]) -> list[Finding]:
    """Why this day stands out, if it does. `history` are the user's other days at work within `HISTORY`
    before it; without any, the floor alone counts."""
    found = []
    for each in thresholds:
        count = day.value(each)
        if count < each.floor:
            continue
        usual = median([other.value(each) for other in history]) if history else 0
        if count > usual * each.times:
            says = Phrase(_SAYS[each.measure], n=count, usual=f"{usual:g}")
            found.append(Finding(each.measure, says))
    return found


def unusual(
    days: Iterable[UserDay], thresholds: Sequence[Threshold], *, since: date
) -> list[tuple[UserDay, list[Finding]]]:
    """The days from `since` on that stand out among all given, newest first, the most striking first
    within a day. Each is measured by the days of the same user in the 30 days before it."""
    by_user: dict[UUID, list[UserDay]] = {}
    for each in days:
        by_user.setdefault(each.user_id, []).append(each)
    listed = []
    for own in by_user.values():
        for day in (each for each in own if each.day >= since):
            before = [other for other in own if day.day - HISTORY <= other.day < day.day]
            if why := findings(day, before, thresholds):
                listed.append((day, why))
    return sorted(listed, key=lambda row: (-row[0].day.toordinal(), -len(row[1]), row[0].user_name))
