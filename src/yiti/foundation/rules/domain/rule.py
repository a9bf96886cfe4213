"""One rule: a value with the region and the days it holds for, its source and our confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, TypeGuard

from yiti.kernel.text import N_, Phrase, Term, joined
from yiti.kernel.workhours import Clock, Limit

ANYWHERE = "*"
GENERAL_KNOWLEDGE = "general knowledge"
MINUTES_PER_UNIT = {"minute": 1, "hour": 60, "day": 24 * 60}

Value: TypeAlias = "bool | int | Decimal | str | tuple[Value, ...] | Mapping[str, Value]"

_UNIT_WORDS = {
    "minute": Term("分", "min"),
    "hour": Term("时", "h"),
    "day": Term("天", "days"),
    "percent": Term("%", "%"),
    "per_minute": Term("次/分", "/min"),
    "point": Term("分", "points"),
}
_CLOCK_WORDS = {Clock.ROUND: N_("24 小时计"), Clock.WORKING: N_("工作时间计")}


class Confidence(StrEnum):
    """How sure we are of a value: H read in the source itself, M known but not checked against the
    text, L a sensible start that the county must settle."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _CONFIDENCE_WORDS[self]


_CONFIDENCE_WORDS = {
    Confidence.HIGH: Term("高", "high"),
    Confidence.MEDIUM: Term("中", "medium"),
    Confidence.LOW: Term("待核", "to be checked"),
}


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both inside."""

    low: Decimal
    high: Decimal

    def holds(self, number: int | Decimal) -> bool:
        """Whether the number lies inside."""
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated version of a rule for one region.

    `region` is `*` or the beginning of a GB/T 2260 code (2, 4, 6, 9 or 12 digits). Both
    `valid_from` and `valid_until` are days on which the rule holds; None is without end.
    """

    key: str
    zh: str
    en: str
    value: Value = field(hash=False)
    valid_from: date
    source: str
    confidence: Confidence
    unit: str = ""
    clock: Clock | None = None
    region: str = ANYWHERE
    valid_until: date | None = None
    continuous: bool = False

    @property
    def subject(self) -> str:
        """The folder of the rulebook it stands in: the first part of the key."""
        return self.key.partition(".")[0]

    @property
    def reference(self) -> str:
        """This very version, for keeping beside a result: `key@region/first day`."""
        return f"{self.key}@{self.region}/{self.valid_from}"

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def holds_in(self, region: str) -> bool:
        """Whether the rule is meant for that region or one that contains it."""
        return self.region == ANYWHERE or region.startswith(self.region)

    def limit(self) -> Limit:
        """The value as a time limit. Raises TypeError for a rule without a clock."""
        if self.clock is None or not isinstance(self.value, int):
            raise TypeError(f"{self.key} is not a time limit")
        return Limit(self.value * MINUTES_PER_UNIT[self.unit], self.clock)

    def integer(self) -> int:
        """The value as a whole number. Raises TypeError for another kind."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise TypeError(f"{self.key} is not a whole number")
        return self.value

    def number(self) -> Decimal:
        """The value as an exact number, whole or not. Raises TypeError for another kind."""
        if not _is_number(self.value):
            raise TypeError(f"{self.key} is not a number")
        return Decimal(self.value)

    def range(self) -> Range:
        """The value `{low, high}` as a range. Raises TypeError for another kind."""
        ends = [self.value.get(end) for end in ("low", "high")] if isinstance(self.value, Mapping) else []
        numbers = [Decimal(end) for end in ends if _is_number(end)]
        if len(numbers) != 2:
            raise TypeError(f"{self.key} is not a range")
        return Range(*numbers)

    def rows(self) -> tuple[Mapping[str, Value], ...]:
        """The value as rows of a small table. Raises TypeError for another kind."""
        if not isinstance(self.value, tuple):
            raise TypeError(f"{self.key} is not a table")
        rows = tuple(row for row in self.value if isinstance(row, Mapping))
        if len(rows) != len(self.value):
            raise TypeError(f"{self.key} is not a table")
        return rows

    @property
    def value_text(self) -> str:
        """The value with its unit, as a person reads it: `30 分`, `50 到 300 mmHg`, `是`."""
        unit = _UNIT_WORDS.get(self.unit, self.unit)
        text = _in_words(self.value)
        return joined(" ", (text, unit))

    def explain(self) -> str:
        """One sentence that names the rule, its value, its source and our confidence."""
        rule: str = Term(self.zh, self.en)
        if self.region != ANYWHERE:
            rule = Phrase(N_("{rule}（地区 {region}）"), rule=rule, region=self.region)
        value = self.value_text
        if self.clock:
            value = Phrase(N_("{value}，{clock}"), value=value, clock=Phrase(_CLOCK_WORDS[self.clock]))
        source = Phrase(N_("通用做法")) if self.source == GENERAL_KNOWLEDGE else self.source
        return Phrase(
            N_("规则：{rule} {value}，来源 {source}，可信度 {sure}。"),
            rule=rule,
            value=value,
            source=source,
            sure=self.confidence.zh,
        )


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One version of a rule as the page of rules lists it; `in_force` on the day asked for."""

    subject: str
    key: str
    zh: str
    en: str
    value_text: str
    region: str
    valid_from: date
    valid_until: date | None
    source: str
    confidence: Confidence
    in_force: bool


def _is_number(value: Value | None) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _in_words(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        plain = not any(isinstance(each, Mapping) for each in value)
        return "、".join(map(_in_words, value)) or "无" if plain else f"{len(value)} 行"
    if isinstance(value, Mapping):
        if set(value) == {"low", "high"}:
            return f"{_in_words(value['low'])} 到 {_in_words(value['high'])}"
        return "，".join(f"{name} {_in_words(each)}" for name, each in value.items())
    return str(value)
