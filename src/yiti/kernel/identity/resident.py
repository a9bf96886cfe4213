"""The resident number of GB 11643-1999 (公民身份号码): 6 digits region, 8 birth, 3 serial, 1 check.

The check is ISO 7064 MOD 11-2. It catches every wrong character and every swap of neighbours.
Of swaps of two characters further apart it misses those that stand ten places apart (8 of 153
pairs of places), because their weights are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity.codes import Sex
from yiti.kernel.identity.typed import Length, tidy
from yiti.kernel.text import N_

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OLDEST_YEARS = 130

_NUMBER = Length(
    18,
    if_empty=N_("请填写身份证号"),
    if_short=N_("少 {n} 位，请补成 18 位身份证号"),
    if_long=N_("多 {n} 位，请改成 18 位身份证号"),
)
_OLD_NUMBER = Length(
    15,
    if_empty=N_("请填写老身份证号"),
    if_short=N_("少 {n} 位，请补成 15 位老身份证号"),
    if_long=N_("多 {n} 位，请改成 15 位老身份证号"),
)

# The first two digits of GB/T 2260 (and 83 for residence permits). They have never been retired,
# unlike the codes of counties, which are not looked up: a card keeps the county as it was then.
# 99 is no province: numbers of invented people begin with it.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|99")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A sound resident number and what it says: the GB/T 2260 code of the county that gave it
    out, the day of birth, the sex."""

    number: str
    region: str
    birth: date
    sex: Sex


def parse_id_number(text: str, *, on: date, field: str = "id_number") -> IdNumber:
    """Read an 18-digit number; `on` is today, for the refusal of a birth still to come.

    A number of 15 digits is refused as too short: a number whose last three digits were forgotten
    can look just like the old form. Registers that hold old numbers use `upgrade_old_id_number`.
    """
    number = tidy(text)
    _NUMBER.ensure(number, field)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise InvalidInput(N_("身份证号只有数字，最后一位可以是 X，请检查"), field=field)
    if not _PROVINCE.match(number):
        raise InvalidInput(N_("前 6 位地区码不对，请对照证件重新输入"), field=field)
    birth = _birth(number[6:14], on=on, field=field)
    if _check_of(number[:17]) != number[17]:
        raise InvalidInput(N_("校验位不对，请对照证件重新输入"), field=field)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, number[:6], birth, sex)


def upgrade_old_id_number(text: str, *, on: date, field: str = "id_number") -> IdNumber:
    """Read a 15-digit number of before 1999 and give its 18-digit form.

    The century is taken as 19: the few numbers of people born before 1900 (serials 996 to 999) are
    not told apart. The old form has no check digit, so a slip of the pen goes unseen.
    """
    number = tidy(text)
    _OLD_NUMBER.ensure(number, field)
    if not re.fullmatch(r"[0-9]{15}", number):
        raise InvalidInput(N_("老身份证号只有数字，请检查"), field=field)
    body = f"{number[:6]}19{number[6:]}"
    return parse_id_number(body + _check_of(body), on=on, field=field)


def make_id_number(region: str, birth: date, serial: int) -> str:
    """A well-formed number for an invented person: never for a real one.

    `serial` is 0 to 999, odd for men. Raises ValueError for a region or serial of another shape.
    """
    if not re.fullmatch(r"[0-9]{6}", region) or not 0 <= serial <= 999:
        raise ValueError("a region has 6 digits, a serial is 0 to 999")
    body = f"{region}{birth:%Y%m%d}{serial:03d}"
    return body + _check_of(body)


def _check_of(body: str) -> str:
    return _CHECKS[sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _birth(digits: str, *, on: date, field: str) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidInput(N_("第 7 到 14 位不是真实的日期，请对照证件重新输入"), field=field) from None
    if birth > on:
        raise InvalidInput(N_("出生日期在今天之后，请对照证件重新输入"), field=field)
    if birth.year < on.year - _OLDEST_YEARS:
        raise InvalidInput(N_("出生日期太早，请对照证件重新输入"), field=field)
    return birth
