"""Identifiers: what is read, what is refused and in which words, and what a check digit is worth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import (
    CreditCode,
    IdType,
    PhoneKind,
    Sex,
    make_credit_code,
    make_id_number,
    parse_credit_code,
    parse_id_number,
    parse_phone,
    upgrade_old_id_number,
)

TODAY = date(2026, 11, 20)
SOUND = "11010519491231002X"  # the worked example of GB 11643-1999
CREDIT = "91350100M000100Y43"

births = st.dates(date(1900, 1, 1), TODAY)
id_numbers = st.builds(
    make_id_number, st.sampled_from(["441826", "445281", "820000", "110105"]), births, st.integers(0, 999)
)
_credit_chars = "0123456789ABCDEFGHJKLMNPQRTUWXY"
credit_codes = st.builds(
    make_credit_code,
    st.sampled_from(["12", "52", "91", "Y1"]),
    st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii),
    st.text(_credit_chars, min_size=8, max_size=8),
)


def refusal(parse: Callable[[str], object], text: str) -> str:
    """The sentence that `parse` refuses with."""
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    return caught.value.text()


def read_id(text: str) -> object:
    return parse_id_number(text, on=TODAY)


# --- the resident number ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(SOUND, id="as printed"),
        pytest.param("11010519491231002x", id="lower-case x"),
        pytest.param(" 110105 19491231 002X\n", id="grouped by spaces"),
        pytest.param("110105-19491231-002X", id="grouped by hyphens"),
        pytest.param("１１０１０５１９４９１２３１００２Ｘ", id="full-width"),
        pytest.param("\u200b11010519491231002X\ufeff", id="pasted with invisible marks"),
    ],
)
def test_however_typed_it_is_the_same_number(typed: str) -> None:
    read = parse_id_number(typed, on=TODAY)
    assert (read.number, read.region, read.birth, read.sex) == (
        SOUND,
        "110105",
        date(1949, 12, 31),
        Sex.FEMALE,
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "请填写身份证号", id="empty"),
        pytest.param("  ", "请填写身份证号", id="blank"),
        pytest.param("1101051949123100", "少 2 位，请补成 18 位身份证号", id="too short"),
        pytest.param(
            "110105491231002", "少 3 位，请补成 18 位身份证号", id="old form is not taken for whole"
        ),
        pytest.param("11010519491231002X1", "多 1 位，请改成 18 位身份证号", id="too long"),
        pytest.param("1" * 2000, "多 1982 位，请改成 18 位身份证号", id="two thousand characters"),
        pytest.param("1101051949123100A2", "身份证号只有数字，最后一位可以是 X，请检查", id="letter inside"),
        pytest.param("11010519491231٠٠٢X", "身份证号只有数字，最后一位可以是 X，请检查", id="other digits"),
        pytest.param("X1010519491231002X", "身份证号只有数字，最后一位可以是 X，请检查", id="X in front"),
        pytest.param("99010519491231002X", "前 6 位地区码不对，请对照证件重新输入", id="no such province"),
        pytest.param(
            "11010519490231002X", "第 7 到 14 位不是真实的日期，请对照证件重新输入", id="31 February"
        ),
        pytest.param(
            "11010519000229002X", "第 7 到 14 位不是真实的日期，请对照证件重新输入", id="1900 had no leap day"
        ),
        pytest.param("11010500000101002X", "第 7 到 14 位不是真实的日期，请对照证件重新输入", id="year 0"),
        pytest.param(
            make_id_number("110105", date(2026, 11, 21), 2),
            "出生日期在今天之后，请对照证件重新输入",
            id="born tomorrow",
        ),
        pytest.param(
            make_id_number("110105", date(1895, 12, 31), 2),
            "出生日期太早，请对照证件重新输入",
            id="over 130 years",
        ),
        pytest.param("110105194912310021", "校验位不对，请对照证件重新输入", id="wrong check digit"),
    ],
)
def test_a_refused_number_says_what_to_do(text: str, sentence: str) -> None:
    assert refusal(read_id, text) == sentence


def test_a_refusal_names_its_field() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_id_number("", on=TODAY, field="guardian_id_number")
    assert caught.value.field == "guardian_id_number"


def test_born_today_is_no_future_birth() -> None:
    assert parse_id_number(make_id_number("441826", TODAY, 1), on=TODAY).birth == TODAY


@given(births, st.integers(0, 999))
def test_a_made_number_is_read_back(birth: date, serial: int) -> None:
    read = parse_id_number(make_id_number("441826", birth, serial), on=TODAY)
    assert (read.region, read.birth) == ("441826", birth)
    assert read.sex == (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(id_numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_wrong_character_is_refused(number: str, place: int, char: str) -> None:
    wrong = number[:place] + char + number[place + 1 :]
    if wrong != number:
        assert refusal(read_id, wrong)


@given(id_numbers, st.integers(0, 16))
def test_every_swap_of_neighbours_is_refused(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        assert refusal(read_id, wrong)


def test_the_check_is_blind_to_swaps_ten_places_apart() -> None:
    """The honest figure of the docstring: 145 of 153 pairs of places are guarded, 8 are not."""
    places = [pow(2, 17 - place, 11) for place in range(18)]  # ISO 7064 MOD 11-2
    blind = {(i, j) for i, j in combinations(range(18), 2) if places[i] == places[j]}
    assert blind == {(i, i + 10) for i in range(8)}

    swapped = make_id_number("441826", date(1961, 3, 14), 231)
    first, second = swapped[5], swapped[15]
    assert first != second
    passing = swapped[:5] + second + swapped[6:15] + first + swapped[16:]
    assert parse_id_number(passing, on=TODAY).number == passing


@pytest.mark.parametrize(("region", "serial"), [("4418", 1), ("44182x", 1), ("441826", 1000), ("441826", -1)])
def test_no_number_is_made_of_parts_of_the_wrong_shape(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="region"):
        make_id_number(region, TODAY, serial)


# --- the old form -----------------------------------------------------------------------------


def test_an_old_number_becomes_a_new_one() -> None:
    assert upgrade_old_id_number("110105491231002", on=TODAY).number == SOUND


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_the_old_form_of_any_number_of_the_century_comes_back(birth: date, serial: int) -> None:
    number = make_id_number("441826", birth, serial)
    assert upgrade_old_id_number(number[:6] + number[8:17], on=TODAY).number == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "请填写老身份证号", id="empty"),
        pytest.param("11010549123100", "少 1 位，请补成 15 位老身份证号", id="too short"),
        pytest.param(SOUND, "多 3 位，请改成 15 位老身份证号", id="already new"),
        pytest.param("11010549123100X", "老身份证号只有数字，请检查", id="no check letter in the old form"),
        pytest.param("110105491331002", "第 7 到 14 位不是真实的日期，请对照证件重新输入", id="month 13"),
    ],
)
def test_a_refused_old_number_says_what_to_do(text: str, sentence: str) -> None:
    assert refusal(lambda typed: upgrade_old_id_number(typed, on=TODAY), text) == sentence


# --- the credit code --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [CREDIT, "91350100m000100y43", "9135 0100 M000 100Y 43", "９１３５０１００M000100Y43"]
)
def test_a_credit_code_falls_into_its_parts(typed: str) -> None:
    assert parse_credit_code(typed) == CreditCode(CREDIT, "91", "350100", "M000100Y4")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "请填写统一社会信用代码", id="empty"),
        pytest.param("91350100M000100Y4", "少 1 位，请补成 18 位统一社会信用代码", id="too short"),
        pytest.param("91350100M000100Y433", "多 1 位，请改成 18 位统一社会信用代码", id="too long"),
        pytest.param(
            "9135O100M000100Y43", "统一社会信用代码不用字母 I、O、S、V、Z，请看清是不是数字", id="O for 0"
        ),
        pytest.param(
            "91350100M000100Y4=", "只能有数字和大写字母，第 3 到 8 位是数字，请检查", id="other character"
        ),
        pytest.param(
            "91A50100M000100Y43",
            "只能有数字和大写字母，第 3 到 8 位是数字，请检查",
            id="letter in the region",
        ),
        pytest.param("91350100M000100Y44", "校验位不对，请对照证书重新输入", id="wrong check"),
    ],
)
def test_a_refused_credit_code_says_what_to_do(text: str, sentence: str) -> None:
    assert refusal(parse_credit_code, text) == sentence


def test_the_organisation_inside_has_a_check_of_its_own() -> None:
    """The outer check is right, the inner wrong: character 17 was invented."""
    sound = make_credit_code("12", "441826", "D2143569")
    assert sound[8:17] == "D2143569X"  # the worked example of GB 11714
    inner_wrong = [
        sound[:16] + inner + outer for inner in "0123456789" for outer in _credit_chars
    ]  # for each inner digit one of the outer checks is right
    assert {refusal(parse_credit_code, code) for code in inner_wrong} == {"校验位不对，请对照证书重新输入"}


@given(credit_codes)
def test_a_made_credit_code_is_read_back(code: str) -> None:
    assert parse_credit_code(code).code == code


@given(credit_codes, st.integers(0, 17), st.sampled_from(_credit_chars))
def test_every_wrong_character_of_a_credit_code_is_refused(code: str, place: int, char: str) -> None:
    wrong = code[:place] + char + code[place + 1 :]
    if wrong != code:
        assert refusal(parse_credit_code, wrong)


@given(credit_codes, st.integers(0, 16), st.integers(1, 17))
def test_swaps_in_a_credit_code_are_refused(code: str, place: int, distance: int) -> None:
    """All but the swap of the first with the last: only these two places weigh alike (1)."""
    other = min(place + distance, 17)
    chars = list(code)
    chars[place], chars[other] = chars[other], chars[place]
    if "".join(chars) != code and (place, other) != (0, 17):
        assert refusal(parse_credit_code, "".join(chars))


def test_the_credit_check_is_blind_to_a_swap_of_first_and_last() -> None:
    code = make_credit_code("12", "441826", "D2143569")
    swapped = code[-1] + code[1:-1] + code[0]
    assert swapped != code
    assert parse_credit_code(swapped).code == swapped


def test_no_credit_code_is_made_of_parts_of_the_wrong_shape() -> None:
    with pytest.raises(ValueError, match="category"):
        make_credit_code("12", "441826", "O2143569")


# --- the telephone ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        pytest.param("13822716620", "13822716620", PhoneKind.MOBILE, id="mobile"),
        pytest.param("138 2271 6620", "13822716620", PhoneKind.MOBILE, id="grouped"),
        pytest.param("+86 138-2271-6620", "13822716620", PhoneKind.MOBILE, id="country code"),
        pytest.param("008613822716620", "13822716620", PhoneKind.MOBILE, id="country code with 00"),
        pytest.param("8613822716620", "13822716620", PhoneKind.MOBILE, id="country code bare"),
        pytest.param("１３８２２７１６６２０", "13822716620", PhoneKind.MOBILE, id="full-width"),
        pytest.param("0763-866 2210", "0763-8662210", PhoneKind.LANDLINE, id="landline"),
        pytest.param("（０７６３）8662210", "0763-8662210", PhoneKind.LANDLINE, id="area code in brackets"),
        pytest.param("010 8888 1234", "010-88881234", PhoneKind.LANDLINE, id="Beijing"),
        pytest.param("02081234567", "020-81234567", PhoneKind.LANDLINE, id="Guangzhou"),
    ],
)
def test_a_phone_is_read(typed: str, number: str, kind: PhoneKind) -> None:
    read = parse_phone(typed)
    assert (read.number, read.kind) == (number, kind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "请填写电话", id="empty"),
        pytest.param("1382271662", "少 1 位，请补成 11 位手机号", id="picture 04"),
        pytest.param("138227166201", "多 1 位，请改成 11 位手机号", id="one too many"),
        pytest.param("12822716620", "手机号前 2 位不对，请检查", id="no such prefix"),
        pytest.param("138x2716620", "电话只有数字，请检查", id="letter"),
        pytest.param("13822716620/13822716621", "电话只有数字，请检查", id="two numbers"),
        pytest.param("8662210", "请填 11 位手机号；座机请在前面加区号", id="no area code"),
        pytest.param("0763866221", "少 1 位，座机是区号加 7 或 8 位", id="landline too short"),
        pytest.param("0763866221012", "多 1 位，座机是区号加 7 或 8 位", id="landline too long"),
        pytest.param("07631662210", "区号或座机号不对，请检查", id="local number cannot begin with 1"),
        pytest.param("00638662210", "区号或座机号不对，请检查", id="no such area"),
    ],
)
def test_a_refused_phone_says_what_to_do(text: str, sentence: str) -> None:
    assert refusal(parse_phone, text) == sentence


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Nothing typed is ever a crash."""
    for parse in (read_id, parse_credit_code, parse_phone, lambda t: upgrade_old_id_number(t, on=TODAY)):
        with suppress(InvalidInput):
            parse(text)


# --- code tables ------------------------------------------------------------------------------


def test_every_code_has_its_word() -> None:
    assert [(sex.value, sex.zh) for sex in Sex] == [("0", "未知"), ("1", "男"), ("2", "女"), ("9", "未说明")]
    assert [kind.value for kind in IdType] == [f"{n:02d}" for n in range(1, 13)] + ["99"]
    assert all(kind.zh for kind in IdType)
