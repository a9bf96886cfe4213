"""What the board and its lists are asked for: a month and a member, out of the address."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from yiti.care.referrals.domain.figures import months_up_to
from yiti.kernel.clock import local_date

MonthChoice = tuple[str, str]
_FIRST = 2000


def asked_month(text: str) -> date | None:
    """`2026-11` as the first day of that month; None for anything that is no month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if found.year >= _FIRST and month_key(found) == text else None


def asked_member(text: str) -> UUID | None:
    """The id of an institution; None for anything that is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def month_key(month: date) -> str:
    """A month as it stands in the address."""
    return f"{month:%Y-%m}"


def month_choices(at: datetime, *, this: str, form: str) -> list[MonthChoice]:
    """The running month and the eleven before it, newest first, with their words."""
    running, *before = reversed(months_up_to(local_date(at).replace(day=1)))
    earlier = [(month_key(each), form.format(year=each.year, month=each.month)) for each in before]
    return [(month_key(running), this), *earlier]
