"""What the lists of the administrators can be asked for, and what may be done about an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
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


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be: which promise is broken, of what (an id, a seal), and how."""

    promise: str
    id: str
    how: str


@dataclass(frozen=True, slots=True)
class CheckupRow:
    """What a look at the data found, when, and how long it took; `faults` are the first of `count`."""

    at: datetime
    seconds: float
    count: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Something the security administrator does about an account, with what it brings about."""

    code: str
    zh: str
    says: str
    icon: str
    is_grave: bool = False


ACTS = {
    act.code: act
    for act in (
        Act(
            "first-password",
            N_("重设首次密码"),
            N_("现在的密码马上失效，已登录的设备都会退出。新密码只显示一次。"),
            "key",
        ),
        Act("unlock", N_("解锁"), N_("连续输错的次数清零，马上可以再登录。请先确认是本人。"), "lock"),
        Act("end-sessions", N_("全部退出登录"), N_("这个账号登录着的设备马上全部退出。"), "logout"),
        Act(
            "remove-second-factor",
            N_("解除验证器"),
            N_(
                "绑定的验证器和备用码都作废，设备全部退出；须用验证器的人下次登录要重新绑定。请先当面确认是本人。"
            ),
            "device-mobile",
            is_grave=True,
        ),
        Act(
            "close",
            N_("停用账号"),
            N_("马上不能登录，已登录的设备全部退出。岗位不变；人走了，请系统管理员停用岗位、移交工作。"),
            "ban",
            is_grave=True,
        ),
        Act("reopen", N_("恢复账号"), N_("可以再登录，密码还是原来的。"), "circle-check"),
    )
}


class Standing(Protocol):
    """How an account stands (`accounts.AccountProfile`)."""

    @property
    def state(self) -> str: ...
    @property
    def is_locked(self) -> bool: ...
    @property
    def sessions(self) -> tuple[object, ...]: ...
    @property
    def second_factor_since(self) -> datetime | None: ...


def acts_for(account: Standing, *, is_own: bool) -> list[Act]:
    """What may be done about an account as it stands: only what changes something."""
    is_closed = account.state == "closed"
    due = {
        "first-password": not is_closed and not is_own,
        "unlock": account.is_locked,
        "end-sessions": bool(account.sessions),
        "remove-second-factor": account.second_factor_since is not None and not is_own,
        "close": not is_closed and not is_own,
        "reopen": is_closed,
    }
    return [act for code, act in ACTS.items() if due[code]]


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
