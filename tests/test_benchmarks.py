"""The measurements: a page made from results, a county that is as it says, gates that can fail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import accuracy, duplicates, page, profile_sending
from benchmarks.county import County, county
from benchmarks.measuring import RESULTS
from yiti.registry.residents.domain.linking.people import Linked, link

PEOPLE, REPEATS = 14_000, 6_000


@pytest.fixture(scope="module")
def known() -> County:
    """A small county."""
    return county(PEOPLE, REPEATS)


@pytest.fixture(scope="module")
def linked(known: County) -> Linked:
    """All likely pairs of it."""
    return link(duplicates.columns_of(known))


def test_the_page_says_what_was_measured() -> None:
    assert page.PATH.read_text(encoding="utf-8") == page.text(), "run `python -m benchmarks --write-docs`"


def test_a_figure_changed_by_hand_is_seen(tmp_path: Path) -> None:
    for file in RESULTS.glob("*.json"):
        result = json.loads(file.read_text(encoding="utf-8"))
        planted = {**result, "ratio": 99.0, "night_s": 1234.0}
        (tmp_path / file.name).write_text(json.dumps(planted), encoding="utf-8")
    assert page.text(tmp_path) != page.text()


@pytest.mark.parametrize(
    ("column", "share"),
    [
        pytest.param("number", 1 - 0.65 * 0.98, id="no number"),
        pytest.param("phone", 0.40, id="no phone"),
    ],
)
def test_as_much_is_missing_in_repeats_as_is_said(known: County, column: str, share: float) -> None:
    assert (getattr(known, column)[PEOPLE:] == "").mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(("column", "share"), [("birth", 0.045), ("given", 0.06)])
def test_as_much_is_wrong_in_repeats_as_is_said(known: County, column: str, share: float) -> None:
    values, first = getattr(known, column), known.person[PEOPLE:]
    assert (values[PEOPLE:] != values[first]).mean() == pytest.approx(share, abs=0.015)


def test_the_same_seed_is_the_same_county(known: County) -> None:
    assert (county(PEOPLE, REPEATS).number == known.number).all()
    assert (county(PEOPLE, REPEATS, seed=8).number != known.number).any()


def test_nearly_everybody_is_found_and_nearly_nobody_else(known: County, linked: Linked) -> None:
    same = known.person[linked.one] == known.person[linked.other]
    assert accuracy.of_pairs(linked.probability, same, known.pairs())["0.5"] > duplicates.LEAST_F1
    assert accuracy.of_clusters(linked.clusters(len(known.person), 0.5), known.person) > duplicates.LEAST_F1


def test_a_wrong_answer_is_seen(known: County, linked: Linked) -> None:
    """The gate, with the truth of another county put in its place."""
    person = np.random.default_rng(1).permutation(known.person)
    same = person[linked.one] == person[linked.other]
    assert accuracy.of_pairs(linked.probability, same, known.pairs())["0.5"] < 0.01
    assert accuracy.of_clusters(linked.clusters(len(person), 0.5), person) < 0.01


def test_the_errors_of_the_county_are_learned_without_being_told(linked: Linked) -> None:
    birth = linked.model.weights["birth"].agree
    assert birth[1] + birth[2] == pytest.approx(0.07, abs=0.02), "a slip on either side of a pair"
    assert linked.model.weights["sex"].chance[0] == pytest.approx(0.5, abs=0.05)
    pairs = linked.model.prior * (PEOPLE + REPEATS) ** 2 / 2
    assert pairs == pytest.approx(float((linked.probability > 0.5).sum()), rel=0.05)


def test_a_profile_is_told_by_what_runs_and_by_what_for() -> None:
    stats = {
        ("site-packages/psycopg/connection.py", 1, "wait"): (1, 1, 2.0, 2.0, {}),
        ("site-packages/django/db/models/query.py", 1, "filter"): (1, 1, 5.0, 7.0, {}),
        ("yiti/spine/handoffs/commands/opening.py", 9, "_next_number"): (1, 1, 1.0, 4.0, {}),
        ("~", 0, "<built-in method builtins.len>"): (1, 1, 2.0, 2.0, {}),
    }
    found = profile_sending.shares(stats)
    assert found["layers"] == {
        "Django": 0.5,
        "waiting for PostgreSQL": 0.2,
        "what Python itself does for all of them": 0.2,
        "Yiti's own lines": 0.1,
    }
    assert found["parts"] == {"its number": 0.4}
