"""The unified social credit code of GB 32100-2015, with the organisation code of GB 11714 inside.

18 characters: 2 authority and category, 6 region (GB/T 2260), 9 organisation (its own check,
modulus 11), 1 check (modulus 31). The letters I, O, S, V, Z are not used. The outer check catches
every wrong character and every swap of two characters, except of the first with the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity.typed import Length, tidy
from yiti.kernel.text import N_

_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_CODE = Length(
    18,
    if_empty=N_("请填写统一社会信用代码"),
    if_short=N_("少 {n} 位，请补成 18 位统一社会信用代码"),
    if_long=N_("多 {n} 位，请改成 18 位统一社会信用代码"),
)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A sound code and its parts: authority with category, region of registration, organisation."""

    code: str
    category: str
    region: str
    organisation: str


def parse_credit_code(text: str, *, field: str = "credit_code") -> CreditCode:
    """Read the unified social credit code of an institution. Both checks must hold."""
    code = tidy(text)
    _CODE.ensure(code, field)
    if re.search(r"[IOSVZ]", code):
        raise InvalidInput(N_("统一社会信用代码不用字母 I、O、S、V、Z，请看清是不是数字"), field=field)
    if not re.fullmatch(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}", code):
        raise InvalidInput(N_("只能有数字和大写字母，第 3 到 8 位是数字，请检查"), field=field)
    organisation = code[8:17]
    if _check_of(code[:17]) != code[17] or _organisation_check_of(organisation[:8]) != organisation[8]:
        raise InvalidInput(N_("校验位不对，请对照证书重新输入"), field=field)
    return CreditCode(code, code[:2], code[2:8], organisation)


def make_credit_code(category: str, region: str, organisation: str) -> str:
    """A well-formed code for an invented institution, from 2, 6 and 8 characters.

    Raises ValueError for other lengths or characters.
    """
    body = f"{category}{region}{organisation}"
    if not re.fullmatch(rf"[{_CHARS}]{{2}}[0-9]{{6}}[{_CHARS}]{{8}}", body):
        raise ValueError("a category has 2 characters, a region 6 digits, an organisation 8 characters")
    body += _organisation_check_of(organisation)
    return body + _check_of(body)


def _check_of(body: str) -> str:
    total = sum(_CHARS.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _CHARS[-total % 31]


def _organisation_check_of(body: str) -> str:
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "X" if -total % 11 == 10 else str(-total % 11)
