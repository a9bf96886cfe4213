"""Linking a whole index: columns, keys, levels and clusters, each with a case that must not pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from yiti.registry.residents.domain.linking.blocking import LARGEST_BLOCK, candidates
from yiti.registry.residents.domain.linking.clusters import clusters
from yiti.registry.residents.domain.linking.columns import coded, column, derived, many_column
from yiti.registry.residents.domain.linking.comparing import Coarser, Comparison, Exact, Spelled, Year
from yiti.registry.residents.domain.linking.model import Model, Weights, compare, score


def levels_of(comparison: Comparison, **values: Sequence[str]) -> str:
    """The level of the only two people, "" where nothing is known."""
    people = {name: column(each) for name, each in values.items()}
    level = int(comparison.compare(people, np.array([0]), np.array([1])).levels[0])
    return comparison.levels[level] if level >= 0 else ""


@pytest.mark.parametrize("size", [3, 6_000])
def test_texts_become_codes_and_back(size: int) -> None:
    """Few go through a dictionary, many through keys of 64 bits; unknown has no code either way."""
    values = [("房金养", "", "唐桂花", "房金养a")[n % 4] for n in range(size)]
    codes, texts = coded(values)
    assert [str(texts[code]) if code >= 0 else "" for code in codes] == values
    assert len(texts) == len({*values} - {""})


def test_a_person_may_have_several_numbers_and_shares_any_of_them() -> None:
    people = {"number": many_column([("a", "b"), (), ("c", "b"), ("c",)])}
    one, other = candidates(people, [("number",)])
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 2), (2, 3)]
    found = Exact("number").compare(people, np.array([0, 0, 0]), np.array([1, 2, 3]))
    assert found.levels.tolist() == [-1, 0, 1]
    assert found.people.tolist() == [0, 2, 0], "the number is two people's"


def test_a_key_of_too_many_tells_nobody() -> None:
    for size, pairs in ((LARGEST_BLOCK, LARGEST_BLOCK * (LARGEST_BLOCK - 1) // 2), (LARGEST_BLOCK + 1, 0)):
        people = {"birth": column(["19590101"] * size)}
        assert len(candidates(people, [("birth",)])[0]) == pairs


def test_a_pair_of_several_keys_is_one_pair_and_unknown_is_no_key() -> None:
    people = {"name": column(["x", "x", "", ""]), "phone": column(["1", "1", "", ""])}
    one, other = candidates(people, [("name",), ("phone",), ("name", "phone")])
    assert (one.tolist(), other.tolist()) == ([0], [1])


def test_what_follows_from_a_value() -> None:
    names = column(["房金养", "", "唐桂花"])
    family = derived(names, names.texts.astype("U1"))
    assert [family.texts[code] if code >= 0 else "" for code in family.first] == ["房", "", "唐"]


@pytest.mark.parametrize(
    ("number", "tail", "level"),
    [
        pytest.param(("a", "a"), ("2317", "2317"), "same", id="the same"),
        pytest.param(("a", "b"), ("2317", "2317"), "slip", id="the last four"),
        pytest.param(("a", "b"), ("2317", "2371"), "slip", id="two swapped"),
        pytest.param(("a", "b"), ("2317", "2318"), "slip", id="one wrong"),
        pytest.param(("a", "b"), ("2317", "2471"), "other", id="another"),
        pytest.param(("a", ""), ("2317", ""), "", id="one has none"),
        pytest.param(("a", "W0001"), ("2317", ""), "", id="a number of the county says nothing"),
    ],
)
def test_numbers(number: Sequence[str], tail: Sequence[str], level: str) -> None:
    comparison = Coarser("number", "tail", ("same", "slip", "other"), may_slip=True)
    assert levels_of(comparison, number=number, tail=tail) == level


@pytest.mark.parametrize(
    ("days", "years", "level"),
    [
        (("", "19590314"), ("1960", "1959"), "near"),
        (("", "19590314"), ("1962", "1959"), "other"),
        (("19590314", "19590314"), ("1959", "1959"), ""),
        (("", ""), ("1959", ""), ""),
    ],
)
def test_years_count_where_a_day_is_missing(days: Sequence[str], years: Sequence[str], level: str) -> None:
    assert levels_of(Year("year", "day"), day=days, year=years) == level


@pytest.mark.parametrize(
    ("names", "level"),
    [
        (("smith", "smith"), "same"),
        (("smith", "smitj"), "alike"),
        (("smith", "smxth"), "somewhat"),
        (("smith", "jones"), "other"),
        (("smith", ""), ""),
    ],
)
def test_words_of_an_alphabet(names: Sequence[str], level: str) -> None:
    assert levels_of(Spelled("name"), name=names) == level


def test_what_a_number_implies_is_not_counted_again() -> None:
    people = {"number": column(["a", "a", "b"]), "sex": column(["1", "1", "1"])}
    comparisons = (Exact("number"), Exact("sex", implied_by="number"))
    found = compare(comparisons, people, np.array([0, 0]), np.array([1, 2]))
    assert found["sex"].levels.tolist() == [-1, 0]
    assert found["sex"].people.tolist() == [0, 3]


def test_a_shared_value_says_less_the_more_people_have_it() -> None:
    weights = {"name": Weights((0.9, 0.1), (0.001, 0.999))}
    model = Model(weights, 0.001, 1_000)
    people = {"name": column(["rare", "rare", *["common"] * 500])}
    found = score(model, compare([Exact("name")], people, np.array([0, 2]), np.array([1, 3])))
    assert found[0] > found[1] > 0
    # by hand: odds 0.001/0.999, times 0.9 over (1 other + 10,000 at large * 0.001) / 11,000
    odds = 0.001 / 0.999 * 0.9 / ((1 + 10) / 11_000)
    assert found[0] == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize(
    ("pairs", "labels"),
    [
        ([], [0, 1, 2, 3, 4, 5]),
        ([(0, 1), (1, 2), (4, 5)], [0, 0, 0, 3, 4, 4]),
        ([(4, 5), (3, 4), (2, 3), (1, 2), (0, 1)], [0] * 6),
    ],
)
def test_clusters_follow_chains(pairs: list[tuple[int, int]], labels: list[int]) -> None:
    one, other = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert clusters(6, one, other).tolist() == labels
