"""Which pairs are worth comparing: those that share a key, by several kinds of key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from yiti.registry.residents.domain.linking.columns import UNKNOWN, Column, Ints

Pairs = tuple[Ints, Ints]

#: More people than this share a key (the first of January, a village office's phone): it tells nobody.
LARGEST_BLOCK = 200


def candidates(people: Mapping[str, Column], blocks: Iterable[Sequence[str]]) -> Pairs:
    """Pairs of rows (one < other) that share the values of all columns of a block, each pair once, in
    order."""
    found = [_pairs(*_keys([people[name] for name in block])) for block in blocks]
    size = next(iter(people.values())).codes.shape[0]
    whole = np.sort(np.concatenate([one * size + other for one, other in found]))
    whole = whole[np.append(True, whole[1:] != whole[:-1])[: len(whole)]]
    one = whole // size
    return one, whole - one * size


def _keys(columns: Sequence[Column]) -> tuple[NDArray[np.int64], Ints]:
    """Keys and the rows that have them; a row with several values has several."""
    keys: list[NDArray[np.int64]] = []
    rows: list[Ints] = []
    for choice in product(*(range(each.codes.shape[1]) for each in columns)):
        key = np.zeros(len(columns[0].codes), dtype=np.int64)
        known = np.ones(len(key), dtype=bool)
        for each, place in zip(columns, choice, strict=True):
            codes = each.codes[:, place]
            known &= codes != UNKNOWN
            key = key * (len(each.texts) + 1) + codes
        rows.append(np.flatnonzero(known))
        keys.append(key[known])
    return np.concatenate(keys), np.concatenate(rows)


def _pairs(keys: NDArray[np.int64], rows: Ints) -> Pairs:
    order = np.argsort(keys)
    keys, rows = keys[order], rows[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    sizes = np.diff(np.append(starts, len(keys)))
    fits = np.repeat((sizes > 1) & (sizes <= LARGEST_BLOCK), sizes)
    keys, rows = keys[fits], rows[fits]
    one, other = [], []
    at = np.arange(len(keys))
    for step in range(1, LARGEST_BLOCK):
        at = at[at + step < len(keys)]
        at = at[keys[at] == keys[at + step]]
        if not len(at):
            break
        one.append(rows[at])
        other.append(rows[at + step])
    return _ordered(one, other)


def _ordered(one: list[Ints], other: list[Ints]) -> Pairs:
    if not one:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    left, right = np.concatenate(one).astype(np.int64), np.concatenate(other).astype(np.int64)
    low, high = np.minimum(left, right), np.maximum(left, right)
    return low[low < high], high[low < high]
