"""What a person typed into the sheet of residents: read, or refused with a sentence and a place."""

from __future__ import annotations

from datetime import date

import pytest

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import Sex, make_id_number
from yiti.kernel.sheets import Problem, read_sheet
from yiti.registry.residents.domain import Enrolment
from yiti.registry.residents.domain.sheet import (
    RESIDENTS,
    ResidentLine,
    find_misplaced,
    find_repeated,
    read_line,
)

ON = date(2026, 11, 20)
TABLES = {
    "id-type": {"01": "居民身份证", "02": "居民户口簿", "03": "护照"},
    "ethnic-group": {"01": "汉族", "13": "瑶族"},
    "payer": {"L01": "城乡居民基本医疗保险"},
    "relation": {"01": "本人", "02": "户主", "12": "妻", "20": "子"},
}
SHEET = RESIDENTS.with_codes(TABLES)
BORN = date(1959, 3, 14)
MAN, WIFE, SON = (make_id_number("441826", BORN, serial) for serial in (31, 32, 33))
MISTYPED = f"{MAN[:6]}1958{MAN[10:]}"  # the year; the check digit no longer fits
ROW = {"name": "房金养", "id_number": MAN, "village": "油岭村"}


def read(*rows: dict[str, str]) -> tuple[list[ResidentLine], list[tuple[int, str, str]]]:
    """The lines that can be read; line, column and sentence of everything wrong."""
    good, problems = read_sheet(SHEET, rows)
    problems += find_repeated(good)
    lines: list[ResidentLine] = []
    for row in good:
        try:
            lines.append(read_line(row, on=ON))
        except InvalidInput as error:
            problems.append(Problem("residents", row.line, error.field or "", error.message, error.params))
    problems += find_misplaced(lines)
    return lines, [(each.line, each.column, each.text()) for each in problems]


def test_the_number_tells_sex_and_birth() -> None:
    (line,), wrong = read(ROW | {"ethnic": "瑶族", "payer": "L01", "group_no": "３"})
    assert wrong == []
    profile = line.profile
    assert (profile.sex, profile.birth.day, profile.ethnic, profile.payer) == (Sex.MALE, BORN, "13", "L01")
    assert (line.kind, line.number, line.enrolment, line.head) == ("01", MAN, Enrolment.CARD, "")


def test_another_document_says_nothing_so_the_sheet_must() -> None:
    (line,), wrong = read(ROW | {"id_type": "护照", "id_number": "e 1234567", "sex": "女", "birth": "1959"})
    assert wrong == []
    assert (line.number, line.enrolment) == ("E1234567", Enrolment.FOREIGNER)
    assert (line.profile.sex, line.profile.birth.text) == (Sex.FEMALE, "1959")


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        pytest.param({"name": "王" * 2000}, "name", "最多 50", id="2,000 characters"),
        pytest.param({"name": "=cmd|' /C calc'!A0"}, "name", "不能用的字符", id="a formula"),
        pytest.param({"name": "１２３"}, "name", "不能用的字符", id="digits as a name"),
        pytest.param({"id_number": ""}, "id_number", "不能空着", id="no number"),
        pytest.param({"id_number": MAN[:-1]}, "id_number", "少 1 位", id="a digit lost"),
        pytest.param(
            {"id_number": f"{MAN[:-1]}{(int(MAN[-1], 16) + 1) % 10}"}, "id_number", "校验位", id="check"
        ),
        pytest.param(
            {"id_number": make_id_number("441826", date(2026, 11, 21), 1)},
            "id_number",
            "今天之后",
            id="tomorrow",
        ),
        pytest.param({"id_type": "户口簿"}, "id_type", "只能填", id="a kind there is not"),
        pytest.param(
            {"id_type": "居民户口簿", "id_number": "12345"}, "id_type", "窗口", id="a shared number"
        ),
        pytest.param({"sex": "女"}, "sex", "不一致", id="sex and number differ"),
        pytest.param({"sex": "雌"}, "sex", "只能填", id="a sex there is not"),
        pytest.param({"birth": "1960-03-14"}, "birth", "不一致", id="birth and number differ"),
        pytest.param({"birth": "2027-01-01"}, "birth", "今天之后", id="born next year"),
        pytest.param({"birth": "三月"}, "birth", "1959-03-14", id="no birth"),
        pytest.param({"phone": "123"}, "phone", "少 8 位", id="short phone"),
        pytest.param({"ethnic": "火星"}, "ethnic", "只能填", id="an ethnic group there is not"),
        pytest.param({"group_no": "第一百二十三村民小组"}, "group_no", "", id="ten characters fit"),
        pytest.param({"relation": "妻"}, "head", "户主证件号", id="a relation to nobody"),
        pytest.param({"head": WIFE}, "relation", "与户主关系", id="a head and no relation"),
        pytest.param({"head": WIFE, "relation": "户主"}, "head", "别人的", id="head, and somebody else is"),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, str], column: str, says: str) -> None:
    _, wrong = read(ROW | cells)
    assert [(line, where) for line, where, _ in wrong] == ([(2, column)] if says else [])
    assert not says or says in wrong[0][2]


@pytest.mark.parametrize(
    "name", ["盘古王房李沈", "房·买买提", "O'Brien-Smith", "欧阳娜娜", "𠮷田"], ids=lambda name: name
)
def test_names_of_all_peoples_are_taken(name: str) -> None:
    (line,), wrong = read(ROW | {"name": name})
    assert (line.profile.name, wrong) == (name, [])


def test_a_number_stands_once_however_it_is_written() -> None:
    _, wrong = read(ROW, ROW | {"id_number": f" {MAN[:6]} {MAN[6:]}".lower()})
    assert [(line, where) for line, where, _ in wrong] == [(3, "id_number")]
    assert "第 2 行重复" in wrong[0][2]


@pytest.mark.parametrize(
    ("cells", "head", "relation"),
    [
        pytest.param({"relation": "户主"}, MAN, "02", id="the head says so"),
        pytest.param({"relation": "本人"}, MAN, "02", id="oneself"),
        pytest.param({"head": MAN.lower()}, MAN, "", id="his own number"),
        pytest.param({"head": WIFE, "relation": "子"}, WIFE, "20", id="a son"),
        pytest.param({}, "", "", id="nobody's household"),
    ],
)
def test_where_a_person_lives(cells: dict[str, str], head: str, relation: str) -> None:
    (line,), wrong = read(ROW | cells)
    assert wrong == []
    assert (line.head, line.relation, line.is_member) == (head, relation, head == WIFE)


def test_a_head_does_not_live_with_somebody_else() -> None:
    wife = ROW | {"id_number": WIFE, "name": "唐四妹", "head": MAN, "relation": "妻"}
    son = ROW | {"id_number": SON, "name": "房小龙", "head": WIFE, "relation": "子"}
    _, wrong = read(ROW, wife, son)
    assert wrong == [(4, "head", "第 3 行的户主自己又是别人家的成员")]
