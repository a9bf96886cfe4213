"""Accounts as values: users, roles, sign-ins, first passwords."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yiti.kernel.text import N_, Phrase

MOBILE_DIGITS = 11
ADMINISTER = "accounts.administer"  # held by the three administrators; nobody holds two of their roles
PASSWORD_DAYS = 90  # 等保 asks for a limit, usually of 90 days (general knowledge, confidence M)
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account as other rooms see it."""

    id: UUID
    username: str
    name: str
    phone: str
    is_active: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """An account as data. `first_password_hash` is only used when the account is opened."""

    username: str
    name: str
    phone: str
    first_password_hash: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One successful sign-in: when, and from which address."""

    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role as data: its permissions by name."""

    code: str
    zh: str
    en: str
    permissions: frozenset[str]


class SecondFactor(StrEnum):
    """Who has to sign in with a code besides the password (`YITI_SECOND_FACTOR`, decision 23)."""

    ADMINISTRATORS = "administrators"
    EVERYBODY = "everybody"
    NOBODY = "nobody"


def password_ends_at(changed_at: datetime) -> datetime:
    """When a password has to be replaced that was chosen then."""
    return changed_at + timedelta(days=PASSWORD_DAYS)


class AccountSort(StrEnum):
    """Orders of the list of accounts."""

    CODE = "code"
    NAME = "name"
    SEEN = "seen"


class AccountState(StrEnum):
    """How an account stands, as the list filters by it."""

    OPEN = "open"
    NEW = "new"
    CLOSED = "closed"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return {
            AccountState.OPEN: N_("正常"),
            AccountState.NEW: N_("没改首次密码"),
            AccountState.CLOSED: N_("已停用"),
        }[self]

    @property
    def tone(self) -> str:
        """The colour of the chip."""
        return {AccountState.OPEN: "done", AccountState.NEW: "wait", AccountState.CLOSED: "draft"}[self]


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """A line of the list of accounts."""

    user: UserRow
    state: AccountState
    has_second_factor: bool
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A device that is signed in: since when, from which address, when last used."""

    id: int
    device: str
    address: str
    since: datetime
    seen_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class AccountProfile:
    """Everything the page of an account says."""

    user: UserRow
    state: AccountState
    is_locked: bool
    password_since: datetime
    second_factor_since: datetime | None
    codes_left: int
    sessions: tuple[SessionRow, ...]
    sign_ins: tuple[SignInRow, ...]

    @property
    def password_ends_at(self) -> datetime:
        """When the password has to be replaced."""
        return password_ends_at(self.password_since)


_SYSTEMS = (
    ("Android", N_("安卓手机")),
    ("iPhone", N_("苹果手机")),
    ("iPad", N_("平板")),
    ("Windows", N_("Windows 电脑")),
    ("Mac OS X", N_("苹果电脑")),
    ("Linux", N_("Linux 电脑")),
)
_BROWSERS = (
    ("MicroMessenger", N_("微信")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_of(user_agent: str) -> str:
    """`安卓手机 · 微信`: what a browser says of itself, in words a person knows."""
    system = next((word for mark, word in _SYSTEMS if mark in user_agent), N_("别的设备"))
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "")
    if not browser:
        return system
    return Phrase(N_("{system} · {browser}"), system=Phrase(system), browser=Phrase(browser))


def new_first_password() -> str:
    """A random first password that can be read out and typed: 12 letters and digits in groups of four,
    none of them easily taken for another (59 bits)."""
    chars = [secrets.choice(_READABLE) for _ in range(12)]
    return "-".join("".join(chars[start : start + 4]) for start in (0, 4, 8))
