"""What the security administrator does about another's account (permission `accounts.manage`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from yiti.foundation.access import public as access
from yiti.foundation.accounts.models import User
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_


@access.command
def close_account(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Let nobody in with this account any more and sign out its devices; its postings stay as they are.

    Raises Conflict for one's own: whoever closed it could not open it again.
    """
    user = _of(actor, user_id)
    if user_id == actor.user_id:
        raise Conflict(N_("不能停用自己的账号，请另一位管理员来办"))
    _open(user, is_open=False)
    _end_all(user)
    audit.note(actor, "accounts.close_account", kind="accounts.user", record_id=user.id, at=at)


@access.command
def reopen_account(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Let the account sign in again."""
    user = _of(actor, user_id)
    _open(user, is_open=True)
    audit.note(actor, "accounts.reopen_account", kind="accounts.user", record_id=user.id, at=at)


@access.command
def unlock(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Forget the failed sign-ins of an account, so that it need not wait."""
    user = _of(actor, user_id)
    get_adapter().forget_failures(user.username)
    audit.note(actor, "accounts.unlock", kind="accounts.user", record_id=user.id, at=at)


@access.command
def end_sessions(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Sign out every device of an account at once."""
    user = _of(actor, user_id)
    _end_all(user)
    audit.note(actor, "accounts.end_sessions", kind="accounts.user", record_id=user.id, at=at)


@access.command
def remove_second_factor(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Take a lost authenticator away with its recovery codes, and sign out every device: whoever needs one
    binds a new one at the next sign-in. Raises Conflict when there is none, and for one's own: whoever sits
    down at an open screen could bind theirs."""
    user = _of(actor, user_id)
    if user_id == actor.user_id:
        raise Conflict(N_("不能给自己解绑验证器，请另一位管理员来办"))
    taken, _kinds = Authenticator.objects.filter(user=user).delete()
    if not taken:
        raise Conflict(N_("这个账号没有绑定验证器"))
    _end_all(user)
    audit.note(actor, "accounts.remove_second_factor", kind="accounts.user", record_id=user.id, at=at)


def _of(actor: Actor, user_id: UUID) -> User:
    actor.require("accounts.manage")
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def _open(user: User, *, is_open: bool) -> None:
    if user.is_active is is_open:
        raise Conflict(N_("这个账号刚被别人改过，请刷新再看"))
    user.is_active = is_open
    user.save(update_fields=["is_active"])


def _end_all(user: User) -> None:
    for each in UserSession.objects.filter(user=user):
        each.end()
