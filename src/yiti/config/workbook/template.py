"""Writing the empty workbook that a county fills in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yiti.config.workbook.titles import CHOICES, GUIDE, REQUIRED, TEXT
from yiti.kernel.sheets import Column, Sheet, cells
from yiti.kernel.text import N_

LAST_ROW = 50_000  # how far down format and drop-down lists reach
_MOST_WORDS_TOLD = 12

_STEPS = (
    N_("1. 每张表一行填一条。列名带 * 的必填，其余可以空着；不用的表留空。"),
    N_("2. 不要改表名和列名，不要合并单元格；可以加自己的列，导入时不读。"),
    N_("3. 编码由你们定，定了不要再改：再次导入时按编码找到原来那一条。"),
    N_("4. 从别处粘贴时选“只粘贴值”，身份证号和编码的格式才不会变。"),
    N_("5. 先试导入（yiti import 文件 --dry-run），有问题的行会写进另一个工作簿，改好再导入。"),
    N_("6. 同一份可以导入多次，没有变化的行不会动。不用的岗位填最后一天，不用的科室填停用，不要删行。"),
)


def write_template(target: Path | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the workbook: how to fill it in, one sheet a table with drop-down lists and text cells (so
    that no code becomes a number), and the lists themselves at the end. Raises OSError."""
    with xlsxwriter.Workbook(target) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE8F9", "border": 1, "text_wrap": True})
        must = book.add_format({"bold": True, "bg_color": "#FFF1DE", "border": 1, "text_wrap": True})
        plain = book.add_format({"num_format": TEXT})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        guide = book.add_worksheet(GUIDE)
        pages = [book.add_worksheet(sheet.zh) for sheet in sheets]
        choices = _Choices(book.add_worksheet(CHOICES))
        _write_guide(guide, sheets, head, wrapped)
        for sheet, page in zip(sheets, pages, strict=True):
            page.freeze_panes(1, 1)
            for at, column in enumerate(sheet.columns):
                page.set_column(at, at, max(12, 2 * len(column.zh) + 4), plain)
                page.write_string(0, at, _heading(column), must if column.required else head)
                if column.words and not column.takes_many:
                    page.data_validation(1, at, LAST_ROW, at, choices.rule(f"{sheet.zh} {column.zh}", column))
            page.ignore_errors({"number_stored_as_text": f"A1:Z{LAST_ROW}"})


def _heading(column: Column) -> str:
    return column.zh + (REQUIRED if column.required else "")


class _Choices:
    """The sheet of drop-down lists. They stand in cells because a list inside a rule holds 255 characters."""

    def __init__(self, page: Worksheet) -> None:
        self._page = page
        self._places: dict[tuple[str, ...], int] = {}

    def rule(self, title: str, column: Column) -> dict[str, object]:
        """The rule of a column that takes one of its words; equal lists are written once."""
        at = self._places.get(column.words)
        if at is None:
            at = self._places[column.words] = len(self._places)
            self._page.write_string(0, at, title)
            self._page.write_column(1, at, column.words)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        return {
            "validate": "list",
            "source": f"='{CHOICES}'!${letter}$2:${letter}${len(column.words) + 1}",
            "error_title": column.zh,
            "error_message": N_("请从列表里选"),
        }


def _write_guide(page: Worksheet, sheets: Sequence[Sheet], head: Format, wrapped: Format) -> None:
    for at, width in enumerate((22, 20, 8, 70)):
        page.set_column(at, at, width)
    for row, step in enumerate(_STEPS):
        page.write_string(row, 0, step)
    at = len(_STEPS) + 1
    page.write_row(at, 0, (N_("表"), N_("列"), N_("必填"), N_("怎么填")), head)
    for row, cells_of_row in enumerate(_guide_rows(sheets), at + 1):
        page.write_row(row, 0, cells_of_row, wrapped)


def _guide_rows(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, str, str]]:
    titles = {sheet.name: sheet.zh for sheet in sheets}
    for sheet in sheets:
        for column in sheet.columns:
            yield sheet.zh, column.zh, N_("是") if column.required else "", "；".join(_how(column, titles))


def _how(column: Column, titles: dict[str, str]) -> Iterator[str]:
    if column.takes_many:
        yield N_("可以填几个，中间空一格：") + "、".join(column.words)
    elif column.words:
        few = len(column.words) <= _MOST_WORDS_TOLD
        yield "、".join(column.words) if few else N_("从下拉列表里选")
    if column.refers_to:
        yield N_("填“{sheet}”表里的编码").format(sheet=titles.get(column.refers_to, column.refers_to))
    if column.parse is cells.day:
        yield N_("日期，写成 2018-12-01")
    if column.hint:
        yield column.hint
