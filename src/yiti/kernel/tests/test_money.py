"""Fen: written for people, split without losing one."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.money import format_fen, split_fen


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "¥0.00"),
        (5, "¥0.05"),
        (100, "¥1.00"),
        (347_500, "¥3,475.00"),
        (123_456_789, "¥1,234,567.89"),
        (-5, "-¥0.05"),
        (-347_550, "-¥3,475.50"),
    ],
)
def test_format_fen(fen: int, shown: str) -> None:
    assert format_fen(fen) == shown


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        pytest.param(100, [1, 1, 1], [34, 33, 33], id="equal remainders: the first takes the fen"),
        pytest.param(1, [1, 1], [1, 0], id="one fen for two"),
        pytest.param(100, [3, 3, 1], [43, 43, 14], id="remainders 6, 6, 2 of 7"),
        pytest.param(100, [1, 0, 1], [50, 0, 50], id="nothing for a weight of nothing"),
        pytest.param(0, [2, 1], [0, 0], id="nothing to split"),
        pytest.param(347_500, [75, 25], [260_625, 86_875], id="shares of a bill"),
        pytest.param(99, [7], [99], id="one part"),
    ],
)
def test_split_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert split_fen(total, weights) == parts


amounts = st.integers(0, 10**12)
some_weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(amounts, some_weights)
def test_parts_add_up_and_each_is_within_one_fen_of_its_share(total: int, weights: list[int]) -> None:
    parts = split_fen(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(amounts, some_weights)
def test_a_greater_weight_never_gets_less(total: int, weights: list[int]) -> None:
    by_weight = sorted(zip(weights, split_fen(total, weights), strict=True))
    for (lighter, less), (heavier, more) in pairwise(by_weight):
        assert lighter == heavier or less <= more


@pytest.mark.parametrize(
    ("total", "weights"),
    [
        pytest.param(-1, [1], id="negative total"),
        pytest.param(1, [], id="no weights"),
        pytest.param(1, [0, 0], id="weights of nothing"),
        pytest.param(1, [2, -1], id="negative weight"),
    ],
)
def test_what_cannot_be_split_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing to split by"):
        split_fen(total, weights)
