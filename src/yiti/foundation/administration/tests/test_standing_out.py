"""The pages of what stands out: their thresholds are whole, and the days they are asked for."""

from __future__ import annotations

from datetime import date

import pytest

from yiti.foundation.administration.domain import as_id, stretch
from yiti.foundation.administration.selectors import thresholds
from yiti.foundation.audit.public import Measure
from yiti.kernel.ids import new_id

TODAY = date(2026, 11, 20)


def test_the_rulebook_has_a_threshold_for_every_measure() -> None:
    assert {each.measure for each in thresholds(TODAY)} == set(Measure)
    assert all(each.floor > 0 for each in thresholds(TODAY))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "", ("2026-11-14", "2026-11-20")),
        ("2026-11-01", "", ("2026-11-01", "2026-11-20")),
        ("", "2026-11-10", ("2026-11-04", "2026-11-10")),
        ("2020-01-01", "2027-01-01", ("2026-10-20", "2026-11-20")),
        ("2026-11-12", "2026-11-10", ("2026-11-10", "2026-11-10")),
        ("gestern", "9999-12-31", ("2026-11-14", "2026-11-20")),
    ],
)
def test_a_stretch_of_days_has_an_end(first: str, last: str, days: tuple[str, str]) -> None:
    found = stretch(first, last, today=TODAY, usual=7)
    assert tuple(f"{day}" for day in found) == days


def test_what_is_no_id_is_none() -> None:
    id_ = new_id()
    assert [as_id(text) for text in ("", "x", str(id_))] == [None, None, id_]
