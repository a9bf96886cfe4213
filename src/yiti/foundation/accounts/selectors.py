"""Reads of accounts. They answer questions of the edge about the person signing in, so they take
ids instead of an Actor: there is no Actor yet."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from yiti.foundation.accounts.domain import MOBILE_DIGITS, SignInRow, UserRow
from yiti.foundation.accounts.models import Role, RolePermission, SignIn, User
from yiti.kernel.text import Term


def user(user_id: UUID) -> UserRow | None:
    """The account of that id."""
    found = User.objects.filter(pk=user_id).first()
    return None if found is None else _row(found)


def user_by_username(username: str) -> UserRow | None:
    """The account of that staff code, as stored (upper case)."""
    found = User.objects.filter(username=username.upper()).first()
    return None if found is None else _row(found)


def users_by_username(usernames: Collection[str]) -> dict[str, UserRow]:
    """Accounts by staff code as stored, in one query; codes nobody has are missing."""
    return {row.username: _row(row) for row in User.objects.filter(username__in=usernames)}


def users_by_phone(phones: Collection[str]) -> dict[str, UserRow]:
    """Accounts by mobile number, in one query; numbers nobody has are missing."""
    wanted = [phone for phone in phones if phone]
    return {row.phone: _row(row) for row in User.objects.filter(phone__in=wanted)}


def has_users() -> bool:
    """Whether anybody has an account yet."""
    return User.objects.exists()


def staff_code(typed: str) -> str:
    """The staff code a person means who typed a code, in any case, or a mobile number."""
    text = typed.strip().upper()
    if len(text) == MOBILE_DIGITS and text.isdigit():
        return User.objects.filter(phone=text).values_list("username", flat=True).first() or text
    return text


def _row(found: User) -> UserRow:
    return UserRow(
        found.id, found.username, found.name, found.phone, found.is_active, found.must_change_password
    )


def role_permissions(role_code: str) -> frozenset[str]:
    """The permissions of a role; empty for an unknown one."""
    return frozenset(RolePermission.objects.filter(role__code=role_code).values_list("permission", flat=True))


def role_names() -> dict[str, str]:
    """Every role's name by its code: Chinese, with its English."""
    return {code: Term(zh, en) for code, zh, en in Role.objects.values_list("code", "zh", "en")}


def previous_sign_in(user_id: UUID) -> SignInRow | None:
    """The sign-in before the present one, for the notice after signing in."""
    rows = SignIn.objects.filter(user_id=user_id).order_by("-at")[1:2]
    return next((SignInRow(row.at, row.address or "") for row in rows), None)
