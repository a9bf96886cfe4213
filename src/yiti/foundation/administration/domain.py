"""What the lists of the administrators can be asked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

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
