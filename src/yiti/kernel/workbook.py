"""Writing tables as an Excel workbook that runs nothing, whatever people have typed into the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, its words in the reader's language: name, columns with their widths in
    characters, and rows. None is an empty cell: unknown."""

    title: str
    columns: Mapping[str, int]
    rows: Iterable[Sequence[Cell]]


def as_workbook(tables: Iterable[Table]) -> bytes:
    """The tables as `.xlsx`, a sheet each.

    Words are texts, and none that Excel would take for a formula, also after it has been saved as CSV;
    numbers are numbers, so that they can be added up.
    """
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        for each in tables:
            sheet = book.add_worksheet(each.title)
            for column, (title, width) in enumerate(each.columns.items()):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, bold)
            for line, row in enumerate(each.rows, start=1):
                _write(sheet, line, row, quoted)
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def _write(sheet: Worksheet, line: int, row: Sequence[Cell], quoted: Format) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(line, column, cell, quoted if cell.startswith(_FORMULA) else None)
        elif cell is not None:
            sheet.write_number(line, column, cell)
