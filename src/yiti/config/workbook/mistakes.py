"""Writing the rows that could not be taken, each with the cell marked and the sentence beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yiti.config.workbook.reading import Table
from yiti.config.workbook.telling import heading_of
from yiti.config.workbook.titles import LINE, MISTAKE, TEXT
from yiti.kernel.sheets import Problem, Sheet


def write_mistakes(
    target: Path | IO[bytes],
    tables: Mapping[str, Table],
    sheets: Sequence[Sheet],
    problems: Sequence[Problem],
) -> None:
    """Write a workbook with one sheet for each table that has problems: its columns, the bad rows as they
    were filled in, their line, and what is wrong. Cells are text marked as such, so that nothing a person
    typed is ever run as a formula. Raises OSError."""
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_sheet[problem.sheet].append(problem)
    with xlsxwriter.Workbook(target) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE8F9", "border": 1})
        plain = book.add_format({"num_format": TEXT, "quote_prefix": True})
        bad = book.add_format({"num_format": TEXT, "quote_prefix": True, "bg_color": "#FDECEA", "border": 1})
        says = book.add_format({"font_color": "#B0241C", "text_wrap": True})
        for sheet in sheets:
            if sheet.name in by_sheet:
                page = _Page(book.add_worksheet(sheet.zh), sheet, plain, bad, says)
                page.write_head(head)
                page.write_rows(tables.get(sheet.name), by_sheet[sheet.name])
        if not book.worksheets():
            book.add_worksheet(MISTAKE).write_column(0, 0, [each.text() for each in problems])


class _Page:
    """One sheet of mistakes while it is written."""

    def __init__(self, page: Worksheet, sheet: Sheet, plain: Format, bad: Format, says: Format) -> None:
        self._page, self._sheet = page, sheet
        self._plain, self._bad, self._says = plain, bad, says

    def write_head(self, head: Format) -> None:
        titles = [*(column.zh for column in self._sheet.columns), LINE, MISTAKE]
        for at, title in enumerate(titles):
            self._page.write_string(0, at, title, head)
            self._page.set_column(at, at, 60 if title == MISTAKE else 14)
        self._page.freeze_panes(1, 0)

    def write_rows(self, table: Table | None, problems: Sequence[Problem]) -> None:
        rows = dict(table.rows) if table else {}
        by_line: dict[int, list[Problem]] = defaultdict(list)
        for problem in problems:
            by_line[problem.line].append(problem)
        for at, line in enumerate(sorted(by_line), 1):
            self._write_row(at, line, rows.get(line, {}), by_line[line])

    def _write_row(self, at: int, line: int, row: Mapping[str, str], problems: Sequence[Problem]) -> None:
        wrong = {problem.column for problem in problems}
        for place, column in enumerate(self._sheet.columns):
            look = self._bad if column.name in wrong else self._plain
            self._page.write_string(at, place, row.get(column.name, ""), look)
        last = len(self._sheet.columns)
        self._page.write_number(at, last, line)
        said = "；".join(self._sentence(each) for each in problems)
        self._page.write_string(at, last + 1, said, self._says)

    def _sentence(self, problem: Problem) -> str:
        _, heading = heading_of(problem, (self._sheet,))
        return f"{heading}：{problem.text()}" if heading else problem.text()
