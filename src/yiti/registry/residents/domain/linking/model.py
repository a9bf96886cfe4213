"""Fellegi and Sunter's model with weights by how common the shared value is, and its parameters from the
data.

Of a pair that is one person, `agree[level]` is the chance of each level of a comparison; of two people,
`chance[level]`. Where they agree in one value, the chance is that of this value: how many others have it.
Unknown properties weigh nothing. `prior` is the share of all pairs of people that are one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from yiti.registry.residents.domain.linking.columns import Floats, Ints
from yiti.registry.residents.domain.linking.comparing import (
    BY_LEVEL,
    NO_LEVEL,
    Columns,
    Compared,
    Comparison,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of one comparison, by level: the share among pairs of one person, and among pairs of two."""

    agree: tuple[float, ...]
    chance: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What scoring needs. `people` is the size of the index that was counted."""

    weights: Mapping[str, Weights]
    prior: float
    people: int


# A share counted in a small index is drawn towards the share at large, as if this many more had been counted.
_AT_LARGE = 10_000
# What is stated beforehand counts as much as this many pairs.
_STATED = 50.0
_ROUNDS = 30
_STILL = 1e-4  # of the prior: it has settled
_SAMPLE = 300_000


def compare(
    comparisons: Sequence[Comparison], people: Columns, one: Ints, other: Ints
) -> dict[str, Compared]:
    """Every comparison of these pairs of rows; what another agreement implies counts as unknown."""
    found = {each.name: each.compare(people, one, other) for each in comparisons}
    for each in comparisons:
        if each.implied_by:
            implied = found[each.implied_by].levels == 0
            found[each.name].levels[implied] = NO_LEVEL
            found[each.name].people[implied] = BY_LEVEL
    return found


def score(model: Model, compared: Mapping[str, Compared]) -> Floats:
    """The probability (n,) that each pair is one person."""
    return _logistic(_by_value(model, compared) + _by_level(model, compared))


def _logistic(odds: Floats) -> Floats:
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -700, 700)))
    return found


def _by_value(model: Model, compared: Mapping[str, Compared]) -> Floats:
    """The part of the log odds that stays as parameters are fitted: how common the shared values are."""
    total = np.zeros(len(next(iter(compared.values())).levels))
    for name, each in compared.items():
        shared = np.flatnonzero(each.people > BY_LEVEL)
        chance = np.array(model.weights[name].chance)[each.levels[shared]]
        others = each.people[shared] - 1 + _AT_LARGE * chance
        total[shared] -= np.log(others / (model.people + _AT_LARGE))
    return total


def _by_level(model: Model, compared: Mapping[str, Compared]) -> Floats:
    total = np.full(len(next(iter(compared.values())).levels), np.log(model.prior) - np.log1p(-model.prior))
    for name, each in compared.items():
        weights = model.weights[name]
        agree = np.append(np.log(weights.agree), 0.0)
        chance = np.append(np.log(weights.chance), 0.0)
        total += agree[each.levels]
        total -= np.where(each.people > BY_LEVEL, 0.0, chance[each.levels])
    return total


def fit(
    comparisons: Sequence[Comparison],
    people: Columns,
    compared: Mapping[str, Compared],
    stated: Model,
    pairs: float,
) -> Model:
    """Parameters from the data without knowing who is who: chances from random pairs, agreements by
    expectation and maximisation over the candidates, starting from and drawn towards what is stated. `pairs`
    is how many pairs there are at all; those that share no key are taken for two people."""
    model = _with_chances(comparisons, people, stated)
    fixed = _by_value(model, compared)
    patterns = _Patterns(comparisons, compared)
    for _ in range(_ROUNDS):
        probable = _logistic(fixed + patterns.odds(model))
        renewed = replace(
            model,
            prior=(float(probable.sum()) + stated.prior * _STATED) / (pairs + _STATED),
            weights={
                each.name: replace(
                    model.weights[each.name],
                    agree=_shares(patterns.totals(each.name, probable), stated.weights[each.name].agree),
                )
                for each in comparisons
            },
        )
        is_still = abs(renewed.prior - model.prior) < _STILL * model.prior
        model = renewed
        if is_still:
            break
    return model


class _Patterns:
    """Pairs by which levels they agree at and whether by value: a few thousand patterns instead of a million
    pairs."""

    def __init__(self, comparisons: Sequence[Comparison], compared: Mapping[str, Compared]) -> None:
        code = np.zeros(len(next(iter(compared.values())).levels), dtype=np.int64)
        for each in comparisons:
            found = compared[each.name]
            both = (found.levels.astype(np.int64) + 1) * 2 + (found.people > BY_LEVEL)
            code = code * (2 * len(each.levels) + 2) + both
        _, first, self.pattern = np.unique(code, return_index=True, return_inverse=True)
        self.compared = {
            name: Compared(each.levels[first], each.people[first]) for name, each in compared.items()
        }

    def odds(self, model: Model) -> Floats:
        """Log odds by level of each pair."""
        return _by_level(model, self.compared)[self.pattern]

    def totals(self, name: str, probable: Floats) -> Floats:
        """Expected pairs of one person at each level of a comparison."""
        expected = np.bincount(self.pattern, weights=probable, minlength=len(self.compared[name].levels))
        levels = self.compared[name].levels
        known = levels != NO_LEVEL
        return np.bincount(levels[known], weights=expected[known]).astype(np.float64)


def _shares(totals: Floats, stated: tuple[float, ...]) -> tuple[float, ...]:
    counted = np.zeros(len(stated))
    counted[: len(totals)] = totals
    drawn = counted + _STATED * np.array(stated)
    return tuple(float(share) for share in drawn / drawn.sum())


def _with_chances(comparisons: Sequence[Comparison], people: Columns, stated: Model) -> Model:
    """The shares of levels among random pairs, each counted as far as it is not likely one person."""
    size = next(iter(people.values())).codes.shape[0]
    rng = np.random.default_rng(20260101)
    one, other = rng.integers(0, size, _SAMPLE), rng.integers(0, size, _SAMPLE)
    one, other = one[one != other], other[one != other]
    compared = compare(comparisons, people, one, other)
    weigh = (1 - score(stated, compared)) * min(1.0, size * (size - 1) / 2 / _SAMPLE)
    weights = {}
    for name, each in compared.items():
        known = each.levels != NO_LEVEL
        totals = np.bincount(each.levels[known], weights=weigh[known]).astype(np.float64)
        weights[name] = replace(stated.weights[name], chance=_shares(totals, stated.weights[name].chance))
    return replace(stated, weights=weights, people=size)
