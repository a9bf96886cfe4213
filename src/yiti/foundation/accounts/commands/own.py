"""What somebody settles for oneself: the second factor, other devices, the size of text."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.db import transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts.models import SignIn, User
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_


@transaction.atomic(durable=True)
def remember_sign_in(*, user_id: UUID, address: str | None, at: datetime) -> None:
    """Keep when and from where a user signed in; there is no Actor yet at this moment."""
    SignIn.objects.create(user_id=user_id, at=at, address=address)


@access.command
def choose_text_size(*, actor: Actor, large: bool, at: datetime) -> None:
    """Remember whether this user reads large text (大字)."""
    if not User.objects.filter(pk=actor.user_id).update(large_text=large):
        raise NotFound
    audit.note(actor, "accounts.choose_text_size", kind="accounts.user", record_id=actor.user_id, at=at)


@access.command
def add_second_factor(*, actor: Actor, secret: str, at: datetime) -> None:
    """Bind the authenticator app that knows `secret` (base32) to one's own account, with recovery codes.

    The caller has seen a code of that app. Raises Conflict when one is bound already.
    """
    user = _myself(actor)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise Conflict(N_("这个账号已经绑定了验证器"))
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    audit.note(actor, "accounts.add_second_factor", kind="accounts.user", record_id=user.id, at=at)


@access.command
def put_codes_away(*, actor: Actor, at: datetime) -> None:
    """Note that one has written one's recovery codes down: they are never shown again."""
    user = _myself(actor)
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None:
        raise NotFound
    codes.wrap().mark_as_viewed()
    audit.note(actor, "accounts.put_codes_away", kind="accounts.user", record_id=user.id, at=at)


@access.command
def end_own_session(*, actor: Actor, session_id: int, at: datetime) -> None:
    """Sign out one of one's own devices. Raises NotFound for one that is signed out by now."""
    user = _myself(actor)
    found = UserSession.objects.filter(user=user, pk=session_id).first()
    if found is None:
        raise NotFound
    found.end()
    audit.note(actor, "accounts.end_own_session", kind="accounts.user", record_id=user.id, at=at)


@access.command
def end_other_sessions(*, actor: Actor, key: str, at: datetime) -> None:
    """Sign out all one's own devices but the one whose session has this key."""
    user = _myself(actor)
    for each in UserSession.objects.filter(user=user).exclude(session_key=key):
        each.end()
    audit.note(actor, "accounts.end_other_sessions", kind="accounts.user", record_id=user.id, at=at)


def _myself(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=actor.user_id).first()
    if user is None:
        raise NotFound
    return user
