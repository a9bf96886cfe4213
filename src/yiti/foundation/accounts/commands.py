"""The only writer of accounts."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts.domain import AccountSpec, RoleSpec
from yiti.foundation.accounts.models import Role, RolePermission, SignIn, User
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_

_FEW_ITERATIONS = 1000


@transaction.atomic(durable=True)
def remember_sign_in(*, user_id: UUID, address: str | None, at: datetime) -> None:
    """Keep when and from where a user signed in; there is no Actor yet at this moment."""
    SignIn.objects.create(user_id=user_id, at=at, address=address)


def save_accounts(actor: Actor, specs: Collection[AccountSpec], *, at: datetime) -> dict[str, UUID]:
    """Open accounts that are missing, their first password to be changed, and bring name and phone of
    the others to what is given; ids by staff code (participant of staff commands). Four queries at most.

    Raises Conflict when a phone belongs to another account by now.
    """
    access.ensure_in_transaction()
    known = {user.username: user for user in User.objects.filter(username__in=[s.username for s in specs])}
    wanted = {spec.username: spec for spec in specs}
    changed = [
        u for u in known.values() if (u.name, u.phone) != (wanted[u.username].name, wanted[u.username].phone)
    ]
    new = [
        User(username=s.username, name=s.name, phone=s.phone, password=s.first_password_hash, created_at=at)
        for s in specs
        if s.username not in known
    ]
    try:
        with transaction.atomic():
            _rename(changed, wanted)
            User.objects.bulk_create(new)
    except IntegrityError as error:
        raise Conflict(N_("有手机号或工号刚被别的账号用了，请再试一次")) from error
    return {user.username: user.id for user in [*known.values(), *new]}


def _rename(users: Collection[User], wanted: Mapping[str, AccountSpec]) -> None:
    """Give users their new names and phones; phones are let go first, so that two people can swap."""
    for user in users:
        user.name, user.phone = wanted[user.username].name, wanted[user.username].phone
    if users:
        User.objects.filter(pk__in=[user.pk for user in users]).update(phone="")
        User.objects.bulk_update(users, ["name", "phone"])


def hash_first_password(password: str) -> str:
    """The hash of a password of `new_first_password`, made in a millisecond: a county opens thousands of
    accounts at once, and 59 random bits need no stretching. The first sign-in hashes it in full."""
    return PBKDF2PasswordHasher().encode(password, secrets.token_hex(11), iterations=_FEW_ITERATIONS)


@access.command
def change_own_password(*, actor: Actor, old: str, new: str, at: datetime) -> None:
    """Replace one's own password. Raises InvalidInput on `old` or `new` with what to do."""
    user = User.objects.select_for_update().filter(pk=actor.user_id).first()
    if user is None:
        raise NotFound
    if not user.check_password(old):
        raise InvalidInput(N_("现在的密码不对"), field="old")
    if old == new:
        raise InvalidInput(N_("新密码不能和现在的一样"), field="new")
    _ensure_good_password(new, user)
    user.set_password(new)
    user.must_change_password = False
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.note(actor, "accounts.change_own_password", kind="accounts.user", record_id=user.id, at=at)


def _ensure_good_password(new: str, user: User) -> None:
    try:
        password_validation.validate_password(new, user)
    except ValidationError as error:
        raise InvalidInput("{why}", field="new", why="；".join(error.messages)) from error


@access.command
def set_first_password(*, actor: Actor, user_id: UUID, password: str, at: datetime) -> None:
    """Give a user a new first password, to be changed at the next sign-in."""
    actor.require("accounts.manage")
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    _ensure_good_password(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.note(actor, "accounts.set_first_password", kind="accounts.user", record_id=user.id, at=at)


@access.command
def accept_first_passwords(*, actor: Actor, at: datetime) -> int:
    """Let everybody go on with the first password; how many that were. For example counties only."""
    actor.require("accounts.manage")
    count = User.objects.filter(must_change_password=True).update(must_change_password=False)
    audit.note(actor, "accounts.accept_first_passwords", kind="accounts.user", record_id=None, at=at)
    return count


@access.command
def choose_text_size(*, actor: Actor, large: bool, at: datetime) -> None:
    """Remember whether this user reads large text (大字)."""
    if not User.objects.filter(pk=actor.user_id).update(large_text=large):
        raise NotFound
    audit.note(actor, "accounts.choose_text_size", kind="accounts.user", record_id=actor.user_id, at=at)


@access.command
def define_roles(*, actor: Actor, roles: tuple[RoleSpec, ...], at: datetime) -> bool:
    """Make the house's roles exactly these; whether anything changed.

    A role that is gone keeps its code (postings may name it) but loses every permission. Raises
    Conflict for a permission no room has declared.
    """
    actor.require("accounts.manage")
    unknown = {p for role in roles for p in role.permissions if not access.is_known(p)}
    if unknown:
        raise Conflict("unknown permissions: {names}", names=", ".join(sorted(unknown)))
    wanted = {(role.code, name) for role in roles for name in role.permissions}
    present = set(RolePermission.objects.values_list("role__code", "permission"))
    named = {(role.code, role.zh, role.en) for role in roles}
    if wanted == present and named <= set(Role.objects.values_list("code", "zh", "en")):
        return False
    Role.objects.bulk_create(
        [Role(code=role.code, zh=role.zh, en=role.en) for role in roles],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["zh", "en"],
    )
    ids = dict(Role.objects.values_list("code", "id"))
    RolePermission.objects.all().delete()
    RolePermission.objects.bulk_create(
        RolePermission(role_id=ids[code], permission=name) for code, name in sorted(wanted)
    )
    audit.note(actor, "accounts.define_roles", kind="accounts.role", record_id=None, at=at)
    return True
