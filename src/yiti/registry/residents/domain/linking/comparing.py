"""How two people agree in one property: levels, best first, over arrays of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from yiti.registry.residents.domain.linking.columns import Column, Floats, Ints, Texts

Columns = Mapping[str, Column]
Flags = NDArray[np.bool_]

NO_LEVEL = -1
BY_LEVEL = 0.0  # how common the shared value is does not count at this level


@dataclass(frozen=True, slots=True)
class Compared:
    """One property of n pairs: `levels` (n,) int8, `NO_LEVEL` where either side is unknown; `people` (n,)
    how many of the index share the value in which they agree, `BY_LEVEL` where they do not agree in one
    value."""

    levels: NDArray[np.int8]
    people: Floats


class Comparison(Protocol):
    """One property of a pair. `levels` names its levels; where the property named in `implied_by` agrees
    at its first level, this one is not asked."""

    @property
    def name(self) -> str: ...
    @property
    def levels(self) -> Sequence[str]: ...
    @property
    def implied_by(self) -> str: ...
    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared: ...


@dataclass(frozen=True, slots=True)
class Exact:
    """The same value, or another; `by_value` unless all values are about as common."""

    name: str
    by_value: bool = True
    implied_by: str = ""
    levels: Sequence[str] = ("same", "other")

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        same, known, count = shared(people[self.name], one, other)
        return _compared(known, [same], {0: count} if self.by_value else {})


@dataclass(frozen=True, slots=True)
class Coarser:
    """The same value; the same in a coarser property (a number's last four); another. With `may_slip` one
    wrong character in the coarser one, or two neighbours swapped, is near as well."""

    name: str
    coarser: str
    levels: Sequence[str]
    may_slip: bool = False
    implied_by: str = ""

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        same, known, count = shared(people[self.name], one, other)
        column = people[self.coarser]
        near, near_known, _ = shared(column, one, other)
        if self.may_slip:
            near |= _any_slip(column, one, other)
        return _compared(known & near_known | same, [same, near], {0: count})


@dataclass(frozen=True, slots=True)
class Day:
    """Days as YYYYMMDD: the same; month and day swapped; one wrong digit or two neighbours swapped;
    another."""

    name: str
    implied_by: str = ""
    levels: Sequence[str] = ("same", "swapped", "slip", "other")

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        days = people[self.name]
        same, known, count = shared(days, one, other)
        digits = characters(days.texts, 8)
        left, right = digits[days.first[one]], digits[days.first[other]]
        swapped = (left[:, :4] == right[:, :4]).all(axis=1) & (left[:, 4:] == right[:, [6, 7, 4, 5]]).all(
            axis=1
        )
        return _compared(known, [same, swapped & known, slips(left, right) & known], {0: count})


@dataclass(frozen=True, slots=True)
class Year:
    """Years, where a day is missing on either side: at most one apart, or further."""

    name: str
    day: str
    implied_by: str = ""
    levels: Sequence[str] = ("near", "other")

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        column, days = people[self.name], people[self.day].first
        years = np.append(column.texts, "0").astype(np.int64)
        left, right = column.first[one], column.first[other]
        near = np.abs(years[left] - years[right]) <= 1
        told = (days[one] >= 0) & (days[other] >= 0)
        return _compared((left >= 0) & (right >= 0) & ~told, [near], {})


@dataclass(frozen=True, slots=True)
class ChineseName:
    """Same; same sound; near (one character of three); the same family name with a short given name on
    either side, or with a long one on both; other."""

    name: str = "name"
    sound: str = "sound"
    family: str = "family"
    short: str = "short"
    implied_by: str = ""
    levels: Sequence[str] = ("same", "sound", "near", "family_short", "family", "other")

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        names = people[self.name]
        same, known, count = shared(names, one, other)
        sounds, _, sounding = shared(people[self.sound], one, other)
        family, _, relatives = shared(people[self.family], one, other)
        short = people[self.short].first
        is_short = (short[one] >= 0) | (short[other] >= 0)
        near = np.zeros_like(same)
        rest = np.flatnonzero(known & ~same & ~sounds)
        near[rest] = _alike(names, one[rest], other[rest], fuzz.ratio, _CLOSE_NAME)
        counts = {0: count, 1: sounding, 3: relatives, 4: relatives}
        return _compared(known, [same, sounds, near, family & is_short, family], counts)


_CLOSE_NAME = 66.0  # per cent: one of three characters differs


@dataclass(frozen=True, slots=True)
class Spelled:
    """Words of an alphabet: same, alike (Jaro-Winkler at least 0.92), somewhat (0.8), other."""

    name: str
    implied_by: str = ""
    levels: Sequence[str] = ("same", "alike", "somewhat", "other")

    def compare(self, people: Columns, one: Ints, other: Ints) -> Compared:
        column = people[self.name]
        same, known, count = shared(column, one, other)
        similar = np.zeros(len(one))
        rest = np.flatnonzero(known & ~same)
        similar[rest] = _similarity(column, one[rest], other[rest], JaroWinkler.normalized_similarity)
        return _compared(known, [same, similar >= 0.92, similar >= 0.8], {0: count})


def shared(column: Column, one: Ints, other: Ints) -> tuple[Flags, Flags, Floats]:
    """For pairs of rows: whether they share a value, whether both have any, how many people have the shared
    one."""
    left, right = column.codes[one], column.codes[other]
    people = np.append(column.people, BY_LEVEL)
    if column.codes.shape[1] == 1:
        left, right = left[:, 0], right[:, 0]
        same = (left == right) & (left >= 0)
        return same, (left >= 0) & (right >= 0), people[np.where(same, left, -1)]
    equal = (left[:, :, None] == right[:, None, :]) & (left >= 0)[:, :, None]
    which = np.where(equal.any(axis=2), left, -1).max(axis=1)
    known: Flags = np.any(left >= 0, axis=1) & np.any(right >= 0, axis=1)
    return which >= 0, known, people[which]


def _compared(known: Flags, levels: list[Flags], people: dict[int, Floats]) -> Compared:
    """The first level that holds; the last one where none does."""
    found = np.full(len(known), len(levels), dtype=np.int8)
    count = np.full(len(known), BY_LEVEL)
    for level in reversed(range(len(levels))):
        found[levels[level]] = level
        count[levels[level]] = people[level][levels[level]] if level in people else BY_LEVEL
    found[~known] = NO_LEVEL
    count[~known] = BY_LEVEL
    return Compared(found, count)


def characters(texts: Texts, width: int) -> NDArray[np.uint32]:
    """Texts as rows of code points, cut or filled with zeros; one row of zeros more for `UNKNOWN`."""
    rows = np.append(texts, "").astype(f"U{width}")
    return rows.view(np.uint32).reshape(len(rows), width)


def slips(left: NDArray[Any], right: NDArray[Any]) -> Flags:
    """One wrong character, or two neighbours swapped, in rows of characters of one length."""
    differs = left != right
    wrong = differs.sum(axis=1, dtype=np.int8)
    crossed = (
        (left[:, 1:] == right[:, :-1]) & (left[:, :-1] == right[:, 1:]) & differs[:, 1:] & differs[:, :-1]
    )
    found: Flags = (wrong == 1) | ((wrong == 2) & crossed.any(axis=1))
    return found


def _any_slip(column: Column, one: Ints, other: Ints) -> Flags:
    rows = characters(column.texts, column.texts.dtype.itemsize // 4)
    found = np.zeros(len(one), dtype=bool)
    left, right = column.codes[one], column.codes[other]
    for i in range(left.shape[1]):
        for k in range(right.shape[1]):
            both = (left[:, i] >= 0) & (right[:, k] >= 0)
            found |= both & slips(rows[left[:, i]], rows[right[:, k]])
    return found


def _alike(column: Column, one: Ints, other: Ints, scorer: Any, least: float) -> Flags:
    return _similarity(column, one, other, scorer) >= least


def _similarity(column: Column, one: Ints, other: Ints, scorer: Any) -> Floats:
    left, right = column.texts[column.first[one]].tolist(), column.texts[column.first[other]].tolist()
    found: Floats = cpdist(left, right, scorer=scorer, dtype=np.float64)
    return found
