"""Reading a workbook: cells become text by sheet, column and line, however Excel has kept them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from yiti.config.workbook.titles import CHOICES, GUIDE, LINE, MISTAKE, REQUIRED
from yiti.kernel.errors import InvalidInput
from yiti.kernel.sheets import Column, Problem, Sheet
from yiti.kernel.text import N_

MOST_BYTES = 300_000_000  # of the sheets inside, unpacked
MOST_CELLS = 6_000_000
_PLACES = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")
_HEADING_WITHIN = 10  # a title or two may stand above the headings
_LEAST_HEADINGS = 2
_EXACT = 10**15  # Excel keeps 15 digits of a number; the rest has become zeros

# Full-width digits and letters, as some input methods type them, mean the plain ones.
_NARROW = {
    wide: wide - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}

Cell = object  # what calamine gives: text, a number, a truth, a date or a time


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in one sheet. `rows` are cells as text by column name, with their line; rows without
    anything in a known column are left out. `unread` are headings nobody knows. Without the headings it
    needs (`is_sound`) a table cannot be taken."""

    sheet: Sheet
    rows: Sequence[tuple[int, Mapping[str, str]]] = ()
    problems: Sequence[Problem] = ()
    unread: Sequence[str] = ()
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as text: tables by the name of their sheet, and titles of sheets nobody knows."""

    tables: Mapping[str, Table]
    unknown: Sequence[str]

    def codes(self, sheet: str, column: str = "code") -> set[str]:
        """What stands in one column of one sheet, readable or not."""
        table = self.tables.get(sheet)
        return {row.get(column, "") for _, row in table.rows} - {""} if table else set()


def read_workbook(source: Path | bytes, sheets: Collection[Sheet]) -> Workbook:
    """Read an Excel workbook (.xlsx).

    Sheets are found by their title or name, columns by heading or name. Numbers that are codes come
    back without `.0`, dates as `2018-12-01`, formulas as their last value. Raises InvalidInput for
    what is no workbook, and OSError.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    try:
        _ensure_fit(content)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        found = {
            each: book.get_sheet_by_name(each).to_python(skip_empty_area=False) for each in book.sheet_names
        }
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, CalamineError) as error:
        message = N_("这不是 .xlsx 工作簿，或者文件坏了；旧格式和有密码的请另存为没有密码的 .xlsx")
        raise InvalidInput(message) from error
    known = {name: each for each in sheets for name in (each.zh, each.name)}
    tables: dict[str, Table] = {}
    unknown: list[str] = []
    for title, rows in found.items():
        sheet = known.get(title.strip())
        if sheet is not None and sheet.name not in tables:
            tables[sheet.name] = _table(sheet, rows)
        elif title not in {GUIDE, CHOICES} and any(map(any, rows)):
            unknown.append(title)
    return Workbook(tables, unknown)


def _ensure_fit(content: bytes) -> None:
    """Refuse what would fill the memory: a few kilobytes can unpack to gigabytes, and one cell at the far
    end of a sheet makes the reader ask for all cells before it."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
        if not any(each.filename == "xl/workbook.xml" for each in parts):
            raise zipfile.BadZipFile
        if sum(each.file_size for each in parts) > MOST_BYTES:
            raise InvalidInput(N_("工作簿太大，请分成几份导入"))
        for each in parts:
            if each.filename.startswith("xl/worksheets/") and _area(packed.read(each)) > MOST_CELLS:
                raise InvalidInput(N_("有的表很远的地方填了东西，请删掉表格下面和右边多余的行列"))


def _area(page: bytes) -> int:
    """How many cells the corner of a sheet takes that holds all that is in it."""
    places = {(letters, number) for letters, number in _PLACES.findall(page)}
    rows = max((int(number) for _, number in places), default=0)
    columns = max((_column_number(letters) for letters in {letters for letters, _ in places}), default=0)
    return rows * columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _table(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> Table:
    if not any(map(any, rows)):
        return Table(sheet)
    at, headings = _headings(sheet, rows)
    if at is None:
        wrong = Problem(sheet.name, 1, "", N_("没有找到列名，请用模板里的列名"))
        return Table(sheet, problems=(wrong,), is_sound=False)
    problems = list(_wrong_headings(sheet, at + 1, headings))
    is_sound = not problems
    good: list[tuple[int, dict[str, str]]] = []
    for line, cells in enumerate(rows[at + 1 :], at + 2):
        row, wrong_cells = _row(sheet, line, headings, cells)
        if any(row.values()) or wrong_cells:
            good.append((line, row))
            problems += wrong_cells
    unread = [each for each in headings if isinstance(each, str) and each]
    return Table(sheet, good, problems, unread, is_sound)


def _headings(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> tuple[int | None, list[Column | str]]:
    """Which row holds the headings, and for each of its cells the column or, unknown, the text."""
    columns = {name: each for each in sheet.columns for name in (each.zh, each.name)}
    least = min(_LEAST_HEADINGS, len(sheet.columns))
    for at, cells in enumerate(rows[:_HEADING_WITHIN]):
        texts = [str(cell).strip().removesuffix(REQUIRED).strip() for cell in cells]
        found = [columns.get(text, "" if text in {LINE, MISTAKE} else text) for text in texts]
        if sum(isinstance(each, Column) for each in found) >= least:
            return at, found
    return None, []


def _wrong_headings(sheet: Sheet, line: int, headings: Sequence[Column | str]) -> Iterator[Problem]:
    for column in sheet.columns:
        times = headings.count(column)
        if column.required and not times:
            yield Problem(sheet.name, line, column.name, N_("缺“{column}”这一列"), {"column": column.zh})
        if times > 1:
            yield Problem(sheet.name, line, column.name, N_("“{column}”有两列"), {"column": column.zh})


def _row(
    sheet: Sheet, line: int, headings: Sequence[Column | str], cells: Sequence[Cell]
) -> tuple[dict[str, str], list[Problem]]:
    row: dict[str, str] = {}
    problems: list[Problem] = []
    for heading, cell in zip(headings, cells, strict=False):
        if not isinstance(heading, Column):
            continue
        row[heading.name] = _text(cell)
        if isinstance(cell, int | float) and abs(cell) >= _EXACT:
            message = N_("Excel 把它存成了数字，后几位已经丢了；请把格式改成文本再填一遍")
            problems.append(Problem(sheet.name, line, heading.name, message))
    return row, problems


def _text(cell: Cell) -> str:
    """A cell as a person reads it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{cell:.10f}".rstrip("0")
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    return str(cell).translate(_NARROW).strip()
