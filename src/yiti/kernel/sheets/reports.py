"""What a load did, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.sheets.model import Problem


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one line of a sheet."""

    sheet: str
    line: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The whole load. `counts` are lines by sheet and outcome; without `saved` they say what would happen."""

    saved: bool
    counts: Mapping[str, Mapping[Outcome, int]]
    outcomes: tuple[RowOutcome, ...]
    problems: tuple[Problem, ...]
