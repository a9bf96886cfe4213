"""P4: one new person against an index of a million, on one connection, deciding as the nightly run
decides."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks import measuring, splink_county
from benchmarks.county import County, county
from benchmarks.served import Index, Written, newcomers, served

PEOPLE, REPEATS, NEW = 700_000, 300_500, 500
WARM_UP = 100


def run() -> Mapping[str, Any]:
    """Measure; raises AssertionError when desk and night decide differently about a pair."""
    whole = county(PEOPLE, REPEATS)
    known, again = _rows_of(whole, slice(None, -NEW)), _rows_of(whole, slice(-NEW, None))
    new = [*newcomers(again), *newcomers(county(NEW, 0, seed=8))]
    with served() as index:
        load, night = _seconds(lambda: index.fill(known)), _seconds(index.learn)
        print(f"  {len(index.ids):,} loaded in {load:.0f} s, gone through in {night:.0f} s")
        compared = _ensure_same_decisions(index, new)
        found = _found_again(index, whole, again)
        print(f"  {compared} pairs decided alike, {found} of {NEW} known ones found")
        return {
            "work": {"index": len(index.ids), "new": len(new), "seed": 7},
            "surroundings": measuring.surroundings("django", "psycopg", "splink", "duckdb"),
            "load_s": load,
            "night_s": night,
            "pairs_decided_alike": compared,
            "check": {**_times(new, _weigh), "found": found},
            "page": _times(new, _matches),
            "splink": _beside_splink(),
        }


def _rows_of(whole: County, rows: slice) -> County:
    return County(**{each.name: getattr(whole, each.name)[rows] for each in fields(County)})


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _times(new: list[Written], work: Callable[[Written], object]) -> Mapping[str, float]:
    """Milliseconds of each, on the one connection, after a warm-up."""
    for each in new[:WARM_UP]:
        work(each)
    load = os.getloadavg()[0]
    return _cuts([_seconds(partial(work, each)) * 1000 for each in new], load)


def _cuts(taken: list[float], load: float) -> Mapping[str, float]:
    cuts = statistics.quantiles(taken, n=100)
    per_second = 1000 * len(taken) / sum(taken)
    found = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "per_second": per_second}
    print("  " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))
    return {**found, "load": load}


def _beside_splink() -> Mapping[str, float]:
    """The known ones of the new people, by splink on the same index, in a process of its own."""
    one = measuring.take_apart(partial(splink_county.at_the_desk, PEOPLE, REPEATS, NEW))
    return {**_cuts(one.found["taken_ms"], one.load), "found": one.found["found"]}


def _found_again(index: Index, whole: County, again: County) -> int:
    """How many of the records that are in the index once more are shown the person they are."""
    place_of = {id_: place for place, id_ in enumerate(index.ids)}
    return sum(
        any(whole.person[place_of[id_]] == person for id_ in _weigh(each))
        for each, person in zip(newcomers(again), whole.person[-NEW:], strict=True)
    )


def _facts(each: Written) -> Any:
    from yiti.registry.residents.domain import MatchFacts  # noqa: PLC0415 - Django is set up by now

    return MatchFacts.of_keys(each.search_keys(), birth_year=each.year, sex=each.sex, village_id=each.village)


def _weigh(each: Written) -> Mapping[Any, Any]:
    """Candidates, probability and decision in a transaction of their own, as the page has one."""
    from django.db import transaction  # noqa: PLC0415

    from yiti.registry.residents.selectors.matching import weighed  # noqa: PLC0415

    with transaction.atomic():
        return weighed(_facts(each), besides=_nobody(), least=_least())


def _matches(each: Written) -> object:
    """The whole answer of the registration page: also who registered the same a moment ago, cards,
    records."""
    from yiti.kernel.actor import Actor  # noqa: PLC0415
    from yiti.kernel.clock import now  # noqa: PLC0415
    from yiti.registry.residents.selectors import matches  # noqa: PLC0415

    actor = Actor(_nobody(), "desk", permissions=frozenset({"residents.write"}))
    return matches(actor, _spec(each), at=now())


def _spec(each: Written) -> Any:
    from yiti.kernel.ids import new_id  # noqa: PLC0415
    from yiti.registry.residents import public as residents  # noqa: PLC0415

    birth = residents.Birth(each.birth, residents.BirthPrecision.DAY)
    profile = residents.Profile(each.name, each.sex, birth, phone=each.phone)
    papers = (residents.IdentifierSpec(new_id(), "01", each.number),) if each.number else ()
    return residents.PersonSpec(new_id(), profile, village_id=each.village, identifiers=papers)


def _nobody() -> Any:
    from yiti.kernel.ids import new_id  # noqa: PLC0415

    return new_id()


def _least() -> int:
    from yiti.kernel.clock import local_date, now  # noqa: PLC0415
    from yiti.registry.residents.selectors import match_policy  # noqa: PLC0415

    return match_policy(local_date(now())).show_from


def _ensure_same_decisions(index: Index, new: list[Written]) -> int:
    """Every new person once at the desk and once as the night would: the same people with the same score.

    Gives how many pairs both show. The night compares the new ones with the index, not with each other.
    """
    at_desk = {
        (number, id_): score.score for number, each in enumerate(new) for id_, score in _weigh(each).items()
    }
    by_night = _by_night(index, new)
    assert at_desk, "nobody was found: there is nothing to compare"
    different = {pair for pair in at_desk.keys() | by_night if at_desk.get(pair) != by_night.get(pair)}
    assert not different, f"{len(different)} pairs are decided differently, such as {next(iter(different))}"
    return len(at_desk)


def _by_night(index: Index, new: list[Written]) -> dict[tuple[int, Any], int]:
    from yiti.registry.residents.domain.linking.blocking import candidates  # noqa: PLC0415
    from yiti.registry.residents.domain.linking.model import compare, score  # noqa: PLC0415
    from yiti.registry.residents.domain.linking.people import BLOCKS, COMPARISONS  # noqa: PLC0415
    from yiti.registry.residents.domain.matching import agreements, points  # noqa: PLC0415
    from yiti.registry.residents.selectors.linking import learned, whole_index  # noqa: PLC0415

    ids, known = whole_index()
    people = {name: _counted(each, len(ids)) for name, each in _together(known, new).columns().items()}
    one, other = candidates(people, BLOCKS)
    across = (one < len(ids)) & (other >= len(ids))
    one, other = one[across], other[across]
    compared = compare(COMPARISONS, people, one, other)
    levels = np.stack([compared[each.name].levels for each in COMPARISONS], axis=1).tolist()
    probable = score(learned()[0], compared).tolist()
    rows = zip(one.tolist(), other.tolist(), probable, map(agreements, levels), strict=True)
    found = {(j - len(ids), ids[i]): points(each, told) for i, j, each, told in rows}
    return {pair: each for pair, each in found.items() if each >= _least()}


def _together(known: Any, new: Iterable[Written]) -> Any:
    """The index and the new people in one table."""
    from yiti.registry.residents.domain.matching import written  # noqa: PLC0415

    added = written([_facts(each) for each in new])
    columns = {each.name: [*getattr(known, each.name), *getattr(added, each.name)] for each in fields(known)}
    return replace(known, **columns)


def _counted(column: Any, size: int) -> Any:
    """With the counts of the index, and one new person among them."""
    known = column.codes[:size]
    counts = np.bincount(known[known >= 0], minlength=len(column.texts)) + 1
    return replace(column, people=counts.astype(np.float64))
