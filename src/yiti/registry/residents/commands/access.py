"""Who may open a record: given and ended by other rooms, and taken in an emergency."""

from __future__ import annotations

from collections.abc import Mapping
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
from yiti.registry.residents.selectors import canonical_id, identities

BREAK_GLASS = "residents.break_glass"


def grant_access(  # noqa: PLR0913 - who, to whom, why, for what, from when until when
    actor: Actor,
    person_id: UUID,
    work: Mapping[UUID, UUID],
    *,
    reason: AccessReason,
    for_kind: str,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """Let institutions open a person's record, each because of a piece of work (participant). `work` names
    both: the institution, and the id of its work.

    Given twice for the same work it stands once. Whoever opens it to others only must have it open. Raises
    NotFound otherwise, and for an unknown person. Four statements for any number.
    """
    access.ensure_in_transaction()
    found = identities([person_id])
    root = found.canonical.get(person_id)
    if root is None or (actor.institution_id not in work and not _shows(root)):
        raise NotFound
    members = found.members[root]
    same = RecordAccess.objects.live(at).filter(
        for_kind=for_kind, for_id__in=work.values(), person_id__in=members, reason=reason
    )
    there = set(same.values_list("institution_id", flat=True))
    originals = [
        RecordAccess(
            person_id=person_id,
            institution_id=institution_id,
            reason=reason,
            for_kind=for_kind,
            for_id=for_id,
            valid_from=at,
            valid_until=until,
            granted_by=actor.user_id,
        )
        for institution_id, for_id in work.items()
        if institution_id not in there
    ]
    copies = [copy_for(each, member) for each in originals for member in members - {person_id}]
    RecordAccess.objects.bulk_create([*originals, *copies])


def is_open(person_id: UUID) -> bool:
    """Whether the database shows this person's record in the scope of the transaction."""
    return _shows(canonical_id(person_id))


def _shows(root: UUID) -> bool:
    return Resident.objects.filter(pk=root).exists()


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
        {actor.institution_id: glass_id},
        reason=AccessReason.BREAK_GLASS,
        for_kind=BREAK_GLASS,
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
