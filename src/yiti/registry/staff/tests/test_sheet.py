"""What a person typed into the staff sheet: read, or refused with a sentence and a place."""

from __future__ import annotations

from datetime import date

import pytest

from yiti.kernel.sheets import read_sheet
from yiti.registry.staff.domain import STAFF, LicenceKind, Title, find_problems, people_of

ROLES = {"village_doctor": "村医", "ward_doctor": "病区医师"}
SHEET = STAFF.with_codes({"roles": ROLES})
ROW = {
    "code": "LN2001",
    "name": "盘凤英",
    "institution": "LN-SP",
    "role": "village_doctor",
    "valid_from": "2020-01-01",
}


def problems_of(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    """Line, column and sentence of everything wrong with these rows."""
    good, problems = read_sheet(SHEET, rows)
    return [(each.line, each.column, each.text()) for each in (*problems, *find_problems(good))]


def test_a_plain_row_is_fine() -> None:
    assert problems_of(ROW) == []


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        pytest.param({"code": "LN"}, "code", "3 到 20", id="short code"),
        pytest.param({"code": "工号001"}, "code", "3 到 20", id="Chinese code"),
        pytest.param({"name": ""}, "name", "不能空着", id="no name"),
        pytest.param({"name": "王" * 2000}, "name", "最多 50", id="2,000 characters"),
        pytest.param({"name": "=cmd|' /C calc'!A0"}, "name", "不能用的字符", id="a formula"),
        pytest.param({"title": "院士"}, "title", "只能填", id="a title there is not"),
        pytest.param({"phone": "1382271662"}, "phone", "少 1 位", id="short mobile"),
        pytest.param({"licence": "巫师"}, "licence", "只能填", id="a licence there is not"),
        pytest.param({"licence_number": "110"}, "licence", "一起填", id="a number of no licence"),
        pytest.param({"role": "king"}, "role", "只能填：村医 病区医师", id="a role there is not"),
        pytest.param({"valid_from": "昨天"}, "valid_from", "2018-12-01", id="no date"),
        pytest.param({"valid_until": "2019-12-31"}, "valid_until", "早于", id="over before it began"),
        pytest.param({"is_primary": "也许"}, "is_primary", "1 或 0", id="neither yes nor no"),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, str], column: str, says: str) -> None:
    line, where, sentence = problems_of(ROW | cells)[0]
    assert (line, where) == (2, column)
    assert says in sentence


@pytest.mark.parametrize(
    ("first", "second", "column", "says"),
    [
        pytest.param({}, {}, "valid_from", "第 2 行重复", id="the same posting"),
        pytest.param({}, {"institution": "LN-SJ"}, "", "", id="a second place"),
        pytest.param({}, {"institution": "LN-SJ", "name": "盘风英"}, "name", "第 2 行", id="two names"),
        pytest.param({}, {"valid_from": "2021-01-01"}, "valid_from", "2020-01-01", id="open, and again"),
        pytest.param(
            {"valid_until": "2020-12-31"}, {"valid_from": "2021-01-01"}, "", "", id="one after another"
        ),
        pytest.param(
            {"valid_until": "2021-01-01"},
            {"valid_from": "2021-01-01"},
            "valid_from",
            "重叠",
            id="one day twice",
        ),
        pytest.param(
            {"is_primary": "1"},
            {"institution": "LN-SJ", "is_primary": "是"},
            "is_primary",
            "第 2 行已经是",
            id="two primaries",
        ),
        pytest.param(
            {"is_primary": "1", "valid_until": "2020-12-31"},
            {"institution": "LN-SJ", "is_primary": "1"},
            "",
            "",
            id="a primary that is over",
        ),
        pytest.param(
            {"phone": "13822716620"},
            {"code": "LN2002", "name": "唐桂花", "phone": "138 2271 6620"},
            "phone",
            "工号 LN2001",
            id="one mobile for two",
        ),
        pytest.param(
            {"phone": "0763-8680430"},
            {"code": "LN2002", "name": "唐桂花", "phone": "0763-8680430"},
            "",
            "",
            id="a landline is shared",
        ),
        pytest.param(
            {"licence": "nurse", "licence_number": "2019"},
            {"code": "LN2002", "name": "唐桂花", "licence": "护士", "licence_number": "2019"},
            "licence_number",
            "工号 LN2001",
            id="one licence for two",
        ),
    ],
)
def test_what_is_wrong_between_rows(
    first: dict[str, str], second: dict[str, str], column: str, says: str
) -> None:
    found = problems_of(ROW | first, ROW | second)
    assert [(line, where) for line, where, _ in found] == ([(3, column)] if says else [])
    assert not says or says in found[0][2]


def test_codes_and_words_mean_the_same() -> None:
    rows, _ = read_sheet(
        SHEET, [ROW | {"code": "ln2001", "title": "副高", "licence": "乡村医生", "role": "村医"}]
    )
    values = rows[0].values
    assert (values["code"], values["title"]) == ("LN2001", Title.ASSOCIATE)
    assert (values["licence"], values["role"]) == (LicenceKind.VILLAGE_DOCTOR, "village_doctor")


def test_lines_of_a_person_are_put_together_wherever_they_stand() -> None:
    other = ROW | {"code": "LN2002", "name": "唐桂花"}
    rows, _ = read_sheet(
        SHEET,
        [
            ROW | {"title": ""},
            other,
            ROW | {"institution": "LN-SJ", "title": "中级", "valid_until": "2022-05-01"},
        ],
    )
    first, second = people_of(rows)
    assert (first.code, second.code) == ("LN2001", "LN2002")
    assert first.values == {"name": "盘凤英", "title": Title.INTERMEDIATE}
    assert [row.line for row in first.lines] == [2, 4]
    assert first.lines[1].values["valid_until"] == date(2022, 5, 1)
