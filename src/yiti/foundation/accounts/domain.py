"""Accounts as values: users, roles, sign-ins, first passwords."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOBILE_DIGITS = 11
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


def new_first_password() -> str:
    """A random first password that can be read out and typed: 12 letters and digits in groups of four,
    none of them easily taken for another (59 bits)."""
    chars = [secrets.choice(_READABLE) for _ in range(12)]
    return "-".join("".join(chars[start : start + 4]) for start in (0, 4, 8))
