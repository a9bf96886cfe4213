"""Passwords: one's own, and the first one of somebody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from yiti.foundation.access import public as access
from yiti.foundation.accounts.models import User
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_


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
    """Give a user a new first password, to be changed at the next sign-in; all devices are signed out, for
    a session ends with the password it began with. Raises Conflict for one's own, which asks for the old."""
    actor.require("accounts.manage")
    if user_id == actor.user_id:
        raise Conflict(N_("自己的密码请在“我的账号”里改，要先填现在的密码"))
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
