"""Dates of birth of which perhaps only the year is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from yiti.kernel.display import age_text
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_, Phrase
from yiti.registry.residents.domain.codes import BirthPrecision

OLDEST_YEARS = 130


@dataclass(frozen=True, slots=True)
class Birth:
    """When a person was born; what is not known is the first month or day in `day`."""

    day: date | None = None
    precision: BirthPrecision = BirthPrecision.NONE

    @property
    def text(self) -> str:
        """`1959-03-14`, `1959-03`, `1959`, or empty."""
        if self.day is None:
            return ""
        parts = {BirthPrecision.DAY: 10, BirthPrecision.MONTH: 7, BirthPrecision.YEAR: 4}
        return self.day.isoformat()[: parts[self.precision]]

    def age_text(self, on: date) -> str:
        """The age in words; with 约 when only month or year is known, empty when nothing is."""
        if self.day is None or self.day > on:
            return ""
        if self.precision is BirthPrecision.DAY:
            return age_text(self.day, on)
        return Phrase(N_("约{years}岁"), years=on.year - self.day.year)


UNKNOWN_BIRTH = Birth()

_DATE = re.compile(r"([0-9]{4})(?:[-./年]?([0-9]{1,2})(?:[-./月]?([0-9]{1,2})日?|月)?|年)?")


def parse_birth(text: str, *, on: date, field: str = "birth") -> Birth:
    """Read `1959-03-14`, `19590314`, `1959年3月`, `1959`; empty is unknown. `on` is today.

    Raises InvalidInput for anything else, a day that does not exist, one after today, or one more
    than 130 years ago.
    """
    typed = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}).replace(" ", "")
    if not typed:
        return UNKNOWN_BIRTH
    found = _DATE.fullmatch(typed)
    if found is None:
        raise InvalidInput(N_("出生日期写成 1959-03-14；只知道年份就写 1959"), field=field)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise InvalidInput(N_("没有这一天，请检查出生日期"), field=field) from None
    birth = Birth(first, _precision(month, day))
    ensure_possible_birth(birth, on=on, field=field)
    return birth


def _precision(month: int | None, day: int | None) -> BirthPrecision:
    if month is None:
        return BirthPrecision.YEAR
    return BirthPrecision.MONTH if day is None else BirthPrecision.DAY


def ensure_possible_birth(birth: Birth, *, on: date, field: str = "birth") -> None:
    """Raise InvalidInput for a birth after `on` or more than 130 years before it."""
    if birth.day is None:
        return
    if birth.day > on:
        raise InvalidInput(N_("出生日期在今天之后，请检查"), field=field)
    if birth.day.year < on.year - OLDEST_YEARS:
        raise InvalidInput(N_("出生日期太早，请检查"), field=field)
