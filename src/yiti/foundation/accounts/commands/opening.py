"""Opening accounts, many at a time."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import IntegrityError, transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts.domain import AccountSpec
from yiti.foundation.accounts.models import User
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_

_FEW_ITERATIONS = 1000


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
