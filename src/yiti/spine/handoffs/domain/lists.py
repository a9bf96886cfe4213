"""The work list and the bell as values: what they may be asked for, and what they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from yiti.kernel.display import mask_name
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain.clocks import ClockWords, clock_words
from yiti.spine.handoffs.domain.kinds import HandoffKind
from yiti.spine.handoffs.domain.rows import HandoffRow
from yiti.spine.handoffs.domain.words import Alert


class WorkSort(StrEnum):
    """Orders of the work list. `DUE`: what is late or ends first on top, work without a limit last."""

    DUE = "due"
    OPENED = "opened"
    PERSON = "person"
    REQUESTER = "requester"
    STATE = "state"


class Desk(StrEnum):
    """Whose part of an institution's work: mine by name, my department's, or nobody's yet."""

    MINE = "mine"
    DEPARTMENT = "department"
    UNCLAIMED = "unclaimed"


ALL_OPEN = ""
DONE_TODAY = "done"
_YES = frozenset({"1"})

WORK_FILTERS: Mapping[str, frozenset[str] | None] = {
    "tab": None,
    "q": None,
    "institution": None,
    "department": None,
    "desk": frozenset(Desk),
    "urgent": _YES,
    "today": _YES,
    "over": _YES,
}
"""Filters of the work list and their values (None: any text). `tab` is the key of a tab, `done` for what
was closed today, left out for all that is open; `institution` and `department` are ids (requester,
performer's department); `urgent` leaves routine out; `today` keeps what was opened today; `over` adds the
work of the institutions the actor oversees, with masked names."""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A line of the work list. `is_my_turn`: the actor's institution has to act; `is_mine`: it is
    assigned to the actor by name."""

    handoff: HandoffRow
    clock: ClockWords | None
    is_my_turn: bool
    is_mine: bool


def clock_of(row: HandoffRow, at: datetime) -> ClockWords | None:
    """The first column: what the clock of an open handoff says; None once it is closed."""
    if not row.is_open:
        return None
    return clock_words(
        since=row.state_since,
        soon_at=row.soon_at,
        due_at=row.due_at,
        template=row.kind.states[row.state].due,
        at=at,
    )


def masked(row: HandoffRow) -> HandoffRow:
    """The row for those who oversee the work but have no business with the person."""
    return replace(row, person_name=mask_name(row.person_name), person_initials="", person_place="")


@dataclass(frozen=True, slots=True)
class WorkTab:
    """A tab with its count; `late` of them are overdue and it is for the actor's side to act."""

    key: str
    label: str
    count: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many open handoffs of a kind stand in a state, and how many of them are overdue for me."""

    kind: str
    state: str
    count: int
    late_for_me: int


def tabs_of(kinds: Iterable[HandoffKind], counts: Iterable[StateCount], *, done_today: int) -> list[WorkTab]:
    """All open work, then each tab of these kinds in the order they declare them, then today's work."""
    by_state = {(each.kind, each.state): each for each in counts}
    labels: dict[str, str] = {}
    sums: dict[str, list[StateCount]] = {}
    for kind in kinds:
        for tab in kind.tabs:
            labels[tab.key] = tab.label
            found = (by_state.get((kind.code, state)) for state in tab.states)
            sums.setdefault(tab.key, []).extend(each for each in found if each)
    everything = _tab(ALL_OPEN, N_("全部未结"), list(by_state.values()))
    return [
        everything,
        *(_tab(key, label, sums[key]) for key, label in labels.items()),
        WorkTab(DONE_TODAY, N_("今日完成"), done_today),
    ]


def _tab(key: str, label: str, counts: list[StateCount]) -> WorkTab:
    return WorkTab(key, label, sum(each.count for each in counts), sum(each.late_for_me for each in counts))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the work list offer: institutions that asked (level beside the name) and
    departments that are asked, among all that is open; by name."""

    institutions: tuple[tuple[UUID, str, str], ...]
    departments: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class FlowCount:
    """How many handoffs of a kind were sent in a month (its first day) between two institutions, stand in
    one state, and have reached these of the states asked for."""

    month: date
    requester_id: UUID
    performer_id: UUID | None
    state: str
    reached: frozenset[str]
    n: int


class SentSort(StrEnum):
    """Orders of the handoffs behind a figure. `DUE`: what is late or ends first on top."""

    SENT = "sent"
    DUE = "due"
    PERSON = "person"
    REQUESTER = "requester"
    PERFORMER = "performer"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class SentAsked:
    """Which sent handoffs are meant. Every part narrows; what is left out does not.

    One of `institutions` stands on one of `sides`. `states` and `other_than` are present states, `reached`
    states of which one was once come to and not taken back. `answer` is the state they waited in and the
    one they were answered with: then only urgent ones count, with `late` only those that overran the limit
    of that wait. `open`: somebody still has to act; `pressed`: and it is late or soon will be; `overdue`:
    and it is late. `text` is looked for as in the work list.
    """

    kinds: Collection[str]
    institutions: Collection[UUID]
    sides: Collection[Side] = (Side.REQUESTER, Side.PERFORMER, Side.FOLLOWER)
    since: datetime | None = None
    until: datetime | None = None
    states: Collection[str] = ()
    other_than: Collection[str] = ()
    reached: Sequence[Collection[str]] = ()
    answer: tuple[str, str] | None = None
    late: bool = False
    open: bool = False
    pressed: bool = False
    overdue: bool = False
    ids: Collection[UUID] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """The handoffs sent in a month (its first day): how many `cases`, how many of them `late`, and the
    median of the whole minutes after which they were answered (None: none was)."""

    month: date
    median_minutes: float | None
    cases: int
    late: int


@dataclass(frozen=True, slots=True)
class BellRow:
    """Something the actor should know. `title` is what happened, `who` did it where (empty for the
    clock), `is_new` whether it came after the bell was last read."""

    handoff_id: UUID
    number: str
    person_name: str
    title: str
    who: str
    at: datetime
    alert: Alert
    is_new: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """The latest notices, newest first, and how many are new (no more than `MOST_COUNTED`)."""

    rows: tuple[BellRow, ...]
    unread: int


MOST_COUNTED = 99
