"""Reads of accounts. They answer questions of the edge about the person signing in, so they take
ids instead of an Actor: there is no Actor yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, Subquery

from yiti.foundation.access import public as access
from yiti.foundation.accounts import registry
from yiti.foundation.accounts.domain import (
    ADMINISTER,
    MOBILE_DIGITS,
    AccountProfile,
    AccountSort,
    AccountState,
    ListedAccount,
    SecondFactor,
    SessionRow,
    SignInRow,
    UserRow,
    device_of,
    password_ends_at,
)
from yiti.foundation.accounts.models import SignIn, User
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound

SEEN = "seen_at"  # session key: when a person last did something, seconds since the epoch


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
    found = registry.roles().get(role_code)
    return found.permissions if found else frozenset()


def administrator_roles() -> frozenset[str]:
    """Codes of the roles of which nobody holds two."""
    return frozenset(code for code, role in registry.roles().items() if ADMINISTER in role.permissions)


def duty(actor: Actor, user: User, *, policy: SecondFactor, at: datetime) -> web.Duty:
    """What the user behind this actor has to do before anything else."""
    if user.must_change_password:
        return web.Duty.FIRST_PASSWORD
    if password_ends_at(user.password_changed_at or user.created_at) <= at:
        return web.Duty.OLD_PASSWORD
    is_asked = policy is SecondFactor.EVERYBODY or (
        policy is SecondFactor.ADMINISTRATORS and actor.can(ADMINISTER)
    )
    return web.Duty.SECOND_FACTOR if is_asked and not has_second_factor(user.id) else web.Duty.NONE


def has_second_factor(user_id: UUID) -> bool:
    """Whether an authenticator is bound to the account."""
    found: bool = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists()
    return found


def codes_to_show(user_id: UUID) -> list[str]:
    """Recovery codes that have not been put away yet; [] afterwards."""
    found = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.RECOVERY_CODES).first()
    codes = found.wrap() if found else None
    return [] if codes is None or codes.did_view else list(codes.get_unused_codes())


def role_names() -> dict[str, str]:
    """Every role's name by its code: Chinese, with its English."""
    return {code: role.name for code, role in registry.roles().items()}


def previous_sign_in(user_id: UUID) -> SignInRow | None:
    """The sign-in before the present one, for the notice after signing in."""
    rows = SignIn.objects.filter(user_id=user_id).order_by("-at")[1:2]
    return next((SignInRow(row.at, row.address or "") for row in rows), None)


# --- for the security administrator, and for oneself ------------------------------------------------
_ORDER = {
    AccountSort.CODE: ("username",),
    AccountSort.NAME: ("name", "username"),
    AccountSort.SEEN: ("signed_in_at", "username"),
}
_STATES = {
    AccountState.OPEN: Q(is_active=True, must_change_password=False),
    AccountState.NEW: Q(is_active=True, must_change_password=True),
    AccountState.CLOSED: Q(is_active=False),
}


@access.selector
def list_accounts(actor: Actor, query: web.TableQuery[AccountSort]) -> tuple[list[ListedAccount], int]:
    """A page of the accounts, and how many there are (permission `accounts.manage`).

    Filters: `q` (a part of the name, the beginning of the staff code, a mobile number), `state`.
    """
    actor.require("accounts.manage")
    found = User.objects.all()
    if text := query.filters.get("q"):
        found = found.filter(Q(name__contains=text) | Q(username__startswith=text.upper()) | Q(phone=text))
    if state := query.filters.get("state"):
        found = found.filter(_STATES[AccountState(state)])
    total = found.count()
    shown = query.within(total)
    last = SignIn.objects.filter(user=OuterRef("pk")).order_by("-at").values("at")[:1]
    bound = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    order = [
        F(n).desc(nulls_last=True) if query.descending else F(n).asc(nulls_last=True)
        for n in _ORDER[query.sort]
    ]
    rows = found.annotate(signed_in_at=Subquery(last), bound=Exists(bound)).order_by(*order)
    return [
        ListedAccount(_row(each), _state(each), each.bound, each.signed_in_at)
        for each in rows[shown.offset : shown.offset + shown.size]
    ], total


@access.selector
def account(actor: Actor, user_id: UUID, *, at: datetime, key: str = "") -> AccountProfile:
    """One's own account, or another's (permission `accounts.manage`). `key` is that of the session in
    which it is asked. Raises NotFound."""
    if user_id != actor.user_id:
        actor.require("accounts.manage")
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound
    factors = {each.type: each for each in Authenticator.objects.filter(user=found)}
    codes, totp = (factors.get(kind) for kind in (Authenticator.Type.RECOVERY_CODES, Authenticator.Type.TOTP))
    return AccountProfile(
        user=_row(found),
        state=_state(found),
        is_locked=get_adapter().is_locked(found.username),
        password_since=found.password_changed_at or found.created_at,
        second_factor_since=totp.created_at if totp else None,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        sessions=tuple(_sessions(found, at, key)),
        sign_ins=tuple(_sign_ins(found)),
    )


def _state(user: User) -> AccountState:
    if not user.is_active:
        return AccountState.CLOSED
    return AccountState.NEW if user.must_change_password else AccountState.OPEN


def _sign_ins(user: User) -> Iterator[SignInRow]:
    for row in SignIn.objects.filter(user=user).order_by("-at")[:10]:
        yield SignInRow(row.at, row.address or "")


def _sessions(user: User, at: datetime, key: str) -> list[SessionRow]:
    """Devices that are signed in, last used first; those left idle for too long are out already."""
    known = {each.session_key: each for each in UserSession.objects.filter(user=user)}
    rows = []
    for store in Session.objects.filter(session_key__in=known, expire_date__gt=at):
        kept, seen = known[store.session_key], store.get_decoded().get(SEEN)
        seen_at = datetime.fromtimestamp(seen, UTC) if seen else kept.created_at
        if at - seen_at > timedelta(minutes=settings.IDLE_MINUTES):
            continue
        device = device_of(kept.user_agent)
        is_current = kept.session_key == key
        rows.append(SessionRow(kept.pk, device, kept.ip, kept.created_at, seen_at, is_current))
    return sorted(rows, key=lambda row: row.seen_at, reverse=True)
