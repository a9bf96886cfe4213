"""The empty workbook, and the one of rows that could not be taken."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.county.builders import COUNTY, MAN, a_workbook, changed
from yiti.config import setup, workbook
from yiti.config.workbook import Import, Workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference(db: None, at: datetime) -> None:
    setup.load_reference(at)


def parts_of(path: Path) -> dict[str, str]:
    """The XML inside a workbook, by name."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")}


def test_the_template_explains_itself_and_reads_as_an_empty_county(tmp_path: Path) -> None:
    path, sheets = tmp_path / "template.xlsx", workbook.sheets()
    workbook.write_template(path, sheets)
    titles = CalamineWorkbook.from_path(str(path)).sheet_names
    assert titles == ["说明", *(sheet.zh for sheet in sheets), "选项"]
    book = workbook.read_workbook(path, sheets)
    assert list(book.tables) == [sheet.name for sheet in sheets]
    assert book.unknown == []
    for table in book.tables.values():
        assert (table.rows, table.problems, table.unread, table.is_sound) == ([], [], [], True)


def test_every_column_is_explained_and_every_choice_is_in_a_list(tmp_path: Path) -> None:
    path, sheets = tmp_path / "template.xlsx", workbook.sheets()
    workbook.write_template(path, sheets)
    book = CalamineWorkbook.from_path(str(path))
    guide = [[str(cell) for cell in row] for row in book.get_sheet_by_name("说明").to_python()]
    explained = {(row[0], row[1]): row for row in guide}
    assert all((sheet.zh, column.zh) in explained for sheet in sheets for column in sheet.columns)
    assert explained["人员", "工号"][2] == "是"
    assert "“机构”表" in explained["人员", "机构编码"][3]
    assert "2018-12-01" in explained["人员", "上岗日期"][3]
    lists = zip(*book.get_sheet_by_name("选项").to_python(skip_empty_area=False), strict=True)
    offered = {tuple(word for word in words if word) for _, *words in lists}
    choosing = [
        column for sheet in sheets for column in sheet.columns if column.words and not column.takes_many
    ]
    assert {column.words for column in choosing} == offered
    rules = sum(text.count("<dataValidation ") for text in parts_of(path).values())
    assert rules == len(choosing)


def test_cells_of_the_template_are_text_so_that_no_code_becomes_a_number(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    workbook.write_template(path, workbook.sheets())
    parts = parts_of(path)
    cell_formats = parts["xl/styles.xml"].split("<cellXfs")[1].split("</cellXfs>")[0]
    numbers = re.findall(r'<xf numFmtId="(\d+)"', cell_formats)
    for at, sheet in enumerate(workbook.sheets(), 2):
        found = re.findall(
            r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', parts[f"xl/worksheets/sheet{at}.xml"]
        )
        assert {numbers[int(style)] for _, _, style in found} == {"49"}
        assert max(int(last) for _, last, _ in found) == len(sheet.columns)


def mistaken(tmp_path: Path, at: datetime) -> tuple[Workbook, Import]:
    """A county with a wrong phone in one row, two mistakes in another, and a missing column."""
    county = changed(COUNTY, "institutions", 1, phone="123", name="=cmd|' /C calc'!A0")
    county = changed(county, "residents", 1, name="王" * 60, id_number=f"{MAN[:6]}1958{MAN[10:]}")
    book = workbook.read_workbook(a_workbook(tmp_path / "county.xlsx", county), workbook.sheets())
    done = workbook.import_workbook(actor=setup.SETUP, workbook=book, at=at, dry_run=True)
    return book, done


def test_mistakes_stand_beside_their_rows_with_the_cell_marked(tmp_path: Path, at: datetime) -> None:
    book, done = mistaken(tmp_path, at)
    path = tmp_path / "errors.xlsx"
    workbook.write_mistakes(path, book.tables, workbook.sheets(), done.problems)
    found = CalamineWorkbook.from_path(str(path))
    assert found.sheet_names == ["机构", "居民"]
    head, row = found.get_sheet_by_name("机构").to_python()
    values = dict(zip(head, row, strict=True))
    assert (values["机构编码"], values["电话"], values["原行号"]) == ("V", "123", 3)
    assert values["问题"] == "电话：少 8 位，请补成 11 位手机号"
    _, person = found.get_sheet_by_name("居民").to_python()
    assert str(person[-1]).startswith("姓名：姓名最多 50 个字")
    parts = parts_of(path)
    marked = re.search(r'<c r="J2" s="(\d+)"', parts["xl/worksheets/sheet1.xml"])
    plain = re.search(r'<c r="A2" s="(\d+)"', parts["xl/worksheets/sheet1.xml"])
    assert marked is not None
    assert plain is not None
    assert marked[1] != plain[1]


def test_nothing_a_person_typed_is_run_on_the_way_out(tmp_path: Path, at: datetime) -> None:
    book, done = mistaken(tmp_path, at)
    path = tmp_path / "errors.xlsx"
    workbook.write_mistakes(path, book.tables, workbook.sheets(), done.problems)
    parts = parts_of(path)
    assert not any("<f>" in text for text in parts.values())
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]
    read = workbook.read_workbook(path, workbook.sheets())
    assert read.tables["institutions"].rows[0][1]["name"] == "=cmd|' /C calc'!A0"


def test_the_rows_of_mistakes_can_be_put_right_and_imported_as_they_are(tmp_path: Path, at: datetime) -> None:
    places = {name: rows for name, rows in COUNTY.items() if name not in {"staff", "residents"}}
    wrong = changed(places, "institutions", 0, phone="123")
    path = tmp_path / "errors.xlsx"
    book = workbook.read_workbook(a_workbook(tmp_path / "county.xlsx", wrong), workbook.sheets())
    done = workbook.import_workbook(actor=setup.SETUP, workbook=book, at=at)
    assert done.saved == []
    workbook.write_mistakes(path, book.tables, workbook.sheets(), done.problems)
    again = workbook.read_workbook(path, workbook.sheets())
    assert [line for line, _ in again.tables["institutions"].rows] == [2]
    assert (again.tables["institutions"].unread, again.tables["institutions"].is_sound) == ([], True)


def test_a_problem_without_a_sheet_is_told_in_the_workbook_all_the_same(tmp_path: Path, at: datetime) -> None:
    path = tmp_path / "errors.xlsx"
    places = {name: rows for name, rows in COUNTY.items() if name not in {"staff", "residents"}}
    sheets = workbook.sheets()
    for members in ("Y", "Z"):
        county = {
            **changed(places, "memberships", 0, consortium=members),
            "consortia": [{"code": members, "name": members}],
        }
        book = workbook.read_workbook(a_workbook(tmp_path / "county.xlsx", county), sheets)
        done = workbook.import_workbook(actor=setup.SETUP, workbook=book, at=at)
    workbook.write_mistakes(path, book.tables, sheets, done.problems)
    (row,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("问题").to_python()
    assert "一个医共体里" in str(row[0])


def test_first_passwords_are_for_their_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "first.xlsx"
    given = [workbook.FirstPassword("LN2001", "盘凤英", "abcd-efgh-jkmn")]
    workbook.write_first_passwords(path, given)
    assert path.stat().st_mode & 0o777 == 0o600
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("首次密码").to_python()
    assert rows == [["工号", "姓名", "首次密码"], ["LN2001", "盘凤英", "abcd-efgh-jkmn"]]
    with pytest.raises(FileExistsError):
        workbook.write_first_passwords(path, given)
