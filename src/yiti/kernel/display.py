"""How people, times and lengths are written on screen and on paper (screens.md section 5).

Pure: every function takes plain values and gives a string; ages and lengths are phrases, which an
edge can say in another language. A page, a print and an export that use these agree with each other.
"""

from __future__ import annotations

from datetime import date, datetime

from yiti.kernel.clock import local, local_date
from yiti.kernel.text import N_, Phrase

STAR = "*"
_NAME_JOINTS = "·・•‧ -"

_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * _MINUTES_PER_HOUR
_NEWBORN_DAYS = 28
_CHILD_YEARS = 6


def mask_id_number(number: str) -> str:
    """`441826195903142317` -> `4418**********2317`: birth date and sex stay hidden.

    Shorter documents (passports, permits) keep a quarter at each end, at most four characters.
    """
    keep = min(4, len(number) // 4)
    hidden = len(number) - 2 * keep
    return number[:keep] + STAR * hidden + number[keep + hidden :]


def mask_phone(number: str) -> str:
    """`13822716620` -> `138****6620`: the four digits before the last four are hidden.

    Separators stay where they are. Of a number with fewer than eight digits all but the last
    four are hidden; of one with four or fewer, all.
    """
    places = [i for i, char in enumerate(number) if char.isdigit()]
    hidden = set(places[-8:-4] if len(places) > 4 else places)
    return "".join(STAR if i in hidden else char for i, char in enumerate(number))


def mask_name(name: str) -> str:
    """`房金养` -> `房*养`, `沈桂` -> `沈*`: first and last stay, whatever the length.

    Compound surnames and the long names of the Yao are no exception (`唐买十三妹` -> `唐***妹`).
    Joints of foreign and minority names stay (`买买提·艾力` -> `买**·*力`); one character stays.
    """
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + STAR
    middle = "".join(char if char in _NAME_JOINTS else STAR for char in name[1:-1])
    return name[0] + middle + name[-1]


def age_text(birth: date, on: date) -> Phrase:
    """The age on a day: `12天` under 28 days, `5月` under 1 year, `3岁2月` under 6, then `67岁`.

    Days are also shown between 28 days and the first full month, so that no age reads `0月`.
    Born on the last day of a month, or on 29 February, one is a month or a year older on the
    first day of the next month where the month has no such day. Raises ValueError before birth.
    """
    if on < birth:
        raise ValueError("before birth")
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    days = (on - birth).days
    years, rest = divmod(months, 12)
    if days < _NEWBORN_DAYS or months == 0:
        return Phrase(N_("{n}天"), n=days)
    if years == 0:
        return Phrase(N_("{months}月"), months=months)
    if years < _CHILD_YEARS and rest:
        return Phrase(N_("{years}岁{months}月"), years=years, months=rest)
    return Phrase(N_("{years}岁"), years=years)


def duration_text(minutes: int) -> Phrase:
    """A length of time: `26 分`, `1 时 52 分`, `2 时 05 分`, `2 天`, `1 天 3 时`.

    From one day on, minutes are left out (rounded down). Raises ValueError when negative.
    """
    if minutes < 0:
        raise ValueError("negative duration")
    if minutes < _MINUTES_PER_HOUR:
        return Phrase(N_("{minutes} 分"), minutes=minutes)
    days, within_day = divmod(minutes, _MINUTES_PER_DAY)
    hours, rest = divmod(within_day, _MINUTES_PER_HOUR)
    if days:
        return (
            Phrase(N_("{days} 天 {hours} 时"), days=days, hours=hours)
            if hours
            else Phrase(N_("{days} 天"), days=days)
        )
    if rest:
        return Phrase(N_("{hours} 时 {minutes} 分"), hours=hours, minutes=f"{rest:02d}")
    return Phrase(N_("{hours} 时"), hours=hours)


def short_time(at: datetime, now: datetime) -> str:
    """A moment seen from `now`: `09:48` today, `11-20` this year, `2025-11-20` otherwise.

    Both are aware; the day is the county's (Asia/Shanghai). Raises ValueError when naive.
    """
    day, today = local_date(at), local_date(now)
    if day == today:
        return f"{local(at):%H:%M}"
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def full_time(at: datetime) -> str:
    """A moment in full, in the county: `2026-11-20 09:48`. Raises ValueError when naive."""
    return f"{local(at):%Y-%m-%d %H:%M}"
