"""What a person types, and what is offered first."""

from __future__ import annotations

import time
from functools import cache

import pytest

from yiti.registry.terminology.domain import Index
from yiti.registry.terminology.tests.builders import a_release, the_shipped_release

QUICK_MS = 5.0


@cache
def diagnoses() -> Index:
    """The shipped diagnoses."""
    found = next(s for s in the_shipped_release().systems if s.system.code == "icd10")
    return Index(found.concepts)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gxy", "I10"),  # initials of the whole term
        ("GXY", "I10"),
        ("ｇｘｙ", "I10"),  # full width, as an input method may leave it
        ("高血压", "I10"),
        ("gaoxueya", "I10"),
        ("gao xue ya", "I10"),
        ("xueya", "R03.0"),  # pinyin at the start of the term before one inside it
        ("xjt", "I20.9"),
        ("bwdxxjt", "I20.0"),
        ("gxb", "I25.1"),  # a synonym: 冠心病
        ("冠心病", "I25.1"),
        ("tnb", "E11.9"),  # the common one of two that fit wholly
        ("2xtnb", "E11.9"),
        ("nzz", "I64"),
        ("中风", "I64"),
        ("lwy", "K35.8"),
        ("gwy", "O00.9"),
        ("zdzx", "O14.1"),
        ("ganmao", "J00"),
        ("COPD", "J44.9"),
        ("I20.0", "I20.0"),
        ("i200", "I20.0"),
        ("i20", "I20.0"),  # start of a code: the most common below it
        ("E11.5", "E11.5"),
        ("R91", "R91"),
        ("hypertension", "I10"),
        ("疝气", "K40.9"),
        ("（高血压）", "I10"),
    ],
)
def test_the_first_offer(typed: str, first: str) -> None:
    assert diagnoses().find(typed, limit=20)[0].code == first


@pytest.mark.parametrize("typed", ["zzzz", "高压锅", "Q99.9", "x" * 2000, "%", "'; DROP", "hy"])
def test_what_fits_nothing_offers_nothing_or_the_common(typed: str) -> None:
    found = diagnoses().find(typed, limit=20)
    if typed == "%":  # nothing that could be compared: as if nothing was typed
        assert found == diagnoses().find("", limit=20)
    else:
        assert all(row.code != "I10" for row in found)


def test_nothing_typed_offers_the_most_common_in_the_order_of_the_list() -> None:
    found = diagnoses().find(" ", limit=10)
    assert {row.often for row in found} == {3}
    assert [row.sort_order for row in found] == sorted(row.sort_order for row in found)


def test_better_fits_come_first_then_common_ones_then_short_ones() -> None:
    table = (
        "code,zh,en,also,often\n"
        "1,大红苹果,Big red apple,,3\n"
        "2,苹果树,Apple tree,,0\n"
        "3,苹果花,Apple blossom,,1\n"
        "4,苹果,Apple,,0\n"
        "5,林檎,Old word for apple,苹果,0\n"
        "6,苹果核儿,Apple core,,0\n"
    )
    index = Index(a_release("fruit", table).systems[0].concepts)
    assert [row.code for row in index.find("pg", limit=10)] == ["4", "5", "3", "2", "6", "1"]
    assert [row.code for row in index.find("苹果", limit=3)] == ["4", "5", "3"]
    assert [row.code for row in index.find("ping", limit=2)] == ["3", "4"]
    assert [row.code for row in index.find("appl", limit=1)] == ["1"]


def test_a_retired_code_is_not_offered() -> None:
    table = "code,zh,en,retired\n1,苹果,Apple,\n2,苹果派,Apple pie,1\n"
    index = Index(a_release("fruit", table).systems[0].concepts)
    assert [row.code for row in index.find("pg", limit=10)] == ["1"]


def test_pinyin_fits_at_the_start_of_a_syllable_only() -> None:
    table = "code,zh,en\n1,西安,Xi'an\n2,现在,Now\n3,平安,Peace\n"
    index = Index(a_release("word", table).systems[0].concepts)
    assert [row.code for row in index.find("an", limit=10)] == ["1", "3"]


def test_search_is_quick() -> None:
    """CPU time, so that a busy machine does not make it fail; all diagnoses, every kind of question."""
    typed = ["g", "gxy", "高血压", "gaoxueya", "i20", "hypertension", "zzzz"] * 10
    index = diagnoses()
    start = time.process_time()
    for text in typed:
        index.find(text, limit=20)
    assert (time.process_time() - start) / len(typed) * 1000 < QUICK_MS
