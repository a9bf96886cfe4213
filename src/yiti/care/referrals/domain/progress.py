"""The step bar of a chain: which steps of the way up and down are done, which is now, which are to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from yiti.care.referrals.domain.down import Down
from yiti.care.referrals.domain.up import Up
from yiti.kernel.text import N_


class BarStatus(StrEnum):
    """How a step of the bar is drawn: green tick, passed over, in the colour of the state, ended, hollow."""

    DONE = "done"
    SKIPPED = "skipped"
    CURRENT = "current"
    ENDED = "ended"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class BarStep:
    """One step. `at` is when it was reached; `note` stands under it, such as `预计 11:09`."""

    key: str
    label: str
    status: BarStatus
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a referral stands: its state in words and code, and every change of state, oldest first."""

    state: str
    state_label: str
    changes: tuple[tuple[str, datetime], ...]

    def reached(self) -> dict[str, datetime]:
        """When each state that still counts was entered. What was taken back or gone back from is left
        out: after sent, accepted, sent again only `sent` counts, since the first time."""
        path: dict[str, datetime] = {}
        for state, at in self.changes:
            if state in path:
                states = list(path)
                path = {each: path[each] for each in states[: states.index(state) + 1]}
            else:
                path[state] = at
        return path


@dataclass(frozen=True, slots=True)
class _Milestone:
    key: str
    label: str
    up: frozenset[str] = field(default_factory=frozenset)
    down: frozenset[str] = field(default_factory=frozenset)


_UP_PATH = (
    _Milestone("sent", N_("送出"), up=frozenset({Up.SUBMITTED, Up.SENT, Up.RETURNED})),
    _Milestone("accepted", N_("接收留床"), up=frozenset({Up.ACCEPTED})),
    _Milestone("in_transit", N_("转运中"), up=frozenset({Up.IN_TRANSIT})),
    _Milestone("arrived", N_("到院"), up=frozenset({Up.ARRIVED})),
    _Milestone("in_care", N_("诊疗"), up=frozenset({Up.IN_CARE})),
    _Milestone("outcome_sent", N_("出院回传"), up=frozenset({Up.OUTCOME_SENT})),
    _Milestone("down", N_("下转"), down=frozenset({Down.SENT, Down.RETURNED, Down.RECEIVED})),
    _Milestone("followed_up", N_("首次随访"), down=frozenset({Down.FOLLOWED_UP})),
    _Milestone("closed", N_("关闭"), up=frozenset({Up.CLOSED})),
)
_DOWN_PATH = (
    _Milestone("down", N_("下转"), down=frozenset({Down.SENT, Down.RETURNED})),
    _Milestone("received", N_("接收"), down=frozenset({Down.RECEIVED})),
    _Milestone("followed_up", N_("首次随访"), down=frozenset({Down.FOLLOWED_UP})),
    _Milestone("closed", N_("关闭"), down=frozenset({Down.CLOSED})),
)
_UP_ENDS = frozenset({Up.DECLINED, Up.CANCELLED, Up.EXPIRED, Up.NO_SHOW, Up.DIED})
_HOME = frozenset({Down.FOLLOWED_UP, Down.CLOSED})  # the way up may be closed sooner, the chain is not
_DOWN_ENDS = frozenset({Down.DECLINED, Down.CANCELLED, Down.DIED})


def step_bar(up: Course | None, down: Course | None, notes: Mapping[str, str]) -> tuple[BarStep, ...]:
    """The bar of a chain; at least one of the two is given.

    The last step reached is the current one until the chain is closed; what was passed over (nobody
    drove, no bed was needed, nobody was sent home with a plan) is said to be so. A referral that ended
    early shows what was reached, then how it ended. `notes` are words by key for steps not yet reached.
    """
    path = _UP_PATH if up else _DOWN_PATH
    leading = up or down
    if leading is None:
        raise ValueError("a bar needs a referral")
    ends = _UP_ENDS if up else _DOWN_ENDS
    times = _times(path, up, down)
    last = max((place for place, step in enumerate(path) if step.key in times), default=0)
    is_over = "closed" in times or leading.state in ends
    bar = [
        BarStep(
            key=step.key,
            label=step.label,
            status=_status(place, last, is_over=is_over) if step.key in times else _absent(place, last),
            at=times.get(step.key),
            note=notes.get(step.key, "") if place > last else "",
        )
        for place, step in enumerate(path)
    ]
    if leading.state not in ends:
        return tuple(bar)
    ended = BarStep("ended", leading.state_label, BarStatus.ENDED, leading.changes[-1][1])
    return (*bar[: last + 1], ended)


def _times(path: Iterable[_Milestone], up: Course | None, down: Course | None) -> dict[str, datetime]:
    reached_up = up.reached() if up else {}
    goes_home = down is not None and (up is None or down.state not in _DOWN_ENDS)
    reached_down = down.reached() if down and goes_home else {}
    times = {}
    for step in path:
        moments = [at for state, at in reached_up.items() if state in step.up]
        moments += [at for state, at in reached_down.items() if state in step.down]
        if moments:
            times[step.key] = min(moments)
    if goes_home and not _HOME.intersection(reached_down):
        times.pop("closed", None)
    return times


def _status(place: int, last: int, *, is_over: bool) -> BarStatus:
    return BarStatus.CURRENT if place == last and not is_over else BarStatus.DONE


def _absent(place: int, last: int) -> BarStatus:
    return BarStatus.FUTURE if place > last else BarStatus.SKIPPED
