"""Resident numbers: what is read, what is refused and in which words, and what the check is worth."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import IdType, Sex, make_id_number, parse_id_number, upgrade_old_id_number
from yiti.kernel.tests.refusals import refusal

TODAY = date(2026, 11, 20)
SOUND = "11010519491231002X"  # the worked example of GB 11643-1999

births = st.dates(date(1900, 1, 1), TODAY)
id_numbers = st.builds(
    make_id_number, st.sampled_from(["441826", "445281", "820000", "110105"]), births, st.integers(0, 999)
)


def read_id(text: str) -> object:
    return parse_id_number(text, on=TODAY)


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
        pytest.param("84010519491231002X", "前 6 位地区码不对，请对照证件重新输入", id="no such province"),
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


def test_a_new_number_cut_short_can_look_old() -> None:
    """Why 15 digits are never taken for a whole number where 18 are asked for."""
    cut = make_id_number("441826", date(2005, 3, 14), 231)[:15]
    assert upgrade_old_id_number(cut, on=TODAY).birth == date(1920, 5, 3)
    assert refusal(read_id, cut) == "少 3 位，请补成 18 位身份证号"


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


# --- code tables ------------------------------------------------------------------------------


def test_every_code_has_its_word() -> None:
    assert [(sex.value, sex.zh) for sex in Sex] == [("0", "未知"), ("1", "男"), ("2", "女"), ("9", "未说明")]
    assert [kind.value for kind in IdType] == [f"{n:02d}" for n in range(1, 13)] + ["99"]
    assert all(kind.zh for kind in IdType)
