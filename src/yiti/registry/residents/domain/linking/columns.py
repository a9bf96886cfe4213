"""People as columns of small whole numbers: what vectorised comparing works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
Texts = NDArray[np.str_]

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Column:
    """One property of n people.

    `codes` (n, k): the values of each person as indices into `texts`, at most k of them, `UNKNOWN` where
    there is none. `texts` are the values; `people` says how many of the whole index have each value, which
    may be more than the rows at hand.
    """

    codes: Ints
    texts: Texts
    people: Floats

    @property
    def first(self) -> Ints:
        """The only value of each person (n,), of properties that have one."""
        return self.codes[:, 0]


def column(values: Sequence[str]) -> Column:
    """A property with one value each; "" is unknown."""
    codes, texts = coded(values)
    return _counted(codes[:, None], texts)


def many_column(values: Sequence[Iterable[str]]) -> Column:
    """A property with any number of values each, such as documents."""
    sets = [tuple(dict.fromkeys(each)) for each in values]
    width = max((len(each) for each in sets), default=0)
    if width <= 1:
        return column([each[0] if each else "" for each in sets])
    flat, texts = coded([value for each in sets for value in each])
    codes = np.full((len(sets), width), UNKNOWN, dtype=np.int32)
    sizes = np.array([len(each) for each in sets], dtype=np.int64)
    rows = np.repeat(np.arange(len(sets)), sizes)
    places = np.arange(len(flat)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes[rows, places] = flat
    return _counted(codes, texts)


def derived(source: Column, values: Texts) -> Column:
    """A property that follows from each value of another, such as its first character: `values` in the
    order of `source.texts`."""
    codes, texts = coded(values)
    return _counted(np.append(codes, UNKNOWN)[source.codes], texts)


def _counted(codes: Ints, texts: Texts) -> Column:
    known = codes[codes >= 0]
    return Column(codes, texts, np.bincount(known, minlength=len(texts)).astype(np.float64))


_FEW = 5_000
_FACTOR = np.uint64(
    0x9E3779B97F4A7C15
)  # odd, so that no character is lost; 2**64 divided by the golden ratio


def coded(values: Sequence[str] | Texts) -> tuple[Ints, Texts]:
    """Each value as an index into the texts (n,), `UNKNOWN` for ""; and the texts."""
    if len(values) < _FEW:
        return _by_dictionary([str(each) for each in values])
    rows = np.asarray(values, dtype=np.str_)
    first, codes = _distinct(_mixed(rows))
    texts = rows[first]
    if not np.array_equal(
        texts[codes], rows
    ):  # two texts of one key: hardly ever, and then slowly but rightly
        return _by_dictionary(rows.tolist())
    empty = np.flatnonzero(texts == "")
    if not len(empty):
        return codes, texts
    where = int(empty[0])
    return np.where(codes == where, UNKNOWN, codes - (codes > where)), np.delete(texts, where)


def _mixed(rows: Texts) -> NDArray[np.uint64]:
    """A key of 64 bits for each text."""
    points = np.ascontiguousarray(rows).view(np.uint32).reshape(len(rows), -1)
    keys = np.zeros(len(rows), dtype=np.uint64)
    for place in range(points.shape[1]):
        keys = (keys ^ points[:, place]) * _FACTOR
        keys ^= keys >> np.uint64(29)
    return keys


def _distinct(keys: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Where each distinct key first stands in order, and which of them each key is (`np.unique` sorts more
    slowly)."""
    order = np.argsort(keys)
    is_new = np.append(True, np.diff(keys[order]) != 0)[: len(keys)]
    codes = np.empty(len(keys), dtype=np.int32)
    codes[order] = np.cumsum(is_new) - 1
    return order[is_new], codes


def _by_dictionary(values: Sequence[str]) -> tuple[Ints, Texts]:
    """In a dictionary, which is quicker for few: a desk has some dozen."""
    known = {text: place for place, text in enumerate(dict.fromkeys(filter(None, values)))}
    codes = np.array([known.get(value, UNKNOWN) for value in values], dtype=np.int64)
    return codes, np.array(list(known), dtype=np.str_)
