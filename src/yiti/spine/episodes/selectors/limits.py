"""Limits of vital signs: rule data as the pure rules of the room want it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from yiti.foundation.rules import public as rules
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes.domain import Limits, VitalKind, VitalLimits

ADULT_FROM = "vitals.adult_from_years"
_ALARM_PARTS = ("target_low", "target_below", "critical_low", "critical_high")


def limits_for(person: residents.PersonRow, institution_id: UUID, at: datetime) -> Limits:
    """The limits that hold for a person at an institution: a child has none but what is possible."""
    place = facilities.institutions([institution_id]).get(institution_id)
    region = place.region_code if place else rules.ANYWHERE
    on = local_date(at)
    adult_from = rules.find(ADULT_FROM, on, region).integer()
    age = _age_years(person.birth.day, on)
    return limits(on, region, is_adult=age is None or age >= adult_from)


def limits(on: date, region: str = rules.ANYWHERE, *, is_adult: bool = True) -> Limits:
    """The limits in force on a day in a region."""
    return {kind: _limits_of(kind, on, region, is_adult=is_adult) for kind in VitalKind}


def _limits_of(kind: VitalKind, on: date, region: str, *, is_adult: bool) -> VitalLimits:
    possible = _rule(kind, "possible", on, region)
    span = possible.range() if possible else None
    alarms: Mapping[str, Decimal | None] = (
        {part: _number(_rule(kind, part, on, region)) for part in _ALARM_PARTS} if is_adult else {}
    )
    return VitalLimits(
        low=Decimal(span.low) if span else None, high=Decimal(span.high) if span else None, **alarms
    )


def _rule(kind: VitalKind, part: str, on: date, region: str) -> rules.Rule | None:
    """The rule of that part, or None: not every sign has every limit."""
    try:
        return rules.find(f"vitals.{kind.field}.{part}", on, region)
    except rules.RuleNotFound:
        return None


def _number(rule: rules.Rule | None) -> Decimal | None:
    return None if rule is None else Decimal(str(rule.value))


def _age_years(birth: date | None, on: date) -> int | None:
    if birth is None:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
