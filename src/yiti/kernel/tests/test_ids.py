"""UUID version 7 as RFC 9562 lays it out."""

from __future__ import annotations

import time
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.ids import id_at, new_id

milliseconds = st.integers(0, 2**48 - 1)
randoms = st.integers(0, 2**74 - 1)


@given(milliseconds, randoms)
def test_version_and_variant_are_those_of_the_standard(moment: int, random_bits: int) -> None:
    made = id_at(moment, random_bits)
    assert (made.version, made.variant) == (7, RFC_4122)


@given(milliseconds, randoms)
def test_time_and_randomness_are_kept_whole(moment: int, random_bits: int) -> None:
    bits = id_at(moment, random_bits).int
    assert bits >> 80 == moment
    assert ((bits >> 64) & 0xFFF) << 62 | bits & (2**62 - 1) == random_bits


@given(milliseconds, milliseconds, randoms, randoms)
def test_ids_stand_in_the_order_of_their_moments(one: int, two: int, first: int, second: int) -> None:
    if one != two:
        assert (id_at(one, first) < id_at(two, second)) == (one < two)


def test_the_worked_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC."""
    random_bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert str(id_at(0x017F22E279B0, random_bits)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize("surplus", [2**74, 2**77, 2**78, 2**128])
def test_surplus_random_bits_touch_neither_version_nor_time(surplus: int) -> None:
    assert id_at(1, surplus) == id_at(1, 0)


@pytest.mark.parametrize("moment", [-1, 2**48])
def test_a_moment_that_does_not_fit_is_refused(moment: int) -> None:
    with pytest.raises(ValueError, match="128-bit"):
        id_at(moment, 0)


def test_new_ids_carry_the_present_and_never_meet() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(10_000)]
    after = time.time_ns() // 1_000_000
    assert len(set(made)) == len(made)
    assert all(before <= each.int >> 80 <= after for each in made)


def test_ids_made_one_after_the_other_are_in_order() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
