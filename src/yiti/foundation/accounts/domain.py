"""Rules of accounts: how a user is named, and what a sign-in leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_

SHORTEST_CODE = 3
LONGEST_CODE = 20
MOBILE_DIGITS = 11


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


def normal_username(text: str) -> str:
    """The staff code (工号) as it is stored: trimmed, upper case.

    Raises InvalidInput when it is not 3 to 20 letters, digits or hyphens.
    """
    code = text.strip().upper()
    if not SHORTEST_CODE <= len(code) <= LONGEST_CODE or not code.replace("-", "").isalnum():
        raise InvalidInput(N_("工号是 3 到 20 位字母或数字"), field="username")
    return code
