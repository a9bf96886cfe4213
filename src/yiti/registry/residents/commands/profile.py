"""Changing what a record says, with the revision that was seen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local, local_date
from yiti.kernel.errors import Conflict, InvalidInput, StaleRevision
from yiti.kernel.text import N_
from yiti.registry.residents.commands.access import copy_for, end_now
from yiti.registry.residents.commands.locking import differing, lock_record, renew_card, write_changes
from yiti.registry.residents.commands.registration import catchment_of, ensure_codes, ensure_village
from yiti.registry.residents.domain import (
    VILLAGE,
    AccessReason,
    Home,
    PersonDied,
    Profile,
    clean_home,
    clean_profile,
)
from yiti.registry.residents.models import Card, RecordAccess, Resident
from yiti.registry.residents.selectors import aliases


@access.command
def change_profile(*, actor: Actor, person_id: UUID, profile: Profile, revision: int, at: datetime) -> int:
    """Save a profile that was edited from `revision`; gives the revision it has now.

    What is already so is done (a form sent twice). Raises NotFound, InvalidInput, StaleRevision.
    """
    actor.require("residents.write")
    record = lock_record(person_id)
    clean = clean_profile(profile, on=local_date(at))
    changes = differing(record, clean.columns)
    if not changes:
        return record.revision
    ensure_codes(clean, changes)
    _ensure_seen(record, revision)
    write_changes(record, changes, actor=actor, at=at)
    renew_card(record)
    audit.note(
        actor,
        "residents.change_profile",
        kind="residents.resident",
        record_id=record.pk,
        person_id=record.pk,
        at=at,
        detail={"fields": ", ".join(sorted(changes)), "revision": record.revision},
    )
    return record.revision


def _ensure_seen(record: Resident, revision: int) -> None:
    if record.revision != revision:
        raise StaleRevision


@access.command
def move_village(*, actor: Actor, person_id: UUID, home: Home, revision: int, at: datetime) -> int:
    """A person has moved: the record opens to the institutions of the new village and closes to those
    that had it only because of the old one. Gives the new revision.

    Raises NotFound, InvalidInput, StaleRevision.
    """
    actor.require("residents.write")
    record = lock_record(person_id)
    clean = clean_home(home)
    if clean.village_id is not None:
        ensure_village(clean.village_id)
    left = record.village_id
    wanted = {"village_id": clean.village_id, "group_no": clean.group_no, "address": clean.address}
    changes = differing(record, wanted)
    if not changes:
        return record.revision
    _ensure_seen(record, revision)
    write_changes(record, changes, actor=actor, at=at)
    renew_card(record)
    audit.note(
        actor,
        "residents.move_village",
        kind="residents.resident",
        record_id=record.pk,
        person_id=record.pk,
        at=at,
        detail={"from": str(left), "to": str(clean.village_id), "revision": record.revision},
    )
    if left != clean.village_id:
        _change_catchment(actor, record, at)
    return record.revision


def _change_catchment(actor: Actor, record: Resident, at: datetime) -> None:
    members = aliases(record.pk)
    end_now(Q(person_id__in=members, reason=AccessReason.CATCHMENT), at)
    if record.village_id is None:
        return
    for institution_id in catchment_of(record.village_id, local_date(at)):
        original = RecordAccess(
            person_id=record.pk,
            institution_id=institution_id,
            reason=AccessReason.CATCHMENT,
            for_kind=VILLAGE,
            for_id=record.village_id,
            valid_from=at,
            granted_by=actor.user_id,
        )
        copies = [copy_for(original, member) for member in members - {record.pk}]
        RecordAccess.objects.bulk_create([original, *copies])


@access.command
def record_death(*, actor: Actor, person_id: UUID, deceased_at: datetime, at: datetime) -> None:
    """A person has died: the record stays, the card says so, higher rooms end what is running.

    Nothing happens when that very moment is recorded already. Raises NotFound, InvalidInput,
    Conflict when another moment is.
    """
    actor.require("residents.write")
    record = lock_record(person_id)
    if record.deceased_at == deceased_at:
        return
    if record.deceased_at is not None:
        raise Conflict(N_("已登记死亡，时间是 {when}"), when=f"{local(record.deceased_at):%Y-%m-%d %H:%M}")
    if deceased_at > at:
        raise InvalidInput(N_("死亡时间在现在之后，请检查"), field="deceased_at")
    if record.birth_date is not None and local_date(deceased_at) < record.birth_date:
        raise InvalidInput(N_("死亡时间早于出生日期，请检查"), field="deceased_at")
    write_changes(record, {"deceased_at": deceased_at}, actor=actor, at=at)
    Card.objects.filter(pk=record.pk).update(is_deceased=True)
    audit.note(
        actor,
        "residents.record_death",
        kind="residents.resident",
        record_id=record.pk,
        person_id=record.pk,
        at=at,
    )
    outbox.record(PersonDied(person_id=record.pk, deceased_at=deceased_at, recorded_at=at))
