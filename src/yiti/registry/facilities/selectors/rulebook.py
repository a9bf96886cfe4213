"""The rules this room lives by, as the values it needs, for the region of an institution."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from yiti.foundation.rules import public as rules
from yiti.registry.facilities.domain import Catalogue, Roads, read_catalogue

CATALOGUE = "capability.catalogue"


def stale_after(on: date, region: str) -> timedelta:
    """How long a statement about free beds counts (decision 29)."""
    return timedelta(minutes=rules.limit("facilities.bed_board_stale", on, region).minutes)


def roads(on: date, region: str) -> Roads:
    """How roads relate to straight lines, and how fast one drives."""
    return Roads(
        factor=_number("travel.road_factor", on, region),
        local_km=_number("travel.local_road_km", on, region),
        local_kmh=_number("travel.speed_kmh", on, region),
        trunk_kmh=_number("travel.trunk_speed_kmh", on, region),
    )


def _number(key: str, on: date, region: str) -> float:
    value = rules.find(key, on, region).value
    if not isinstance(value, int | Decimal):
        raise TypeError(f"{key} is not a number")
    return float(value)


def catalogue_rule(on: date, region: str = rules.ANYWHERE) -> rules.Rule | None:
    """The rule that holds the capability catalogue of a day, None before the first one."""
    try:
        return rules.find(CATALOGUE, on, region)
    except rules.RuleNotFound:
        return None


def catalogue(on: date, region: str = rules.ANYWHERE) -> Catalogue | None:
    """The capability catalogue in force on a day in a region, None before the first one."""
    rule = catalogue_rule(on, region)
    return _read(rule) if rule else None


def catalogue_versions(region: str) -> list[rules.Rule]:
    """Every version of the catalogue that is meant for a region, newest first."""
    here = [rule for rule in rules.versions(CATALOGUE) if rule.holds_in(region)]
    return sorted(here, key=lambda rule: rule.valid_from, reverse=True)


@lru_cache(maxsize=16)
def _read(rule: rules.Rule) -> Catalogue:
    return read_catalogue(rule.value)  # type: ignore[arg-type]
