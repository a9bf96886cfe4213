"""The clock of a wait: when it warns, runs out, is reported upwards, and when the system steps in.

All moments are set when a state is entered and stored, so a rule changed later never moves the
deadline of work that is already running.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yiti.kernel.clock import local, local_date
from yiti.kernel.display import duration_text, short_time
from yiti.kernel.text import N_, Phrase
from yiti.spine.handoffs.domain.words import Alert

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Timers:
    """Moments of one wait; None where the rules set none. `step` is what the system does at `step_at`."""

    soon_at: datetime | None = None
    due_at: datetime | None = None
    escalate_at: datetime | None = None
    step: str = ""
    step_at: datetime | None = None

    def passed(self, alert: Alert, at: datetime) -> list[Alert]:
        """The levels reached by `at` above `alert`, mildest first.

        "Due soon" is left out where the wait is already overdue: it would be no warning any more.
        """
        reached = [level for level, moment in self._levels() if moment <= at and level.rank > alert.rank]
        if Alert.OVERDUE in reached and Alert.DUE_SOON in reached:
            reached.remove(Alert.DUE_SOON)
        return reached

    def next_at(self, alert: Alert) -> datetime | None:
        """When the clock must look again, after `alert` has been given; None when never."""
        ahead = [moment for level, moment in self._levels() if level.rank > alert.rank]
        return min([*ahead, *([self.step_at] if self.step_at else [])], default=None)

    def _levels(self) -> list[tuple[Alert, datetime]]:
        levels = (
            (Alert.DUE_SOON, self.soon_at),
            (Alert.OVERDUE, self.due_at),
            (Alert.ESCALATED, self.escalate_at),
        )
        return [(level, moment) for level, moment in levels if moment is not None]


class Pressure(StrEnum):
    """How the words of a clock are coloured."""

    NONE = ""
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ClockWords:
    """The first column of a work list: `超时 26 分`, `剩 14 分`, `预计 10:50 到`, `已等 38 分`."""

    text: str
    pressure: Pressure


def clock_words(
    *, since: datetime, soon_at: datetime | None, due_at: datetime | None, template: str, at: datetime
) -> ClockWords:
    """What the clock of an open handoff says at `at`; late and due soon are read from the clock itself,
    so that the list is right even while no worker runs. `template` is the state's own wording."""
    if due_at is not None and at > due_at:
        over = duration_text(-((due_at - at) // _MINUTE))
        return ClockWords(Phrase(N_("超时 {length}"), length=over), Pressure.LATE)
    pressure = Pressure.DUE if soon_at is not None and at >= soon_at else Pressure.NONE
    if template:
        return ClockWords(Phrase(template, time=short_time(due_at, at) if due_at else ""), pressure)
    if due_at is None:
        waited = duration_text(max(at - since, timedelta()) // _MINUTE)
        return ClockWords(Phrase(N_("已等 {length}"), length=waited), pressure)
    return ClockWords(_left_words(due_at, at), pressure)


def _left_words(due_at: datetime, at: datetime) -> Phrase:
    left = due_at - at
    if left >= timedelta(hours=4) and local_date(due_at) == local_date(at):
        return Phrase(N_("今日 {time} 前"), time=f"{local(due_at):%H:%M}")
    return Phrase(N_("剩 {length}"), length=duration_text(left // _MINUTE))
