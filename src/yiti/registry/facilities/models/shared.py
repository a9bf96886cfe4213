"""Pieces of constraints that several tables share."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value


def same_uuid(column: str) -> Func:
    """The column as a range of one value, so that GiST can compare it without btree_gist (decision 18)."""
    return Func(F(column), F(column), Value("[]"), function="uuidrange")


def dated_span() -> Func:
    """`valid_from` to `valid_until` as a range; the last day is not part of it, null means no end."""
    return Func(F("valid_from"), F("valid_until"), Value("[)"), function="daterange")


def same_text(column: str) -> Func:
    """The same for a code."""
    return Func(F(column), F(column), Value("[]"), function="textrange")


def no_overlap(name: str, *same: Func, condition: Q | None = None) -> ExclusionConstraint:
    """Rows that are the same in all of these never overlap in time."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((each, "&&") for each in same), (dated_span(), "&&")],
        condition=condition,
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    """`valid_until` is open or lies after `valid_from`."""
    return models.CheckConstraint(
        condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name=name
    )


def one_of(column: str, kinds: type[StrEnum], name: str) -> models.CheckConstraint:
    """The column holds a value of the enum (as plain text, so that a migration needs no enum of ours)."""
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [each.value for each in kinds]}), name=name)


def some_of(column: str, kinds: type[StrEnum], name: str) -> models.CheckConstraint:
    """The array column holds only values of the enum."""
    return models.CheckConstraint(
        condition=Q(**{f"{column}__contained_by": [each.value for each in kinds]}), name=name
    )


def not_blank(column: str, name: str) -> models.CheckConstraint:
    """The text column holds something."""
    return models.CheckConstraint(condition=~Q(**{column: ""}), name=name)


def on_earth(name: str) -> models.CheckConstraint:
    """Both coordinates or neither, in degrees (CGCS2000)."""
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
        name=name,
    )


def valid_on(day: date) -> Q:
    """Dated rows in force on that day."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
