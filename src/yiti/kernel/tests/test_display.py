"""The written forms of screens.md section 5, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.kernel.clock import SHANGHAI
from yiti.kernel.display import (
    age_text,
    duration_text,
    full_time,
    mask_id_number,
    mask_name,
    mask_phone,
    short_time,
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("441826195903142317", "4418**********2317", id="resident id"),
        pytest.param("11010519491231002X", "1101**********002X", id="check letter stays"),
        pytest.param("E12345678", "E1*****78", id="passport"),
        pytest.param("1234", "1**4", id="four characters"),
        pytest.param("123", "***", id="too short to show any"),
        pytest.param("", "", id="empty"),
    ],
)
def test_mask_id_number(number: str, shown: str) -> None:
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("13822716620", "138****6620", id="mobile"),
        pytest.param("+86 138 2271 6620", "+86 138 **** 6620", id="country code"),
        pytest.param("0763-8662210", "076*-***2210", id="landline"),
        pytest.param("8662210", "***2210", id="local number"),
        pytest.param("120", "***", id="short number"),
        pytest.param("", "", id="empty"),
    ],
)
def test_mask_phone(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("房金养", "房*养", id="three characters"),
        pytest.param("沈桂", "沈*", id="two characters"),
        pytest.param("房买尾一", "房**一", id="four characters"),
        pytest.param("欧阳小妹", "欧**妹", id="compound surname"),
        pytest.param("唐买十三妹", "唐***妹", id="five characters"),
        pytest.param("房大财买六妹", "房****妹", id="six characters"),
        pytest.param("买买提·艾力", "买**·*力", id="joint stays"),
        pytest.param("Anna Berg", "A*** ***g", id="Latin"),
        pytest.param("𠮷野家", "𠮷*家", id="character beyond the basic plane"),
        pytest.param("沈", "沈", id="one character"),
        pytest.param("", "", id="empty"),
    ],
)
def test_mask_name(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(st.text(min_size=3, max_size=40))
def test_a_masked_name_keeps_its_length_and_its_ends(name: str) -> None:
    shown = mask_name(name)
    assert (len(shown), shown[0], shown[-1]) == (len(name), name[0], name[-1])


@pytest.mark.parametrize(
    ("birth", "on", "shown"),
    [
        pytest.param(date(2026, 11, 20), date(2026, 11, 20), "0天", id="day of birth"),
        pytest.param(date(2026, 11, 8), date(2026, 11, 20), "12天", id="newborn"),
        pytest.param(date(2026, 10, 24), date(2026, 11, 20), "27天", id="last newborn day"),
        pytest.param(date(2026, 10, 23), date(2026, 11, 20), "28天", id="28 days, month not full"),
        pytest.param(date(2026, 1, 31), date(2026, 2, 28), "28天", id="no 31 February"),
        pytest.param(date(2026, 1, 31), date(2026, 3, 1), "1月", id="first month"),
        pytest.param(date(2026, 2, 1), date(2026, 2, 28), "27天", id="short month, one day before"),
        pytest.param(date(2026, 2, 1), date(2026, 3, 1), "1月", id="short month of 28 days"),
        pytest.param(date(2026, 6, 20), date(2026, 11, 20), "5月", id="five months"),
        pytest.param(date(2025, 11, 21), date(2026, 11, 20), "11月", id="day before the first birthday"),
        pytest.param(date(2025, 11, 20), date(2026, 11, 20), "1岁", id="first birthday"),
        pytest.param(date(2023, 9, 20), date(2026, 11, 20), "3岁2月", id="small child"),
        pytest.param(date(2020, 11, 21), date(2026, 11, 20), "5岁11月", id="day before six"),
        pytest.param(date(2020, 11, 20), date(2026, 11, 20), "6岁", id="sixth birthday"),
        pytest.param(date(2019, 9, 20), date(2026, 11, 20), "7岁", id="months no longer told"),
        pytest.param(date(1959, 3, 14), date(2026, 11, 20), "67岁", id="man of the pictures"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), "11月", id="leap day, last day before"),
        pytest.param(date(2024, 2, 29), date(2025, 3, 1), "1岁", id="leap day, common year"),
        pytest.param(date(1960, 2, 29), date(2028, 2, 28), "67岁", id="leap day, day before in a leap year"),
        pytest.param(date(1960, 2, 29), date(2028, 2, 29), "68岁", id="leap day, leap year"),
        pytest.param(date(1921, 3, 1), date(2026, 11, 20), "105岁", id="over a hundred"),
    ],
)
def test_age_text(birth: date, on: date, shown: str) -> None:
    assert age_text(birth, on) == shown


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before birth"):
        age_text(date(2026, 11, 21), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0 分"),
        (26, "26 分"),
        (59, "59 分"),
        (60, "1 时"),
        (112, "1 时 52 分"),
        (125, "2 时 05 分"),
        (1439, "23 时 59 分"),
        (1440, "1 天"),
        (1499, "1 天"),
        (1440 + 180 + 59, "1 天 3 时"),
        (2880, "2 天"),
    ],
)
def test_duration_text(minutes: int, shown: str) -> None:
    assert duration_text(minutes) == shown


def test_a_length_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        duration_text(-1)


NOW = datetime(2026, 11, 20, 10, 55, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        pytest.param(datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI), "09:48", id="today"),
        pytest.param(datetime(2026, 11, 20, 23, 59, tzinfo=SHANGHAI), "23:59", id="later today"),
        pytest.param(datetime(2026, 11, 19, 23, 59, tzinfo=SHANGHAI), "11-19", id="yesterday"),
        pytest.param(datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI), "11-21", id="tomorrow"),
        pytest.param(datetime(2025, 11, 20, 10, 55, tzinfo=SHANGHAI), "2025-11-20", id="last year"),
        pytest.param(datetime(2026, 11, 19, 16, 0, tzinfo=UTC), "00:00", id="UTC, today here"),
        pytest.param(datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01", id="UTC, this year here"),
        pytest.param(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "11-21", id="UTC, tomorrow here"),
    ],
)
def test_short_time(at: datetime, shown: str) -> None:
    assert short_time(at, NOW) == shown


def test_full_time_is_the_county_s_wall_clock() -> None:
    assert full_time(datetime(2026, 11, 20, 1, 48, tzinfo=UTC)) == "2026-11-20 09:48"


@given(
    st.datetimes(datetime(1992, 1, 1), datetime(2099, 12, 31)).map(lambda d: d.replace(tzinfo=SHANGHAI)),  # noqa: DTZ001
    st.integers(0, 60 * 24 * 400),
)
def test_the_county_has_no_summer_time(at: datetime, minutes: int) -> None:
    later = (at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(SHANGHAI)
    assert later.replace(tzinfo=None) - at.replace(tzinfo=None) == timedelta(minutes=minutes)


def test_a_naive_time_is_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        short_time(naive, NOW)
    with pytest.raises(ValueError, match="naive"):
        full_time(naive)
