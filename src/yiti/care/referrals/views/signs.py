"""Vital signs as a table: a line for each sign, a column for each time they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiti.kernel.text import N_
from yiti.spine.episodes import public as episodes

PRESSURE = (episodes.VitalKind.SYSTOLIC, episodes.VitalKind.DIASTOLIC)


@dataclass(frozen=True, slots=True)
class Cell:
    """One reading in words, "" where it was not taken."""

    text: str = ""
    is_red: bool = False
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One sign over the times."""

    label: str
    unit: str
    cells: tuple[Cell, ...]


def vital_lines(sets: Sequence[episodes.VitalSet]) -> list[Line]:
    """The signs that were taken at all, in the order of the kinds; both blood pressures in one line."""
    lines = [Line(N_("血压"), PRESSURE[0].facts.unit, tuple(_cell(each, *PRESSURE) for each in sets))]
    lines += [
        Line(kind.facts.zh, kind.facts.unit, tuple(_cell(each, kind) for each in sets))
        for kind in episodes.VitalKind
        if kind not in PRESSURE
    ]
    return [line for line in lines if any(cell.text for cell in line.cells)]


def readings_of(taken: episodes.VitalSet, *kinds: episodes.VitalKind) -> list[episodes.VitalRow]:
    """What was taken of these kinds."""
    return [row for kind in kinds if (row := taken.of(kind)) is not None]


def _cell(taken: episodes.VitalSet, *kinds: episodes.VitalKind) -> Cell:
    found = readings_of(taken, *kinds)
    red = [row for row in found if row.is_red]
    text = "/".join(row.reading.text for row in found)
    return Cell(text, bool(red), red[0].alarm.zh if red else "")
