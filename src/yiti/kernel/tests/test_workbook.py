"""A workbook: words stay words, numbers are numbers, nothing runs."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from yiti.kernel.workbook import Cell, Table, as_workbook

WORDS = ["=cmd|'/c calc'!A0", "-2+3", "@SUM(1)", "+86", "\tx", "https://example.org", "房金养"]


def sheets(workbook: bytes) -> dict[str, list[list[Any]]]:
    read = CalamineWorkbook.from_filelike(BytesIO(workbook))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_kept_as_it_was_typed_and_runs_nothing(word: str) -> None:
    written = as_workbook([Table("表", {"诊断": 20}, [[word]])])
    assert sheets(written) == {"表": [["诊断"], [word]]}
    inside = ZipFile(BytesIO(written)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in inside
    assert b"<hyperlink" not in inside


def test_numbers_are_numbers_and_the_unknown_is_empty() -> None:
    rows: list[list[Cell]] = [["2026-11", 206, 91.3], ["2026-10", 0, None]]
    written = as_workbook([Table("一", {"月": 8, "上转": 8, "率": 8}, rows), Table("二", {"空": 8}, [])])
    assert sheets(written) == {
        "一": [["月", "上转", "率"], ["2026-11", 206.0, 91.3], ["2026-10", 0.0, ""]],
        "二": [["空"]],
    }
