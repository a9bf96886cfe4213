"""Rows of text become rows of values, or problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yiti.kernel.errors import InvalidInput
from yiti.kernel.sheets.model import Column, Problem, Sheet, SheetRow
from yiti.kernel.text import N_

Texts = Mapping[str, str | None]


def read_sheet(
    sheet: Sheet, rows: Iterable[Texts], *, first_line: int = 2
) -> tuple[list[SheetRow], list[Problem]]:
    """Read rows of text by column name (as `csv.DictReader` gives them).

    Columns the sheet does not know are passed over; rows with a problem are left out of the values.
    """
    return read_lines(sheet, enumerate(rows, first_line))


def read_lines(sheet: Sheet, lines: Iterable[tuple[int, Texts]]) -> tuple[list[SheetRow], list[Problem]]:
    """The same from rows that know their line, as where a file has blank lines between."""
    good: list[SheetRow] = []
    problems: list[Problem] = []
    for line, row in lines:
        values, wrong = _read_row(sheet, row, line)
        problems += wrong
        if not wrong:
            good.append(SheetRow(line, values))
    return good, problems


def _read_row(sheet: Sheet, row: Texts, line: int) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in sheet.columns:
        if column.name not in row and not column.required:
            continue
        cell = (row.get(column.name) or "").strip()
        try:
            values[column.name] = _read_cell(column, cell)
        except InvalidInput as error:
            problems.append(Problem(sheet.name, line, column.name, error.message, error.params))
    return values, problems


def _read_cell(column: Column, cell: str) -> object:
    if cell:
        return column.parse(cell)
    if column.required:
        raise InvalidInput(N_("不能空着"))
    return column.empty
