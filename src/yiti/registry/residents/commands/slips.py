"""Issuing a slip to a person, and using it (PIPL article 45)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.registry.residents.commands.locking import lock_record
from yiti.registry.residents.domain.slips import (
    MOST_TRIES,
    OPEN_FOR,
    VALID_FOR,
    Slip,
    SlipTry,
    answer_of,
    new_code,
)
from yiti.registry.residents.models import LookedCode
from yiti.registry.residents.selectors import person
from yiti.registry.residents.selectors.slips import answer_digest, key_of

SLIP = "residents.slip"


@access.command
def issue_slip(*, actor: Actor, person_id: UUID, at: datetime) -> Slip:
    """Make a slip for this person, valid for seven days; earlier ones that wait are void from now on.

    Raises NotFound, and Conflict when neither identity number nor day of birth is known.
    """
    actor.require("residents.read")
    record = lock_record(person_id)
    opened = person(actor, record.pk)
    asks, answer = answer_of(opened.id_number, opened.birth)
    waiting = LookedCode.objects.filter(person_id=record.pk, used_at__isnull=True, valid_until__gt=at)
    waiting.update(valid_until=at)
    code = new_code()
    slip = LookedCode.objects.create(
        id=key_of(code),
        person_id=record.pk,
        institution_id=actor.institution_id,
        asks=asks,
        answer=answer_digest(code, answer),
        issued_at=at,
        issued_by=actor.user_id,
        issued_by_name=actor.name,
        valid_until=at + VALID_FOR,
    )
    audit.note(actor, "residents.issue_slip", kind=SLIP, record_id=slip.id, person_id=record.pk, at=at)
    return Slip(code, asks, slip.valid_until)


@access.command
def use_slip(*, actor: Actor, answer: str, at: datetime) -> SlipTry:
    """Try an answer (its digest) as the holder of a slip: once right, the looks are open for 30 minutes.

    A wrong answer counts, the fifth locks the slip. Refusals of all kinds are alike but for `person_id`,
    which only the trail gets to know.
    """
    slip = LookedCode.objects.select_for_update().filter(pk=actor.user_id).first()
    if slip is None:
        return SlipTry(is_open=False)
    is_dead = slip.used_at is not None or slip.wrong_tries >= MOST_TRIES or at >= slip.valid_until
    if is_dead or not constant_time_compare(slip.answer, answer):
        if not is_dead:
            slip.wrong_tries += 1
            slip.save(update_fields=["wrong_tries"])
        return SlipTry(is_open=False, person_id=slip.person_id)
    slip.used_at, slip.open_until = at, at + OPEN_FOR
    slip.save(update_fields=["used_at", "open_until"])
    audit.note(actor, "residents.use_slip", kind=SLIP, record_id=slip.id, person_id=slip.person_id, at=at)
    return SlipTry(is_open=True, person_id=slip.person_id)
