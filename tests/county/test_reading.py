"""Reading what Excel makes of what people type."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from yiti.config.workbook import Table, read_workbook
from yiti.kernel.errors import InvalidInput
from yiti.kernel.sheets import Column, Sheet, cells

THINGS = Sheet(
    "things",
    "东西",
    (
        Column("code", "编码", cells.code(20), required=True),
        Column("name", "名称", cells.text(200), required=True),
        Column("note", "说明文字", cells.text(200)),
    ),
    ("code",),
)


def book_of(path: Path, write: Callable[[Worksheet, xlsxwriter.Workbook], None], title: str = "东西") -> Path:
    """A workbook whose one sheet is written by the test."""
    with xlsxwriter.Workbook(str(path)) as book:
        write(book.add_worksheet(title), book)
    return path


def table_of(path: Path) -> Table:
    """What stands in the sheet of things."""
    return read_workbook(path, [THINGS]).tables["things"]


def cells_of(path: Path, *rows: Sequence[object]) -> Path:
    """A workbook of these rows; text is written as text, all else as it is."""

    def write(page: Worksheet, book: xlsxwriter.Workbook) -> None:
        kinds = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(at, place, value)
                elif type(value) in kinds:
                    page.write_datetime(at, place, value, book.add_format({"num_format": kinds[type(value)]}))
                else:
                    page.write(at, place, value)

    return book_of(path, write)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param("A-1", "A-1", id="text"),
        pytest.param(441826105000, "441826105000", id="a code that became a number"),
        pytest.param(24.7186, "24.7186", id="a coordinate"),
        pytest.param(0.1 + 0.2, "0.3", id="a sum of floats"),
        pytest.param(-112.5, "-112.5", id="negative"),
        pytest.param(True, "1", id="true"),
        pytest.param(date(2018, 12, 1), "2018-12-01", id="a date"),
        pytest.param(datetime.fromisoformat("2018-12-01T09:48"), "2018-12-01 09:48:00", id="a moment"),
        pytest.param("４４１８２６ＡＢｘ", "441826ABx", id="full-width digits and letters"),
        pytest.param("（甲）", "（甲）", id="full-width brackets stay"),
        pytest.param(" \u3000A-1\xa0", "A-1", id="spaces of all kinds around"),
        pytest.param("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", id="a formula typed as text"),
        pytest.param("_x0041_\t\x01", "_x0041_\t\x01", id="what looks like an escape"),
    ],
)
def test_a_cell_as_text(cell: object, text: str, tmp_path: Path) -> None:
    path = cells_of(tmp_path / "a.xlsx", ["编码", "名称", "说明文字"], ["A", "甲", cell])
    assert table_of(path).rows == [(2, {"code": "A", "name": "甲", "note": text})]


def test_a_formula_gives_its_last_value(tmp_path: Path) -> None:
    def write(page: Worksheet, book: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["编码", "名称"])
        page.write_string(1, 0, "A")
        page.write_formula(1, 1, '=CONCATENATE("甲","乙")', None, "甲乙")

    assert table_of(book_of(tmp_path / "a.xlsx", write)).rows[0][1]["name"] == "甲乙"


def test_digits_that_excel_has_lost_are_told_not_invented(tmp_path: Path) -> None:
    table = table_of(cells_of(tmp_path / "a.xlsx", ["编码", "名称"], [441826195903140310, "甲"]))
    assert [(each.line, each.column) for each in table.problems] == [(2, "code")]
    assert "改成文本" in table.problems[0].text()


def test_blank_lines_are_skipped_and_lines_keep_their_number(tmp_path: Path) -> None:
    path = cells_of(
        tmp_path / "a.xlsx",
        ["编码", "名称"],
        ["A", "甲"],
        [" ", "\u3000"],
        [],
        ["B", "乙"],
        ["", "", "", "注"],
    )
    assert [line for line, _ in table_of(path).rows] == [2, 5]


def test_a_title_may_stand_above_the_headings(tmp_path: Path) -> None:
    def write(page: Worksheet, book: xlsxwriter.Workbook) -> None:
        page.merge_range("A1:C1", "某县东西登记表")
        page.write_row(2, 0, ["编码*", " 名称 * ", "说明文字"])
        page.write_row(3, 0, ["A", "甲", "乙"])

    assert table_of(book_of(tmp_path / "a.xlsx", write)).rows == [
        (4, {"code": "A", "name": "甲", "note": "乙"})
    ]


def test_cells_that_were_merged_downwards_stay_empty(tmp_path: Path) -> None:
    def write(page: Worksheet, book: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["编码", "名称"])
        page.merge_range("A2:A3", "A")
        page.write_string(1, 1, "甲")
        page.write_string(2, 1, "乙")

    assert [row["code"] for _, row in table_of(book_of(tmp_path / "a.xlsx", write)).rows] == ["A", ""]


@pytest.mark.parametrize(
    ("headings", "column", "says"),
    [
        pytest.param(["编码", "说明文字"], "name", "缺“名称”这一列", id="a missing column"),
        pytest.param(["编码", "名称", "编码"], "code", "“编码”有两列", id="a column twice"),
        pytest.param(["甲", "乙"], "", "没有找到列名", id="no heading at all"),
    ],
)
def test_headings_that_do_not_do(headings: list[str], column: str, says: str, tmp_path: Path) -> None:
    table = table_of(cells_of(tmp_path / "a.xlsx", headings, ["A", "甲", "乙"]))
    assert not table.is_sound
    assert [(each.line, each.column) for each in table.problems] == [(1, column)]
    assert says in table.problems[0].text()


def test_headings_may_be_names_and_unknown_ones_are_told(tmp_path: Path) -> None:
    path = cells_of(tmp_path / "a.xlsx", ["code", "name", "我的备注", "问题"], ["A", "甲", "x", "y"])
    table = table_of(path)
    assert (table.rows, table.unread) == ([(2, {"code": "A", "name": "甲"})], ["我的备注"])


def test_sheets_nobody_knows_are_told_and_empty_ones_are_not(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet(" things ").write_row(0, 0, ["编码", "名称"])
        book.add_worksheet("草稿").write_string(0, 0, "x")
        book.add_worksheet("说明").write_string(0, 0, "x")
        book.add_worksheet("Sheet3")
    read = read_workbook(tmp_path / "a.xlsx", [THINGS])
    assert (list(read.tables), read.unknown) == (["things"], ["草稿"])
    assert read.tables["things"].is_sound


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "文件坏了", id="nothing"),
        pytest.param(b"code,name\nA,B\n", "文件坏了", id="a CSV file"),
        pytest.param(b"PK\x03\x04" + b"x" * 40, "文件坏了", id="half a zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "文件坏了", id="half an old file"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_workbook(content, [THINGS])


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_does(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 301_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InvalidInput, match="太大"):
        read_workbook(path, [THINGS])


@pytest.mark.parametrize("place", [(1_048_575, 16_383), (1_048_575, 60), (9_999, 16_383)])
def test_a_cell_at_the_end_of_the_world_is_refused(place: tuple[int, int], tmp_path: Path) -> None:
    def write(page: Worksheet, book: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["编码", "名称"])
        page.write_string(*place, "x")

    with pytest.raises(InvalidInput, match="多余的行列"):
        read_workbook(book_of(tmp_path / "a.xlsx", write), [THINGS])
