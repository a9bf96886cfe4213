"""Time as the county reads it. Only edges call `now`; every rule is handed its `at`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai (China knows one time zone and no summer time)."""
    return datetime.now(SHANGHAI)


def local(at: datetime) -> datetime:
    """`at` as wall-clock time in the county. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return at.astimezone(SHANGHAI)


def local_date(at: datetime) -> date:
    """The calendar day of `at` in the county."""
    return local(at).date()
