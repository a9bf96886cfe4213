"""What the list of institutions and the page of one are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.text import N_
from yiti.registry.facilities.domain.kinds import Level, MemberRole
from yiti.registry.facilities.domain.rows import (
    AllianceRow,
    BoardRow,
    EquipmentRow,
    InstitutionRow,
    MemberRow,
    OperationRow,
)
from yiti.registry.facilities.domain.travel import Travel


class InstitutionSort(StrEnum):
    """Orders of the list of institutions."""

    LEVEL = "level"
    NAME = "name"
    KIND = "kind"
    REGION = "region"


class InstitutionTab(StrEnum):
    """Parts of the list of institutions."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    OUTSIDE = "outside"

    @property
    def zh(self) -> str:
        """The word on the tab."""
        return _TAB_WORDS[self]

    @classmethod
    def of(cls, level: Level, *, is_external: bool) -> InstitutionTab:
        """Where an institution is listed; a city hospital inside the consortium among the county's."""
        if is_external:
            return cls.OUTSIDE
        return cls.COUNTY if level is Level.CITY else cls(level)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels listed here."""
        return tuple(
            level for level in Level if self is InstitutionTab.of(level, is_external=self is self.OUTSIDE)
        )


_TAB_WORDS = {
    InstitutionTab.COUNTY: N_("县级"),
    InstitutionTab.TOWNSHIP: N_("镇级"),
    InstitutionTab.VILLAGE: N_("村级"),
    InstitutionTab.OUTSIDE: N_("县外"),
}


@dataclass(frozen=True, slots=True)
class ListedInstitution:
    """A line of the list of institutions: beds in service, and beds nobody holds or lies in."""

    institution: InstitutionRow
    role: MemberRole | None
    beds: int
    free_beds: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the page of an institution says. `head` is the head of its consortium, if it is not the
    head itself; `travel` the way from there."""

    institution: InstitutionRow
    region_path: tuple[str, ...]
    member: MemberRow | None
    alliances: tuple[AllianceRow, ...]
    head: InstitutionRow | None
    travel: Travel | None
    board: tuple[BoardRow, ...]
    equipment: tuple[EquipmentRow, ...]
    operations: tuple[OperationRow, ...]

    @property
    def beds(self) -> int:
        """Beds in service."""
        return sum(row.beds for row in self.board)

    @property
    def free_beds(self) -> int | None:
        """Beds one can ask for, None where nobody knows."""
        known = [row.free for row in self.board if row.free is not None]
        return sum(known) if known else None
