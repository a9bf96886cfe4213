"""What a person typed into a sheet: read, or refused with a sentence and a place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yiti.registry.facilities.domain import SHEETS, Problem, read_sheet
from yiti.registry.facilities.domain.checks import find_problems

ROWS: dict[str, dict[str, str]] = {
    "regions": {"code": "441826000000", "name": "连南瑶族自治县", "level": "county"},
    "institutions": {
        "code": "A-1",
        "name": "三排卫生院",
        "short_name": "三排",
        "kind": "township",
        "level": "township",
        "region": "441826105000",
    },
    "departments": {"institution": "A-1", "code": "NK", "name": "内科"},
    "beds": {"institution": "A-1", "department": "NK", "first": "1", "last": "3"},
    "memberships": {"consortium": "Y", "institution": "A-1", "role": "member", "valid_from": "2020-01-01"},
    "alliance_members": {
        "alliance": "Y",
        "institution": "A-1",
        "scopes": "technique",
        "valid_from": "2020-01-01",
    },
    "capability": {
        "institution": "A-1",
        "icd_prefix": "K35.8",
        "verdict": "keep",
        "valid_from": "2020-01-01",
    },
}


def problems_of(sheet: str, *rows: dict[str, str]) -> list[tuple[int, str, str]]:
    """Line, column and sentence of everything wrong with these rows."""
    good, problems = read_sheet(SHEETS[sheet], rows)
    found: list[Problem] = [*problems, *find_problems(SHEETS[sheet], good)]
    return [(each.line, each.column, each.text()) for each in found]


@pytest.mark.parametrize("sheet", ROWS)
def test_a_plain_row_is_fine(sheet: str) -> None:
    assert problems_of(sheet, ROWS[sheet]) == []


@pytest.mark.parametrize(
    ("sheet", "cells", "column", "says"),
    [
        pytest.param("regions", {"code": "441826"}, "code", "12 位", id="short region code"),
        pytest.param(
            "regions", {"code": "４４１８２６００００００"}, "code", "12 位", id="full-width digits"
        ),
        pytest.param("regions", {"level": "city"}, "code", "对不上", id="level and code differ"),
        pytest.param("regions", {"level": "hamlet"}, "level", "只能填", id="a level there is not"),
        pytest.param("regions", {"latitude": "24.7"}, "longitude", "经度", id="half a place"),
        pytest.param("regions", {"latitude": "95", "longitude": "1"}, "latitude", "度数", id="off the earth"),
        pytest.param("regions", {"latitude": "nan", "longitude": "1"}, "latitude", "度数", id="not a number"),
        pytest.param("institutions", {"name": ""}, "name", "不能空着", id="no name"),
        pytest.param("institutions", {"name": "院" * 81}, "name", "太长", id="long name"),
        pytest.param("institutions", {"name": "三排\x00"}, "name", "不能保存", id="control character"),
        pytest.param("institutions", {"code": "=cmd|1"}, "code", "编码", id="a formula as code"),
        pytest.param("institutions", {"kind": "castle"}, "kind", "只能填", id="a kind there is not"),
        pytest.param(
            "institutions", {"credit_code": "91350100M000100Y42"}, "credit_code", "校验", id="check digit"
        ),
        pytest.param("institutions", {"phone": "8671"}, "phone", "区号", id="phone without area code"),
        pytest.param("institutions", {"managed_by": "A-1"}, "managed_by", "自己", id="its own manager"),
        pytest.param(
            "institutions",
            {"opened_date": "2020-01-01", "closed_date": "2019-01-01"},
            "closed_date",
            "早于",
            id="closed before it opened",
        ),
        pytest.param(
            "institutions", {"opened_date": "2020-02-30"}, "opened_date", "2018-12-01", id="no such day"
        ),
        pytest.param("beds", {"first": "4"}, "last", "起始", id="beds backwards"),
        pytest.param("beds", {"last": "1000"}, "last", "1 到 999", id="too many beds"),
        pytest.param("beds", {"first": "-1"}, "first", "整数", id="negative bed"),
        pytest.param("beds", {"features": "golden"}, "features", "只能填", id="a feature there is not"),
        pytest.param("beds", {"is_active": "maybe"}, "is_active", "1 或 0", id="neither yes nor no"),
        pytest.param(
            "memberships", {"valid_until": "2019-01-01"}, "valid_until", "晚于", id="ends before it begins"
        ),
        pytest.param("alliance_members", {"scopes": ""}, "scopes", "不能空着", id="an alliance of nothing"),
        pytest.param("capability", {"icd_prefix": "k35"}, "icd_prefix", "ICD-10", id="lower case code"),
        pytest.param("capability", {"verdict": "limited"}, "condition", "写明", id="a limit without words"),
        pytest.param(
            "capability", {"verdict": "unknown"}, "verdict", "不用填", id="unknown is not a verdict"
        ),
    ],
)
def test_what_is_wrong_with_a_row(sheet: str, cells: dict[str, str], column: str, says: str) -> None:
    line, where, sentence = problems_of(sheet, ROWS[sheet] | cells)[0]
    assert (line, where) == (2, column)
    assert says in sentence


@pytest.mark.parametrize(
    ("sheet", "first", "second", "says"),
    [
        pytest.param("institutions", {}, {}, "第 2 行重复", id="the same code"),
        pytest.param("beds", {}, {"first": "3", "last": "5"}, "第 2 行重复", id="one bed in two ranges"),
        pytest.param("beds", {}, {"first": "4", "last": "5"}, "", id="ranges side by side"),
        pytest.param("memberships", {}, {"valid_from": "2021-01-01"}, "第 2 行时间重叠", id="open and later"),
        pytest.param(
            "memberships",
            {"valid_from": "2021-01-01"},
            {"consortium": "Z"},
            "第 2 行时间重叠",
            id="two consortia, later line first",
        ),
        pytest.param(
            "memberships",
            {"valid_until": "2021-01-01"},
            {"valid_from": "2021-01-01"},
            "",
            id="one after another",
        ),
        pytest.param("capability", {}, {"icd_prefix": "K35"}, "", id="another prefix may overlap"),
    ],
)
def test_what_is_wrong_between_rows(
    sheet: str, first: dict[str, str], second: dict[str, str], says: str
) -> None:
    found = problems_of(sheet, ROWS[sheet] | first, ROWS[sheet] | second)
    assert bool(found) is bool(says)
    if says:
        assert says in found[0][2].replace("第 3 行", "第 2 行")


def test_cells_become_values() -> None:
    rows, _ = read_sheet(
        SHEETS["institutions"],
        [ROWS["institutions"] | {"phone": "0763 868 0430", "is_external": "是", "opened_date": "2018-12-01"}],
    )
    values: dict[str, Any] = dict(rows[0].values)
    assert values["phone"] == "0763-8680430"
    assert values["is_external"] is True
    assert values["opened_date"] == date(2018, 12, 1)


def test_a_column_the_file_does_not_have_is_not_touched() -> None:
    rows, _ = read_sheet(SHEETS["institutions"], [ROWS["institutions"] | {"grade": ""}])
    assert rows[0].values["grade"] == ""
    assert "phone" not in rows[0].values
