"""What the lists of the administrators can be asked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from yiti.kernel.clock import SHANGHAI
from yiti.kernel.text import N_


class TrailSort(StrEnum):
    """The trail is read newest first; there is no other order worth having."""

    AT = "at"


OUTCOMES = {"done": N_("已做"), "refused": N_("已拒绝"), "failed": N_("出错")}
PURPOSES = {
    "care": N_("诊疗"),
    "management": N_("管理"),
    "audit": N_("审计"),
    "emergency": N_("紧急调阅"),
    "system": N_("系统"),
    "self": N_("本人查阅"),
}


class RefusedSort(StrEnum):
    """Orders of the refusals by user and day."""

    DAY = "day"
    COUNT = "count"
    USER = "user"


LONGEST_STRETCH = timedelta(days=31)  # of days that can be asked for at once
_YEARS = range(1900, 3000)


def beginning(day: str, *, after: int = 0) -> datetime | None:
    """The beginning of a day as a form sends it, or of one `after` days later; None for no day."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return datetime.combine(found + timedelta(days=after), time(), SHANGHAI)


def as_id(text: str) -> UUID | None:
    """An id as an address carries it; None for none and for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def stretch(first: str, last: str, *, today: date, usual: int) -> tuple[date, date]:
    """The days from `first` to `last` as a form sends them, no more than 31 and none to come; what is left
    out or no day: the `usual` number of days up to today."""
    end = min(_day(last) or today, today)
    begin = _day(first) or end - timedelta(days=usual - 1)
    return min(max(begin, end - LONGEST_STRETCH), end), end


def _day(text: str) -> date | None:
    found = beginning(text)
    return found.date() if found else None
