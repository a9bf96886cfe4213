"""Pairs of cards that may be one person: their states, lists and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yiti.kernel.text import N_
from yiti.registry.residents.domain.matching import AGAINST, COMPARED, Agreements, reason_of
from yiti.registry.residents.domain.rows import CardRow, PersonRow


class PairState(StrEnum):
    """What has become of a likely pair."""

    OPEN = "open"
    MERGED = "merged"
    DIFFERENT = "different"
    GONE = "gone"  # no longer likely, after a record was put right or merged elsewhere

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _STATES[self]


_STATES = {
    PairState.OPEN: N_("待核对"),
    PairState.MERGED: N_("已合并"),
    PairState.DIFFERENT: N_("不是同一人"),
    PairState.GONE: N_("不再疑似"),
}


class PairSort(StrEnum):
    """Orders of the list of pairs."""

    POINTS = "points"
    FOUND = "found"
    PERSON = "person"


#: Filters of the list (None: any text): state, words of a search, ids of a village and of an institution.
PAIR_FILTERS: Mapping[str, frozenset[str] | None] = {
    "state": frozenset({PairState.MERGED, PairState.DIFFERENT}),
    "q": None,
    "village": None,
    "institution": None,
}


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of the two: the card, which the whole county sees, and the record if it is open to the actor."""

    card: CardRow
    record: PersonRow | None

    @property
    def name(self) -> str:
        """In full only where the record is open."""
        return self.record.name if self.record else self.card.masked_name

    @property
    def may_open(self) -> bool:
        """Whether the record is open to the actor."""
        return self.record is not None


@dataclass(frozen=True, slots=True)
class PairRow:
    """A likely pair with both sides, and whether the actor's institution may decide it. `levels` are those
    of `agreements`."""

    id: UUID
    one: PairSide
    other: PairSide
    points: int
    levels: Agreements
    state: PairState
    found_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    reason: str
    may_decide: bool

    @property
    def agrees(self) -> tuple[str, ...]:
        """What speaks for one person, in words."""
        return self._reasons(against=False)

    @property
    def differs(self) -> tuple[str, ...]:
        """What speaks against it."""
        return self._reasons(against=True)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state is PairState.OPEN

    @property
    def look(self) -> str:
        """The tone of its state."""
        return "wait" if self.is_open else "done"

    def _reasons(self, *, against: bool) -> tuple[str, ...]:
        pairs = [(name, self.levels.get(name, "")) for name in COMPARED]
        return tuple(reason_of(*each) for each in pairs if reason_of(*each) and (each in AGAINST) is against)


@dataclass(frozen=True, slots=True)
class PairCount:
    """A tab of the list with its count; `key` is a value of the filter `state`."""

    key: str
    label: str
    count: int
