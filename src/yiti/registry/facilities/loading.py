"""Reading a county's files: the CSV folder of an example, and the national divisions."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from yiti.registry.facilities.domain import SHEETS, Problem, SheetRow, read_sheet
from yiti.registry.facilities.domain.divisions import division_rows

_DIVISIONS = {
    "provinces": "provinces.csv",
    "cities": "cities.csv",
    "counties": "areas.csv",
    "townships": "streets.csv",
}


def read_folder(folder: Path) -> tuple[dict[str, Sequence[SheetRow]], list[Problem]]:
    """The sheets of a folder with one `<sheet>.csv` a table, ready for `load_facilities`, and every cell
    that could not be read. Files that are not there are left out."""
    return read_sheets(
        {name: _rows(folder / f"{name}.csv") for name in SHEETS if (folder / f"{name}.csv").is_file()}
    )


def read_sheets(
    tables: Mapping[str, Sequence[Mapping[str, str]]],
) -> tuple[dict[str, Sequence[SheetRow]], list[Problem]]:
    """The same from rows that somebody else has read: text by column name, by sheet name.

    Raises KeyError for a sheet nobody knows.
    """
    sheets: dict[str, Sequence[SheetRow]] = {}
    problems: list[Problem] = []
    for name, rows in tables.items():
        sheets[name], wrong = read_sheet(SHEETS[name], rows)
        problems += wrong
    return sheets, problems


def read_divisions(folder: Path) -> tuple[dict[str, Sequence[SheetRow]], list[Problem]]:
    """The national divisions as sheet `regions`: provinces.csv, cities.csv, areas.csv, streets.csv with
    columns `code` (2, 4, 6, 9 digits) and `name`. Raises FileNotFoundError."""
    lists = {name: _rows(folder / file) for name, file in _DIVISIONS.items()}
    return read_sheets({"regions": list(division_rows(**lists))})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
