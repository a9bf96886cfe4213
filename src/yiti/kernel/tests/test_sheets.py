"""Sheets as such: cells, headings, rows that stand twice, periods that overlap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import pytest

from yiti.kernel.sheets import Column, Sheet, cells, check_period, find_problems, read_lines, read_sheet
from yiti.kernel.tests.refusals import refusal


class Colour(StrEnum):
    """Something to choose from."""

    RED = "red"
    GREEN = "green"

    @property
    def zh(self) -> str:
        return {"red": "红", "green": "绿"}[self]


COLOUR = cells.one_of(Colour)
COLOURS = cells.some_of(Colour)
MANY = cells.OneOf({f"{number:02d}": f"第{number}项" for number in range(40)})

POSTS = Sheet(
    "posts",
    "岗位",
    (
        Column("code", "编码", cells.code(8), required=True),
        Column("colour", "颜色", COLOUR, empty=None),
        Column("valid_from", "生效日期", cells.day, required=True),
        Column("valid_until", "终止日期", cells.day),
    ),
    ("code", "valid_from"),
    ("code",),
)


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        pytest.param(cells.text(4), "四个字啊", "四个字啊", id="text of just the length"),
        pytest.param(cells.text(9), "两\n行", "两\n行", id="text of two lines"),
        pytest.param(cells.text(40), "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", id="a formula is text"),
        pytest.param(cells.name, "盘古王房李沈", "盘古王房李沈", id="a Yao name of six characters"),
        pytest.param(cells.name, " 买买提•艾力 ", "买买提·艾力", id="a name with a joint"),
        pytest.param(COLOUR, "red", Colour.RED, id="a code"),
        pytest.param(COLOUR, "绿", Colour.GREEN, id="a word"),
        pytest.param(COLOURS, "绿 red", ("red", "green"), id="some, in the order of the enum"),
        pytest.param(COLOURS, "绿、红，绿", ("red", "green"), id="some with Chinese commas"),
        pytest.param(MANY, "第7项", "07", id="a word of a table"),
        pytest.param(cells.yes_no, "是", True, id="yes"),
        pytest.param(cells.yes_no, "0", False, id="no"),
        pytest.param(cells.day, "2018-12-01", date(2018, 12, 1), id="a day"),
        pytest.param(cells.day, "2018/12/1", date(2018, 12, 1), id="a day as Excel shows it"),
        pytest.param(cells.day, "2018年12月1日", date(2018, 12, 1), id="a day in Chinese"),
        pytest.param(cells.day, "20181201", date(2018, 12, 1), id="a day of eight digits"),
        pytest.param(cells.whole(1, 9), "9", 9, id="a whole number"),
    ],
)
def test_a_cell_becomes_a_value(parse: Callable[[str], object], cell: str, value: object) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "says"),
    [
        pytest.param(cells.text(4), "五个字太长", "最多 4 个字", id="long text"),
        pytest.param(cells.text(9), "a\x00b", "不能保存", id="NUL"),
        pytest.param(cells.text(9), "a\u202eb", "不能保存", id="text direction"),
        pytest.param(cells.text(9), "a\ud800b", "不能保存", id="half a surrogate pair"),
        pytest.param(cells.name, "=cmd|' /C calc'!A0", "不能用的字符", id="a formula as a name"),
        pytest.param(cells.name, "王" * 2000, "最多 50 个字", id="a name of 2,000 characters"),
        pytest.param(cells.code(4), "A\n", "编码", id="a code with a line break"),
        pytest.param(COLOUR, "blue", "只能填：红 绿", id="neither code nor word"),
        pytest.param(COLOURS, "红 蓝", "只能填：红 绿", id="one of some unknown"),
        pytest.param(MANY, "第41项", "没有“第41项”", id="a long list is not told"),
        pytest.param(cells.day, "2018-02-30", "2018-12-01", id="no such day"),
        pytest.param(cells.day, "01-12-2018", "2018-12-01", id="year last"),
        pytest.param(cells.day, "２０１８-01-01", "2018-12-01", id="full-width year"),
        pytest.param(cells.whole(1, 9), "1" * 400, "1 到 9", id="a huge number"),
        pytest.param(cells.whole(1, 9), "１", "1 到 9", id="full-width number"),
    ],
)
def test_a_cell_is_refused_with_a_sentence(parse: Callable[[str], object], cell: str, says: str) -> None:
    assert says in refusal(parse, cell)


def test_a_column_tells_what_may_be_filled_in() -> None:
    assert POSTS.column("colour").words == ("红", "绿")
    assert POSTS.column("code").words == ()
    assert Column("colours", "颜色", COLOURS).takes_many


def test_codes_of_the_database_are_brought_in_by_the_edge() -> None:
    roles = Column("role", "角色", cells.text(20), codes="roles")
    sheet = Sheet("people", "人员", (roles,), ("role",)).with_codes({"roles": {"nurse": "护士"}})
    rows, problems = read_sheet(sheet, [{"role": "护士"}, {"role": "医生"}])
    assert [row.values for row in rows] == [{"role": "nurse"}]
    assert [(each.line, each.text()) for each in problems] == [(3, "只能填：护士")]
    with pytest.raises(KeyError):
        Sheet("people", "人员", (roles,), ("role",)).with_codes({})


def test_lines_keep_their_number_across_blank_lines() -> None:
    rows, problems = read_lines(
        POSTS, [(2, {"code": "A", "valid_from": "2020-01-01"}), (9, {"code": "", "valid_from": "x"})]
    )
    assert [row.line for row in rows] == [2]
    assert [(each.line, each.column) for each in problems] == [(9, "code"), (9, "valid_from")]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        pytest.param({"valid_from": "2020-01-01"}, "第 2 行重复", id="the same key"),
        pytest.param({"valid_from": "2020-06-01"}, "第 2 行时间重叠", id="inside the first"),
        pytest.param({"valid_from": "2021-01-01"}, "", id="from the day the first ends"),
        pytest.param({"valid_from": "2022-01-01", "valid_until": "2022-01-01"}, "晚于", id="an empty period"),
    ],
)
def test_rows_are_compared(second: dict[str, str], says: str) -> None:
    first = {"code": "A", "valid_from": "2020-01-01", "valid_until": "2021-01-01"}
    rows, _ = read_sheet(POSTS, [first, {"code": "A", **second}])
    found = find_problems(POSTS, rows, [check_period])
    assert [each.line for each in found[:1]] == ([3] if says else [])
    assert not says or says in found[0].text()
