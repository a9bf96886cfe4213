"""What makes a set of rules unfit for use, and where it has holes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise

from yiti.foundation.rules.domain.hours import WORKING_HOURS, working_hours
from yiti.foundation.rules.domain.rule import GENERAL_KNOWLEDGE, MINUTES_PER_UNIT, Confidence, Rule
from yiti.kernel.workhours import Calendar, Clock

_DAY = timedelta(days=1)


class RulebookError(ValueError):
    """The rulebook cannot be used; `problems` holds one English sentence for each fault."""

    def __init__(self, problems: Sequence[str]):
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def problems_of(rules: Sequence[Rule]) -> list[str]:
    """Every fault of the rules, each alone and all together, in a stated order."""
    alone = [f"{rule.reference}: {fault}" for rule in rules for fault in _faults(rule)]
    return [*alone, *_overlaps(rules), *_changing_kinds(rules)]


def gaps_of(rules: Iterable[Rule]) -> list[str]:
    """Days without a value for the keys marked `continuous`, and the day their last value ends.

    A hole of a county is none where the rule of its province or of everywhere still holds.
    """
    by_key: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_key[rule.key].append(rule)
    return [
        f"{key} in {region}: {hole}"
        for key, versions in by_key.items()
        if any(rule.continuous for rule in versions)
        for region in sorted({rule.region for rule in versions})
        for hole in _holes([rule for rule in versions if rule.holds_in(region)])
    ]


def _holes(versions: list[Rule]) -> Iterator[str]:
    covered: date | None = None
    for rule in sorted(versions, key=lambda version: version.valid_from):
        if covered is not None and rule.valid_from > covered + _DAY:
            yield f"no value from {covered + _DAY} to {rule.valid_from - _DAY}"
        until = rule.valid_until or date.max - _DAY
        covered = until if covered is None else max(covered, until)
    if covered is not None and covered < date.max - _DAY:
        yield f"no value after {covered}"


def _faults(rule: Rule) -> Iterator[str]:
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        yield "ends before it begins"
    if rule.source == GENERAL_KNOWLEDGE and rule.confidence is Confidence.HIGH:
        yield "general knowledge is never of confidence H"
    if rule.clock is not None:
        yield from _limit_faults(rule)
    if rule.key == WORKING_HOURS:
        yield from _hours_faults(rule)


def _limit_faults(rule: Rule) -> Iterator[str]:
    if isinstance(rule.value, bool) or not isinstance(rule.value, int) or rule.value < 1:
        yield "a time limit is a whole number of at least 1"
    if rule.unit not in MINUTES_PER_UNIT:
        yield f"a time limit counts in {', '.join(MINUTES_PER_UNIT)}"
    if rule.unit == "day" and rule.clock is Clock.WORKING:
        yield "a limit in working time counts in hours or minutes: a working day has no fixed length"


def _hours_faults(rule: Rule) -> Iterator[str]:
    try:
        Calendar(hours=working_hours(rule))
    except (TypeError, ValueError) as error:
        yield f"not working hours: {error}"


def _overlaps(rules: Sequence[Rule]) -> Iterator[str]:
    """Two values for one day. `rules` are in order of key, region, first day."""
    for _, group in groupby(rules, lambda rule: (rule.key, rule.region)):
        for earlier, later in pairwise(group):
            if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
                yield f"{later.reference}: overlaps {earlier.reference}"


def _changing_kinds(rules: Sequence[Rule]) -> Iterator[str]:
    """A program that reads a key relies on its type, its unit and whether it has a clock."""
    for _, group in groupby(rules, lambda rule: rule.key):
        for earlier, later in pairwise(group):
            if _kind(earlier) != _kind(later):
                yield f"{later.reference}: type, unit or clock differs from {earlier.reference}"


def _kind(rule: Rule) -> tuple[str, str, bool]:
    # bool before int: True is an int to Python, not to a reader
    kinds = {
        bool: "boolean",
        int: "number",
        Decimal: "number",
        str: "text",
        tuple: "list",
        Mapping: "mapping",
    }
    kind = next(name for python, name in kinds.items() if isinstance(rule.value, python))
    # minutes and hours are both time, as long as there is a clock to count them
    unit = "time" if rule.clock is not None else rule.unit
    return kind, unit, rule.clock is not None
