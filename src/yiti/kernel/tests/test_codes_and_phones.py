"""Credit codes and telephones: what is read, what is refused and in which words."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import (
    CreditCode,
    PhoneKind,
    make_credit_code,
    parse_credit_code,
    parse_id_number,
    parse_phone,
    upgrade_old_id_number,
)
from yiti.kernel.tests.refusals import refusal

TODAY = date(2026, 11, 20)
CREDIT = "91350100M000100Y43"

_credit_chars = "0123456789ABCDEFGHJKLMNPQRTUWXY"
credit_codes = st.builds(
    make_credit_code,
    st.sampled_from(["12", "52", "91", "Y1"]),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(_credit_chars, min_size=8, max_size=8),
)


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
    readers = (
        parse_credit_code,
        parse_phone,
        lambda typed: parse_id_number(typed, on=TODAY),
        lambda typed: upgrade_old_id_number(typed, on=TODAY),
    )
    for read in readers:
        with suppress(InvalidInput):
            read(text)
