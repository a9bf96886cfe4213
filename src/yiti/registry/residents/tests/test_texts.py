"""What people type: stored as meant, or refused with a sentence that says what to do."""

from __future__ import annotations

from datetime import date

import pytest

from yiti.kernel.errors import InvalidInput
from yiti.registry.residents.domain import Birth, BirthPrecision, normal_name, normal_text, parse_birth
from yiti.registry.residents.domain.texts import LONGEST_NAME

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("房金养", "房金养", id="three characters"),
        pytest.param("房大财买六妹", "房大财买六妹", id="six characters of the Yao"),
        pytest.param(" 沈桂 ", "沈桂", id="outer spaces"),
        pytest.param("Ａｎｎａ　Ｂｅｒｇ", "Anna Berg", id="full width"),
        pytest.param("买买提•艾力", "买买提·艾力", id="another joint"),
        pytest.param("买买提・艾力", "买买提·艾力", id="a Japanese joint"),
        pytest.param("O’Brien-Smith Jr.", "O’Brien-Smith Jr.", id="signs that stand in names"),
        pytest.param("𠮷野家", "𠮷野家", id="beyond the basic plane"),
        pytest.param("Нина", "Нина", id="Cyrillic"),
        pytest.param("أحمد", "أحمد", id="Arabic"),
        pytest.param("Müller", "Müller", id="umlaut"),
        pytest.param("李" * LONGEST_NAME, "李" * LONGEST_NAME, id="the longest"),
    ],
)
def test_a_name_is_stored_as_meant(typed: str, stored: str) -> None:
    assert normal_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("", "请填写姓名", id="empty"),
        pytest.param("　 ", "请填写姓名", id="only spaces"),
        pytest.param("李" * 2000, "姓名最多 50 个字，现在有 2000 个，请检查", id="2,000 characters"),
        pytest.param("<script>alert(1)</script>", "姓名里有不能用的字符“<”，请只填姓名", id="markup"),
        pytest.param("Robert'); DROP TABLE", "姓名里有不能用的字符“)”，请只填姓名", id="SQL"),
        pytest.param("=cmd|'/C calc'!A0", "姓名里有不能用的字符“=”，请只填姓名", id="spreadsheet formula"),
        pytest.param("李3", "姓名里有不能用的字符“3”，请只填姓名", id="a digit"),
        pytest.param("李\x00明", "姓名里有不能用的字符“U+0000”，请只填姓名", id="NUL"),
        pytest.param("李\u200b明", "姓名里有不能用的字符“U+200B”，请只填姓名", id="zero width"),
        pytest.param("\u202e明李", "姓名里有不能用的字符“U+202E”，请只填姓名", id="right to left"),
        pytest.param("李\ud800", "姓名里有不能用的字符“U+D800”，请只填姓名", id="half a character"),
        pytest.param("😀", "姓名里有不能用的字符“😀”，请只填姓名", id="emoji"),
        pytest.param("·-·", "姓名里没有字，请检查", id="only joints"),
    ],
)
def test_what_cannot_be_a_name_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normal_name(typed)
    assert (refused.value.text(), refused.value.field) == (sentence, "name")


@pytest.mark.parametrize(
    "typed",
    [
        "<b>油岭村</b> 2 组",
        "'; DROP TABLE x; --",
        "../../etc/passwd",
        "${7*7} {{7*7}}",
        "田中さん",
        "👪 门口有树",
    ],
)
def test_free_text_is_stored_exactly(typed: str) -> None:
    assert normal_text(typed, longest=60, field="address") == typed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("字" * 61, "最多 60 个字，现在有 61 个，请写短些", id="too long"),
        pytest.param("a\x00b", "有看不见的字符 U+0000，请删掉重新输入", id="NUL"),
        pytest.param("a\u202eb", "有看不见的字符 U+202E，请删掉重新输入", id="text direction"),
    ],
)
def test_free_text_that_is_not_text_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normal_text(typed, longest=60, field="address")
    assert (refused.value.text(), refused.value.field) == (sentence, "address")


def test_line_breaks_in_one_line_become_spaces() -> None:
    assert normal_text("三排镇\r\n油岭村\t2 组", longest=60, field="address") == "三排镇 油岭村 2 组"


DAY, MONTH, YEAR = BirthPrecision.DAY, BirthPrecision.MONTH, BirthPrecision.YEAR


@pytest.mark.parametrize(
    ("typed", "birth", "shown"),
    [
        pytest.param("1959-03-14", Birth(date(1959, 3, 14), DAY), "1959-03-14", id="as shown"),
        pytest.param("19590314", Birth(date(1959, 3, 14), DAY), "1959-03-14", id="eight digits"),
        pytest.param("１９５９年３月１４日", Birth(date(1959, 3, 14), DAY), "1959-03-14", id="full width"),
        pytest.param("1959.3.4", Birth(date(1959, 3, 4), DAY), "1959-03-04", id="points"),
        pytest.param("1959年3月", Birth(date(1959, 3, 1), MONTH), "1959-03", id="month"),
        pytest.param("1959", Birth(date(1959, 1, 1), YEAR), "1959", id="year"),
        pytest.param(" ", Birth(), "", id="unknown"),
        pytest.param("2026-11-20", Birth(TODAY, DAY), "2026-11-20", id="born today"),
        pytest.param("2024-02-29", Birth(date(2024, 2, 29), DAY), "2024-02-29", id="leap day"),
    ],
)
def test_births_are_read_as_far_as_they_are_known(typed: str, birth: Birth, shown: str) -> None:
    assert parse_birth(typed, on=TODAY) == birth
    assert birth.text == shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("2026-11-21", "出生日期在今天之后，请检查", id="tomorrow"),
        pytest.param("1895-12-31", "出生日期太早，请检查", id="131 years ago"),
        pytest.param("2025-02-29", "没有这一天，请检查出生日期", id="no such day"),
        pytest.param("1959-13-01", "没有这一天，请检查出生日期", id="no such month"),
        pytest.param("59-3-14", "出生日期写成 1959-03-14；只知道年份就写 1959", id="two digits"),
        pytest.param("春天", "出生日期写成 1959-03-14；只知道年份就写 1959", id="words"),
    ],
)
def test_births_that_cannot_be_are_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_birth(typed, on=TODAY)
    assert (refused.value.text(), refused.value.field) == (sentence, "birth")


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        pytest.param(Birth(date(1959, 3, 14), DAY), "67岁", id="day known"),
        pytest.param(Birth(date(1959, 1, 1), YEAR), "约67岁", id="year known"),
        pytest.param(Birth(), "", id="unknown"),
    ],
)
def test_an_age_says_how_sure_it_is(birth: Birth, age: str) -> None:
    assert birth.age_text(TODAY) == age
