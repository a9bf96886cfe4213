"""Reading the rulebook. The files are read once a process; a changed file needs a new start."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from chinese_calendar import constants as national  # type: ignore[import-untyped]
from django.conf import settings

from yiti.foundation.rules.domain import (
    ANYWHERE,
    WORKING_HOURS,
    Rule,
    Rulebook,
    RuleNotFound,
    RuleRow,
    gaps_of,
    load_rulebook,
    working_hours,
)
from yiti.kernel.workhours import Calendar, Limit


def find(key: str, on: date, region: str = ANYWHERE, *, variant: str = "") -> Rule:
    """The rule in force on a day in a region (a GB/T 2260 code; the longest prefix wins).

    With a variant, such as an urgency, `key.variant` where there is one, else `key`.
    Raises RuleNotFound, a programming error.
    """
    found = _found(settings.YITI_RULEBOOK, key, on, region, variant)
    if found is None:
        raise RuleNotFound(f"{key} has no value on {on} in {region}")
    return found


def limit(key: str, on: date, region: str = ANYWHERE, *, variant: str = "") -> Limit:
    """The time limit of that key (see `find`). Raises RuleNotFound, or TypeError without a clock."""
    return find(key, on, region, variant=variant).limit()


def calendar(on: date, region: str = ANYWHERE) -> Calendar:
    """When a region is at work: its hours as of that day, and the national holidays.

    Holidays and made-up working days come from the package chinesecalendar (notices of the State
    Council, one year at a time); after its last year only weekends are closed.
    """
    return _calendar(settings.YITI_RULEBOOK, on, region)


def all_rules() -> tuple[Rule, ...]:
    """Every version of every rule, by key, region and first day."""
    return _book().rules


def versions(key: str) -> tuple[Rule, ...]:
    """Every version of one rule, by region and first day. Raises RuleNotFound."""
    return _book().versions(key)


def subjects() -> tuple[str, ...]:
    """The folders of the rulebook, in alphabetical order."""
    return tuple(sorted({rule.subject for rule in all_rules()}))


def search(*, on: date, text: str = "", subject: str = "") -> list[RuleRow]:
    """Versions whose key, names or source contain the text, by key, region and first day.

    `on` decides which of them are marked as in force.
    """
    wanted = text.strip().casefold()
    return [
        _row(rule, on)
        for rule in all_rules()
        if subject in ("", rule.subject)
        and wanted in " ".join((rule.key, rule.zh, rule.en, rule.source)).casefold()
    ]


def gaps() -> list[str]:
    """Holes in the rules marked continuous. Raises RulebookError for a rulebook unfit for use."""
    return gaps_of(all_rules())


def last_holiday_year() -> int:
    """The last year whose public holidays are known."""
    holidays, _ = _national_days()
    return max(holidays).year


def _row(rule: Rule, on: date) -> RuleRow:
    return RuleRow(
        subject=rule.subject,
        key=rule.key,
        zh=rule.zh,
        en=rule.en,
        value_text=rule.value_text,
        region=rule.region,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        source=rule.source,
        confidence=rule.confidence,
        in_force=rule.holds_on(on),
    )


def _book() -> Rulebook:
    return _loaded(settings.YITI_RULEBOOK)


@lru_cache(maxsize=8192)
def _found(path: Path, key: str, on: date, region: str, variant: str) -> Rule | None:
    """The answers to questions asked again and again: a loader asks each some thousand times."""
    try:
        return _loaded(path).find(key, on, region, variant=variant)
    except RuleNotFound:
        return None


@lru_cache(maxsize=2048)
def _calendar(path: Path, on: date, region: str) -> Calendar:
    rule = _loaded(path).find(WORKING_HOURS, on, region)
    return Calendar(working_hours(rule), *_national_days())


@cache
def _loaded(path: Path) -> Rulebook:
    return load_rulebook(path)


@cache
def _national_days() -> tuple[frozenset[date], frozenset[date]]:
    return frozenset(national.holidays), frozenset(national.workdays)
