"""The capability directory: what stands in its rows and columns (picture 08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yiti.kernel.text import N_
from yiti.registry.facilities.domain.capability import Capability
from yiti.registry.facilities.domain.kinds import Tier
from yiti.registry.facilities.domain.rows import InstitutionRow


class Subject(StrEnum):
    """What the directory is about."""

    DISEASE = "disease"
    OPERATION = "operation"
    EQUIPMENT = "equipment"

    @property
    def zh(self) -> str:
        """The word on the filter."""
        return _SUBJECT_WORDS[self]


_SUBJECT_WORDS = {
    Subject.DISEASE: N_("病种"),
    Subject.OPERATION: N_("术式"),
    Subject.EQUIPMENT: N_("设备"),
}


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """What a line is about: a disease (ICD-10), an operation (ICD-9-CM-3) or a device (no code)."""

    code: str
    zh: str
    group: str

    @property
    def key(self) -> str:
        """What names the line in an address."""
        return self.code or self.zh


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One line, with a verdict for every column in their order."""

    entry: DirectoryEntry
    cells: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory of a day, searched and filtered; `version` and `since` are those of its catalogue."""

    subject: Subject
    columns: tuple[InstitutionRow, ...]
    lines: tuple[DirectoryLine, ...]
    groups: tuple[str, ...]
    counts: Mapping[Subject, int]
    treated: Mapping[Tier, int]
    version: str
    since: date | None
