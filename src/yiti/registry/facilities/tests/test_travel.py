"""Distances against figures worked out elsewhere; unknown places stay unknown."""

from __future__ import annotations

from typing import Any

import pytest

from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import UNKNOWN_TRAVEL, Roads, compute_travel, great_circle_km
from yiti.registry.facilities.tests.builders import NOON, an_institution

GUANGZHOU, BEIJING = (23.1291, 113.2644), (39.9042, 116.4074)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        pytest.param((0.0, 0.0), (0.0, 1.0), 111.195, id="one degree on the equator"),
        pytest.param((0.0, 0.0), (1.0, 0.0), 111.195, id="one degree north"),
        pytest.param((60.0, 0.0), (60.0, 1.0), 55.6, id="half as far at 60 degrees"),
        pytest.param(GUANGZHOU, BEIJING, 1889.0, id="Guangzhou to Beijing"),
        pytest.param((0.0, 179.5), (0.0, -179.5), 111.195, id="over the date line"),
    ],
)
def test_great_circle(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert great_circle_km(one, other) == pytest.approx(km, rel=0.002)


ROADS = Roads(factor=1.5, local_km=10.0, local_kmh=40.0, trunk_kmh=80.0)


@pytest.mark.parametrize(
    ("degrees", "km", "minutes"),
    [
        pytest.param(0.0, 0.0, 0, id="here"),
        pytest.param(0.01, 1.7, 3, id="rounded up"),  # 1.67 km by road, 2.50 minutes
        pytest.param(0.1, 16.7, 21, id="beyond the local roads"),  # 10 km in 15 and 6.68 km in 5.01 minutes
    ],
)
def test_the_way_by_road(degrees: float, km: float, minutes: int) -> None:
    found = compute_travel((0.0, 0.0), (0.0, degrees), ROADS)
    assert (found.km, found.minutes) == (km, minutes)
    assert found.basis == "直线距离 × 1.5，10 km 内时速 40，以外 80"


@pytest.mark.parametrize(
    ("start", "end"), [(None, (0.0, 0.0)), ((0.0, 0.0), None)], ids=["no start", "no end"]
)
def test_an_unknown_place_gives_no_figures(
    start: tuple[float, float] | None, end: tuple[float, float] | None
) -> None:
    assert compute_travel(start, end, ROADS) == UNKNOWN_TRAVEL


@pytest.mark.django_db
def test_travels_need_one_query(django_assert_num_queries: Any) -> None:
    here, there = (
        an_institution(latitude=24.6, longitude=112.2),
        an_institution(latitude=24.7, longitude=112.3),
    )
    nowhere = an_institution(latitude=None, longitude=None)
    with django_assert_num_queries(1):
        found = facilities.travels(here.id, [here.id, there.id, nowhere.id], NOON.date())
    assert (found[here.id].km, found[here.id].minutes) == (0.0, 0)
    assert (found[there.id].km or 0) > great_circle_km((24.6, 112.2), (24.7, 112.3))
    assert found[nowhere.id] == UNKNOWN_TRAVEL
