from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yiti.foundation.access import public as access
from yiti.kernel.errors import NotFound
from yiti.registry.facilities.domain import Level, RegionLevel, RegionRow
from yiti.registry.facilities.domain.divisions import (
    CODE_LENGTH,
    digits_of,
    full_code,
    level_named_by,
    place_above,
)
from yiti.registry.facilities.models import Institution, Region

_COLUMNS = ("id", "code", "name", "level", "parent_id", "latitude", "longitude")
_SERVED_DIGITS = {Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: CODE_LENGTH}


def _rows(found: QuerySet[Region]) -> list[RegionRow]:
    return [_row(each) for each in found.values_list(*_COLUMNS)]


def _row(columns: tuple[Any, ...]) -> RegionRow:
    id_, code, name, level, parent, latitude, longitude = columns
    return RegionRow(id_, code, name, RegionLevel(level), parent, latitude, longitude)


def region(code: str) -> RegionRow:
    """A division by its code of 2, 4, 6, 9 or 12 digits; 12 digits that two levels share mean the higher
    one. Raises `NotFound`."""
    named = level_named_by(code)
    found = _rows(Region.objects.filter(code=full_code(code), level__in=[named] if named else RegionLevel))
    if not found:
        raise NotFound
    return min(found, key=_rank)


def _rank(row: RegionRow) -> int:
    return list(RegionLevel).index(row.level)


@access.once
def regions(ids: Collection[UUID]) -> dict[UUID, RegionRow]:
    """Divisions by id, in one query; ids nobody has are missing."""
    return {row.id: row for row in map(_row, _by_id(ids))}


@access.kept
def _by_id(ids: Collection[UUID]) -> QuerySet[Region, Any]:
    return Region.objects.filter(id__in=ids).values_list(*_COLUMNS)


def region_path(code: str) -> tuple[str, ...]:
    """Names from province down to the division of this code: `("广东省", "清远市", …)`.

    A city that is its own county is named once. Raises `NotFound`.
    """
    last = region(code)
    codes = {last.code}
    above = place_above(last.level, last.code)
    while above is not None:
        codes.add(above[0])
        above = place_above(above[1], above[0])
    by_code = {
        row.code: row.name
        for row in sorted(_rows(Region.objects.filter(code__in=codes)), key=_rank, reverse=True)
    }
    return tuple(by_code[each] for each in sorted(codes) if each in by_code)


def regions_in(code: str, level: RegionLevel) -> list[RegionRow]:
    """Divisions of one level inside a division, in the order of their codes."""
    prefix = code.rstrip("0") if len(code) == CODE_LENGTH else code
    return _rows(_inside(prefix, level))


def villages_of(institution_id: UUID) -> list[RegionRow]:
    """The villages an institution serves by its level and place: a village clinic its own village, a
    township hospital those of the township, a county hospital those of the county. Raises `NotFound`."""
    places = _place_of(institution_id)
    if not places:
        raise NotFound
    level, region_level, code = places[0]
    digits = min(_SERVED_DIGITS[Level(level)], digits_of(RegionLevel(region_level)))
    return [_row(each) for each in _villages_between(*_ends(code[:digits]))]


@access.kept
def _place_of(institution_id: UUID) -> QuerySet[Institution, Any]:
    found = Institution.objects.filter(id=institution_id)
    return found.values_list("level", "region__level", "region__code")


@access.kept
def _villages_between(least: str, most: str) -> QuerySet[Region, Any]:
    return _between(least, most, RegionLevel.VILLAGE).values_list(*_COLUMNS)


def _inside(prefix: str, level: RegionLevel) -> QuerySet[Region]:
    return _between(*_ends(prefix), level)


def _ends(prefix: str) -> tuple[str, str]:
    return prefix.ljust(CODE_LENGTH, "0"), prefix.ljust(CODE_LENGTH, "9")


def _between(least: str, most: str, level: RegionLevel) -> QuerySet[Region]:
    return Region.objects.filter(code__gte=least, code__lte=most, level=level, is_active=True).order_by(
        "code"
    )
