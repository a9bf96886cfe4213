"""Telephone numbers of mainland China: 11-digit mobiles, landlines with their area code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity.typed import Length, tidy
from yiti.kernel.text import N_

_COUNTRY_CODE = re.compile(r"^(?:\+|00)86|^86(?=1[0-9]{10}$)")

_MOBILE = Length(
    11,
    if_empty=N_("请填写手机号"),
    if_short=N_("少 {n} 位，请补成 11 位手机号"),
    if_long=N_("多 {n} 位，请改成 11 位手机号"),
)


class PhoneKind(StrEnum):
    """What a number can be used for: only a mobile takes messages."""

    MOBILE = "mobile"
    LANDLINE = "landline"


@dataclass(frozen=True, slots=True)
class Phone:
    """A sound number as it is stored: `13822716620`, `0763-8662210`."""

    number: str
    kind: PhoneKind


def parse_phone(text: str, *, field: str = "phone") -> Phone:
    """Read a mobile number (also with +86) or a landline with its area code."""
    number = _COUNTRY_CODE.sub("", tidy(text))
    if not number:
        raise InvalidInput(N_("请填写电话"), field=field)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidInput(N_("电话只有数字，请检查"), field=field)
    return _mobile(number, field) if number[0] == "1" else _landline(number, field)


def _mobile(number: str, field: str) -> Phone:
    _MOBILE.ensure(number, field)
    if number[1] in "012":
        raise InvalidInput(N_("手机号前 2 位不对，请检查"), field=field)
    return Phone(number, PhoneKind.MOBILE)


def _landline(number: str, field: str) -> Phone:
    """Area codes: 010 and 02x have 3 digits, all others 4; local numbers have 7 or 8."""
    if number[0] != "0":
        raise InvalidInput(N_("请填 11 位手机号；座机请在前面加区号"), field=field)
    cut = 3 if number[1:2] in ("1", "2") else 4
    area, local = number[:cut], number[cut:]
    if len(local) < 7:
        raise InvalidInput(N_("少 {n} 位，座机是区号加 7 或 8 位"), field=field, n=7 - len(local))
    if len(local) > 8:
        raise InvalidInput(N_("多 {n} 位，座机是区号加 7 或 8 位"), field=field, n=len(local) - 8)
    if area[1] == "0" or local[0] in "01":
        raise InvalidInput(N_("区号或座机号不对，请检查"), field=field)
    return Phone(f"{area}-{local}", PhoneKind.LANDLINE)
