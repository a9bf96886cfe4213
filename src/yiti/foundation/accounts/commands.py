"""The only writer of accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts.domain import RoleSpec, normal_username
from yiti.foundation.accounts.models import Role, RolePermission, SignIn, User
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_


@transaction.atomic(durable=True)
def remember_sign_in(*, user_id: UUID, address: str | None, at: datetime) -> None:
    """Keep when and from where a user signed in; there is no Actor yet at this moment."""
    SignIn.objects.create(user_id=user_id, at=at, address=address)


def open_account(
    actor: Actor, *, username: str, name: str, phone: str, first_password_hash: str, at: datetime
) -> UUID:
    """Make an account whose first password must be changed (participant of staff commands).

    Raises InvalidInput for a staff code that is malformed, or a code or phone already taken.
    """
    access.ensure_in_transaction()
    code = normal_username(username)
    if User.objects.filter(username=code).exists():
        raise InvalidInput(N_("工号 {code} 已有人用"), field="username", code=code)
    if phone and User.objects.filter(phone=phone).exists():
        raise InvalidInput(N_("这个手机号已登记在别的账号上"), field="phone")
    user = User(username=code, name=name, phone=phone, password=first_password_hash, created_at=at)
    user.save(force_insert=True)
    return user.id


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
def choose_text_size(*, actor: Actor, large: bool, at: datetime) -> None:
    """Remember whether this user reads large text (大字)."""
    if not User.objects.filter(pk=actor.user_id).update(large_text=large):
        raise NotFound
    audit.note(actor, "accounts.choose_text_size", kind="accounts.user", record_id=actor.user_id, at=at)


def define_roles(actor: Actor, roles: tuple[RoleSpec, ...]) -> None:
    """Make the house's roles exactly these (participant of migrations of a county's set-up).

    Roles that are gone keep their code (postings may name them) but lose every permission. Raises
    Conflict for a permission no room has declared.
    """
    access.ensure_in_transaction()
    unknown = {p for role in roles for p in role.permissions if not access.is_known(p)}
    if unknown:
        raise Conflict("unknown permissions: {names}", names=", ".join(sorted(unknown)))
    RolePermission.objects.all().delete()
    for spec in roles:
        role, _ = Role.objects.update_or_create(code=spec.code, defaults={"zh": spec.zh, "en": spec.en})
        RolePermission.objects.bulk_create(
            RolePermission(role=role, permission=name) for name in sorted(spec.permissions)
        )
