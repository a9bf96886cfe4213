"""How far and how long by road, estimated from coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from yiti.kernel.text import N_, Phrase

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Travel:
    """Estimated way by road: kilometres to one decimal, whole minutes, and what the figures rest on.

    Both are None when a coordinate is unknown, never 0.
    """

    km: float | None
    minutes: int | None
    basis: str


UNKNOWN_TRAVEL = Travel(None, None, Phrase(N_("坐标未知")))


def great_circle_km(one: Place, other: Place) -> float:
    """Distance on the sphere in kilometres between (latitude, longitude) in degrees (haversine)."""
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


@dataclass(frozen=True, slots=True)
class Roads:
    """What the rules say about roads: way over straight line; the first `local_km` of a way are driven at
    `local_kmh`, what is beyond at `trunk_kmh`."""

    factor: float
    local_km: float
    local_kmh: float
    trunk_kmh: float


def compute_travel(start: Place | None, end: Place | None, roads: Roads) -> Travel:
    """Straight line x road factor; minutes rounded up."""
    if start is None or end is None:
        return UNKNOWN_TRAVEL
    km = great_circle_km(start, end) * roads.factor
    near = min(km, roads.local_km)
    hours = near / roads.local_kmh + (km - near) / roads.trunk_kmh
    return Travel(
        km=round(km, 1),
        minutes=math.ceil(hours * 60),
        basis=Phrase(
            N_("直线距离 × {factor}，{km} km 内时速 {near}，以外 {far}"),
            factor=f"{roads.factor:g}",
            km=f"{roads.local_km:g}",
            near=f"{roads.local_kmh:g}",
            far=f"{roads.trunk_kmh:g}",
        ),
    )
