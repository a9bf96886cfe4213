"""The comparisons and keys of the person index, and what is stated of registration errors beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yiti.registry.residents.domain.linking.blocking import candidates
from yiti.registry.residents.domain.linking.clusters import clusters
from yiti.registry.residents.domain.linking.columns import Column, Floats, Ints, column, derived, many_column
from yiti.registry.residents.domain.linking.comparing import (
    ChineseName,
    Coarser,
    Compared,
    Comparison,
    Day,
    Exact,
    Year,
)
from yiti.registry.residents.domain.linking.model import Model, Weights, compare, fit, score

COMPARISONS: tuple[Comparison, ...] = (
    Coarser("number", "number_tail", ("same", "slip", "other"), may_slip=True),
    ChineseName("name", "sound", "family", "short"),
    Day("birth", implied_by="number"),
    Year("year", "birth", implied_by="number"),
    Exact("sex", by_value=False, implied_by="number"),
    Coarser("phone", "phone_tail", ("same", "tail", "other")),
    Exact("village"),
)
#: Pairs that share all properties of a block are compared. The desk looks by the same ones.
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("number",),
    ("phone",),
    ("birth", "family"),
    ("sound", "village"),
    ("sound", "year"),
)

# General knowledge, confidence L: how often the same person is written down how, and two people agree, in
# the order of the levels above. A county's own nights replace it (`fit`).
_STATED = {
    "number": Weights((0.95, 0.04, 0.01), (1e-6, 0.004, 0.996)),
    "name": Weights((0.90, 0.03, 0.03, 0.02, 0.01, 0.01), (2e-5, 2e-5, 0.0015, 0.015, 0.015, 0.97)),
    "birth": Weights((0.93, 0.02, 0.04, 0.01), (3e-5, 1e-5, 0.001, 0.999)),
    "year": Weights((0.97, 0.03), (0.035, 0.965)),
    "sex": Weights((0.99, 0.01), (0.5, 0.5)),
    "phone": Weights((0.60, 0.01, 0.39), (1e-6, 1e-4, 0.9999)),
    "village": Weights((0.85, 0.15), (0.01, 0.99)),
}
_STANDS_TWICE = 0.05  # of people
_SMALLEST_INDEX = 10_000


def stated(people: int) -> Model:
    """The model of an index of this size of which nothing has been learned yet."""
    return Model(_STATED, 2 * _STANDS_TWICE / max(people, _SMALLEST_INDEX), people)


@dataclass(frozen=True, slots=True)
class Written:
    """People as lists of what their cards and keys say, one entry each; "" and an empty set are unknown.

    `births` are YYYYMMDD, `sounds` all readings of the name, `numbers` and `phones` digests, tails their
    last four.
    """

    names: Sequence[str]
    sounds: Sequence[Iterable[str]]
    births: Sequence[str]
    years: Sequence[str]
    sexes: Sequence[str]
    villages: Sequence[str]
    numbers: Sequence[Iterable[str]]
    number_tails: Sequence[Iterable[str]]
    phones: Sequence[Iterable[str]]
    phone_tails: Sequence[Iterable[str]]

    def columns(self) -> dict[str, Column]:
        """The properties that are compared, and those that follow from them."""
        name = column(self.names)
        length = np.strings.str_len(name.texts)
        return {
            "name": name,
            "sound": many_column(self.sounds),
            "family": derived(name, name.texts.astype("U1")),
            "short": derived(name, np.where(length <= _SHORT_NAME, "short", "")),
            "birth": column(self.births),
            "year": column(self.years),
            "sex": column(self.sexes),
            "village": column(self.villages),
            "number": many_column(self.numbers),
            "number_tail": many_column(self.number_tails),
            "phone": many_column(self.phones),
            "phone_tail": many_column(self.phone_tails),
        }


_SHORT_NAME = 2  # a family name and one character


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs of rows (one < other) with the probability of each; every compared pair is among them."""

    one: Ints
    other: Ints
    probability: Floats
    compared: Mapping[str, Compared]
    model: Model

    def clusters(self, size: int, least: float) -> Ints:
        """Rows that are one person, by the smallest row of each, when pairs from `least` on are taken for
        one."""
        sure = self.probability >= least
        return clusters(size, self.one[sure], self.other[sure])


def link(people: Mapping[str, Column]) -> Linked:
    """Find and weigh the likely pairs of a whole index; the parameters are fitted on the way."""
    one, other = candidates(people, BLOCKS)
    compared = compare(COMPARISONS, people, one, other)
    size = len(people["name"].codes)
    model = fit(COMPARISONS, people, compared, stated(size), size * (size - 1) / 2)
    return Linked(one, other, score(model, compared), compared, model)
