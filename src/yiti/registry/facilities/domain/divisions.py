"""Administrative divisions: codes of 12 digits, who lies in whom, and the national files as sheet rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from yiti.registry.facilities.domain.kinds import RegionLevel

CODE_LENGTH = 12
_DIGITS = {
    RegionLevel.PROVINCE: 2,
    RegionLevel.CITY: 4,
    RegionLevel.COUNTY: 6,
    RegionLevel.TOWNSHIP: 9,
    RegionLevel.VILLAGE: 12,
}
_LEVELS = list(_DIGITS)

Division = Mapping[str, str]


def full_code(code: str) -> str:
    """`441826` -> `441826000000`: the statistics bureau's 12 digits for a shorter code."""
    return code.ljust(CODE_LENGTH, "0")


def digits_of(level: RegionLevel) -> int:
    """How many digits of a full code name a division of this level."""
    return _DIGITS[level]


def is_code_of(level: RegionLevel, code: str) -> bool:
    """Whether a full code has no digits below its level."""
    return not code[_DIGITS[level] :].strip("0")


def level_named_by(code: str) -> RegionLevel | None:
    """The level that a code of 2, 4, 6 or 9 digits names; None for a full code, which does not say."""
    return next((level for level, digits in _DIGITS.items() if digits == len(code) < CODE_LENGTH), None)


def place_above(level: RegionLevel, code: str) -> tuple[str, RegionLevel] | None:
    """The full code and level of the division one level up, None for a province."""
    if level is RegionLevel.PROVINCE:
        return None
    above = _LEVELS[_LEVELS.index(level) - 1]
    return full_code(code[: _DIGITS[above]]), above


def division_rows(
    *,
    provinces: Iterable[Division],
    cities: Iterable[Division],
    counties: Iterable[Division],
    townships: Iterable[Division],
) -> Iterator[dict[str, str]]:
    """The national lists (rows with `code` of 2, 4, 6, 9 digits and `name`) as rows of sheet `regions`.

    A city without counties (东莞, 中山, 儋州) and a county without townships (金门) stand in two lists
    under one full code; both rows are kept, so that every level has its parent.
    """
    lists = (
        (RegionLevel.PROVINCE, provinces),
        (RegionLevel.CITY, cities),
        (RegionLevel.COUNTY, counties),
        (RegionLevel.TOWNSHIP, townships),
    )
    for level, divisions in lists:
        for each in divisions:
            yield {
                "code": full_code(each["code"]),
                "name": each["name"],
                "level": level,
                "facts_checked": "1",
            }
