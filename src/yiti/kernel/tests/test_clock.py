"""The county's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from yiti.kernel.clock import SHANGHAI, local, local_date, now


def test_now_is_the_present_in_the_county() -> None:
    present = now()
    assert present.utcoffset() == timedelta(hours=8)
    assert abs(present - datetime.now(UTC)) < timedelta(seconds=5)  # noqa: TID251 - another clock to compare with


@pytest.mark.parametrize(
    ("at", "wall_clock", "day"),
    [
        (datetime(2026, 11, 19, 16, 0, tzinfo=UTC), "00:00", date(2026, 11, 20)),
        (datetime(2026, 11, 19, 15, 59, tzinfo=UTC), "23:59", date(2026, 11, 19)),
        (datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=9))), "08:00", date(2026, 11, 20)),
        (datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI), "09:48", date(2026, 11, 20)),
    ],
)
def test_any_aware_moment_has_its_hour_and_day_in_the_county(
    at: datetime, wall_clock: str, day: date
) -> None:
    assert f"{local(at):%H:%M}" == wall_clock
    assert local_date(at) == day
    assert local(at) == at


@pytest.mark.parametrize("ask", [local, local_date])
def test_a_naive_moment_is_refused(ask: object) -> None:
    naive = datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI).replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        ask(naive)  # type: ignore[operator]
