"""The working-hours clock, against a calendar of November 2026 and against itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.clock import SHANGHAI
from yiti.kernel.workhours import (
    Calendar,
    Clock,
    Limit,
    add_working_minutes,
    deadline,
    working_minutes_between,
)

PLAIN = Calendar()
# National Day 2026 with invented make-up days around it.
NATIONAL_DAY = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working_weekends=frozenset({date(2026, 10, 10)}),
)


def at(day: str, clock: str = "00:00") -> datetime:
    """`at("11-20", "09:48")` of 2026 in the county; 20 November 2026 is a Friday."""
    return datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        pytest.param(at("11-20", "09:48"), 30, at("11-20", "10:18"), id="within the morning"),
        pytest.param(at("11-20", "11:30"), 30, at("11-20", "12:00"), id="ends at the noon close"),
        pytest.param(at("11-20", "11:30"), 31, at("11-20", "14:31"), id="over noon"),
        pytest.param(at("11-20", "13:00"), 10, at("11-20", "14:40"), id="begun in the noon break"),
        pytest.param(at("11-20", "12:00"), 0, at("11-20", "12:00"), id="nothing, at the close"),
        pytest.param(at("11-20", "13:00"), 0, at("11-20", "14:30"), id="nothing, in the break"),
        pytest.param(at("11-20", "05:00"), 60, at("11-20", "09:00"), id="before opening"),
        pytest.param(at("11-20", "16:30"), 60, at("11-20", "17:30"), id="ends at the evening close"),
        pytest.param(at("11-20", "17:00"), 240, at("11-23", "11:30"), id="over the weekend"),
        pytest.param(at("11-21", "10:00"), 60, at("11-23", "09:00"), id="begun on Saturday"),
        pytest.param(at("11-16", "08:00"), 5 * 420, at("11-20", "17:30"), id="a whole week"),
        pytest.param(datetime(2026, 11, 20, 1, 48, tzinfo=UTC), 30, at("11-20", "10:18"), id="UTC"),
    ],
)
def test_adding_on_ordinary_days(start: datetime, minutes: int, end: datetime) -> None:
    assert add_working_minutes(start, minutes, PLAIN) == end


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        pytest.param(at("09-30", "17:00"), 60, at("10-08", "08:30"), id="over the holidays"),
        pytest.param(at("10-03", "10:00"), 60, at("10-08", "09:00"), id="begun in the holidays"),
        pytest.param(at("10-09", "17:00"), 60, at("10-10", "08:30"), id="into the made-up Saturday"),
        pytest.param(at("10-10", "17:00"), 60, at("10-12", "08:30"), id="Sunday stays closed"),
    ],
)
def test_adding_around_holidays(start: datetime, minutes: int, end: datetime) -> None:
    assert add_working_minutes(start, minutes, NATIONAL_DAY) == end


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        pytest.param(at("11-20", "09:48"), at("11-20", "10:18"), 30, id="within the morning"),
        pytest.param(at("11-20", "09:48"), at("11-20", "09:48"), 0, id="no time at all"),
        pytest.param(at("11-20", "11:30"), at("11-20", "15:00"), 60, id="over noon"),
        pytest.param(at("11-20", "12:30"), at("11-20", "14:00"), 0, id="inside the break"),
        pytest.param(at("11-20", "17:00"), at("11-23", "08:30"), 60, id="over the weekend"),
        pytest.param(at("11-16"), at("11-23"), 5 * 420, id="a whole week"),
        pytest.param(
            at("11-20", "09:00"), at("11-20", "09:00") + timedelta(seconds=119), 1, id="seconds are cut off"
        ),
    ],
)
def test_working_minutes_between(start: datetime, end: datetime, minutes: int) -> None:
    assert working_minutes_between(start, end, PLAIN) == minutes


def test_a_limit_runs_on_its_own_clock() -> None:
    friday = at("11-20", "17:00")
    assert deadline(friday, Limit(240, Clock.ROUND), PLAIN) == at("11-20", "21:00")
    assert deadline(friday, Limit(240, Clock.WORKING), PLAIN) == at("11-23", "11:30")


def test_the_hours_are_a_parameter() -> None:
    early = Calendar(hours=((time(7, 30), time(11)),))
    assert add_working_minutes(at("11-20", "10:30"), 60, early) == at("11-23", "08:00")
    assert (early.minutes_per_day, PLAIN.minutes_per_day) == (210, 420)


def test_a_holiday_wins_over_a_made_up_day() -> None:
    day = date(2026, 11, 21)
    assert not Calendar(holidays=frozenset({day}), working_weekends=frozenset({day})).is_working_day(day)


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param((), id="none"),
        pytest.param(((time(12), time(8)),), id="reversed"),
        pytest.param(((time(8), time(8)),), id="empty span"),
        pytest.param(((time(14), time(17)), (time(8), time(12))), id="out of order"),
        pytest.param(((time(8), time(12)), (time(12), time(17))), id="touching"),
        pytest.param(((time(8), time(13)), (time(12), time(17))), id="overlapping"),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Calendar(hours=hours)


def test_what_cannot_be_counted_is_refused() -> None:
    never_open = Calendar(weekend=frozenset(range(7)))
    with pytest.raises(ValueError, match="closed for more than"):
        add_working_minutes(at("11-20"), 1, never_open)
    with pytest.raises(ValueError, match="closed for more than"):
        working_minutes_between(at("11-19"), at("11-20"), never_open)
    with pytest.raises(ValueError, match="negative"):
        add_working_minutes(at("11-20"), -1, PLAIN)
    with pytest.raises(ValueError, match="before"):
        working_minutes_between(at("11-20"), at("11-19"), PLAIN)
    with pytest.raises(ValueError, match="naive"):
        add_working_minutes(at("11-20").replace(tzinfo=None), 1, PLAIN)
    with pytest.raises(ValueError, match="at least one"):
        Limit(0, Clock.ROUND)


moments = st.datetimes(datetime(2026, 8, 1), datetime(2027, 1, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
spans = st.integers(0, 20 * 420)


@given(moments, spans, spans)
def test_adding_is_additive(start: datetime, first: int, second: int) -> None:
    halfway = add_working_minutes(start, first, NATIONAL_DAY)
    assert add_working_minutes(halfway, second, NATIONAL_DAY) == add_working_minutes(
        start, first + second, NATIONAL_DAY
    )


@given(moments, spans)
def test_a_deadline_is_never_inside_closed_time(start: datetime, minutes: int) -> None:
    end = add_working_minutes(start, minutes, NATIONAL_DAY)
    assert end >= start
    assert NATIONAL_DAY.is_working_day(end.date())
    assert any(opens <= end.time() <= closes for opens, closes in NATIONAL_DAY.hours)


@given(moments, spans)
def test_counting_undoes_adding(start: datetime, minutes: int) -> None:
    assert (
        working_minutes_between(start, add_working_minutes(start, minutes, NATIONAL_DAY), NATIONAL_DAY)
        == minutes
    )


@given(moments, moments, moments)
def test_counting_is_additive(one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    whole = working_minutes_between(first, third, NATIONAL_DAY)
    parts = (
        working_minutes_between(first, second, NATIONAL_DAY),
        working_minutes_between(second, third, NATIONAL_DAY),
    )
    assert sum(parts) == whole


@given(moments, moments)
def test_counting_agrees_with_a_walk_minute_by_minute(one: datetime, two: datetime) -> None:
    start = min(one, two)
    end = min(max(one, two), start + timedelta(days=4))
    minutes = (end - start) // timedelta(minutes=1)
    walked = sum(
        NATIONAL_DAY.is_working_day(moment.date())
        and any(opens <= moment.time() < closes for opens, closes in NATIONAL_DAY.hours)
        for moment in (start + timedelta(minutes=n) for n in range(minutes))
    )
    assert working_minutes_between(start, end, NATIONAL_DAY) == walked
