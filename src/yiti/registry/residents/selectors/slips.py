"""Slips: whoever holds a code acts as that slip, and sees what it opens and nothing else.

The actor of a code has no institution, so no record is open to it; its `user_id` is the key of the slip,
and that one row is all that row security shows it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.text import N_
from yiti.registry.residents.domain.slips import OpenSlip
from yiti.registry.residents.models import Card, LookedCode
from yiti.registry.residents.selectors.identity import aliases

_KEY_SALT, _ANSWER_SALT = "yiti.residents.slip", "yiti.residents.slip.answer"


def key_of(code: str) -> UUID:
    """The key under which a clean code is kept: a keyed digest, so that the tables tell no code."""
    return UUID(bytes=salted_hmac(_KEY_SALT, code, algorithm="sha256").digest()[:16])


def answer_digest(code: str, answer: str) -> str:
    """A clean answer as it is kept, keyed with the code too: four signs alone could be guessed."""
    return salted_hmac(_ANSWER_SALT, f"{code}:{answer}", algorithm="sha256").hexdigest()


def holder(key: UUID, request_id: str) -> Actor:
    """Whoever holds the slip of that key."""
    return Actor(user_id=key, name=N_("本人"), purpose=Purpose.SELF, request_id=request_id)


@access.selector
def open_slip(actor: Actor, at: datetime) -> OpenSlip | None:
    """What the slip of this holder shows at that moment; None before it was used and after its time."""
    found = LookedCode.objects.filter(pk=actor.user_id, open_until__gt=at).first()
    if found is None:
        return None
    name = Card.objects.filter(pk=found.person_id).values_list("masked_name", flat=True).get()
    assert found.open_until is not None
    return OpenSlip(found.person_id, name, found.open_until)


@access.selector
def looks_of_slip(
    actor: Actor, at: datetime, *, limit: int, offset: int = 0
) -> tuple[list[audit.LookRow], int]:
    """Who looked at the record of this slip's person, newest first, and how many looks there are; nothing
    when the slip is not open."""
    slip = open_slip(actor, at)
    if slip is None:
        return [], 0
    ids = aliases(slip.person_id)
    return audit.looks_at(actor, ids, limit=limit, offset=offset), audit.count_looks_at(actor, ids)
