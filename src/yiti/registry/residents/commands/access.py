"""Who may open a record: given and ended by other rooms, and taken in an emergency."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain import AccessReason, RecordOpenedByBreakGlass, clean_reason
from yiti.registry.residents.models import BreakGlass, RecordAccess, Resident
from yiti.registry.residents.selectors import aliases, canonical_id

BREAK_GLASS = "residents.break_glass"


def grant_access(  # noqa: PLR0913 - who, to whom, why, for what, from when until when
    actor: Actor,
    person_id: UUID,
    institution_id: UUID,
    *,
    reason: AccessReason,
    for_kind: str,
    for_id: UUID,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """Let an institution open a person's record because of one piece of work (participant).

    Given twice for the same work it stands once. To another institution only those can give it to
    whom the record is open themselves. Raises NotFound otherwise, and for an unknown person.
    """
    access.ensure_in_transaction()
    members = aliases(person_id)
    if institution_id != actor.institution_id and not is_open(person_id):
        raise NotFound
    same = RecordAccess.objects.made_for(for_kind, for_id).live(at)
    if same.filter(person_id__in=members, institution_id=institution_id, reason=reason).exists():
        return
    original = RecordAccess(
        person_id=person_id,
        institution_id=institution_id,
        reason=reason,
        for_kind=for_kind,
        for_id=for_id,
        valid_from=at,
        valid_until=until,
        granted_by=actor.user_id,
    )
    copies = [copy_for(original, member) for member in members - {person_id}]
    RecordAccess.objects.bulk_create([original, *copies])


def is_open(person_id: UUID) -> bool:
    """Whether the database shows this person's record in the scope of the transaction."""
    return Resident.objects.filter(pk=canonical_id(person_id)).exists()


def copy_for(original: RecordAccess, person_id: UUID) -> RecordAccess:
    """The same access for another id of the same person."""
    return RecordAccess(
        person_id=person_id,
        institution_id=original.institution_id,
        reason=original.reason,
        for_kind=original.for_kind,
        for_id=original.for_id,
        valid_from=original.valid_from,
        valid_until=original.valid_until,
        granted_by=original.granted_by,
        copy_of=original,
    )


def end_access(actor: Actor, *, for_kind: str, for_id: UUID, at: datetime) -> None:
    """End what was given because of one piece of work; nothing happens the second time (participant)."""
    access.ensure_in_transaction()
    end_now(Q(for_kind=for_kind, for_id=for_id), at)


def end_now(which: Q, at: datetime) -> None:
    """End the live ones among these accesses, never before they began (clocks of two hosts may differ)."""
    live = RecordAccess.objects.filter(which).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    live.update(valid_until=Greatest(Value(at), F("valid_from")))


@access.command
def open_by_break_glass(*, actor: Actor, person_id: UUID, reason: str, at: datetime) -> UUID | None:
    """Open a closed record in an emergency for the actor's institution, for the time rule
    `residents.break_glass.open_for` gives; gives the id of the opening. Nothing happens (None) when the
    record is open already.

    `reason` has at least five characters. Raises NotFound for an unknown person, InvalidInput.
    """
    actor.require("residents.break_glass")
    why = clean_reason(reason)
    root = canonical_id(person_id)
    if is_open(root):
        return None
    limit = rules.limit("residents.break_glass.open_for", local_date(at))
    until = at + timedelta(minutes=limit.minutes)
    glass_id = new_id()
    grant_access(
        actor,
        root,
        actor.institution_id,
        reason=AccessReason.BREAK_GLASS,
        for_kind=BREAK_GLASS,
        for_id=glass_id,
        at=at,
        until=until,
    )
    BreakGlass.objects.create(
        id=glass_id,
        person_id=root,
        institution_id=actor.institution_id,
        reason_text=why,
        opened_at=at,
        opened_by=actor.user_id,
        opened_by_name=actor.name,
        valid_until=until,
    )
    audit.note(
        replace(actor, purpose=Purpose.EMERGENCY),
        "residents.open_by_break_glass",
        kind=BREAK_GLASS,
        record_id=glass_id,
        person_id=root,
        at=at,
        detail={"reason": why, "until": until.isoformat()},
    )
    outbox.record(
        RecordOpenedByBreakGlass(
            break_glass_id=glass_id,
            person_id=root,
            institution_id=actor.institution_id,
            user_id=actor.user_id,
            opened_at=at,
            until=until,
        )
    )
    return glass_id
