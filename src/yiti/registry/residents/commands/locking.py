"""Taking hold of a record, and keeping card, keys and history in step with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_
from yiti.registry.residents.domain import card_columns, profile_keys, profile_of
from yiti.registry.residents.models import Card, CardKey, Identifier, Resident, ResidentChange
from yiti.registry.residents.selectors import canonical_id


def lock_record(person_id: UUID) -> Resident:
    """The record this id is read under, locked. Raises NotFound for a missing and a closed one alike,
    Conflict when it was merged into another while we waited for it."""
    root = canonical_id(person_id)
    found = Resident.objects.select_for_update().filter(pk=root).first()
    if found is None:
        raise NotFound
    if Card.objects.filter(pk=root, merged_into__isnull=False).exists():
        raise Conflict(N_("这份档案刚和另一份合并，请重新打开"))
    return found


def differing(record: Resident, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the column values that differ from the record's."""
    return {column: value for column, value in values.items() if getattr(record, column) != value}


def write_changes(record: Resident, changes: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """Save changed columns of a locked record under the next revision, with one history row each."""
    history = [
        ResidentChange(
            person_id=record.pk,
            revision=record.revision + 1,
            field=column,
            old=_text(getattr(record, column)),
            new=_text(value),
            changed_at=at,
            changed_by=actor.user_id,
            changed_by_name=actor.name,
        )
        for column, value in changes.items()
    ]
    for column, value in changes.items():
        setattr(record, column, value)
    record.revision += 1
    record.save(update_fields=[*changes, "revision"])
    ResidentChange.objects.bulk_create(history)


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def renew_card(record: Resident) -> None:
    """Bring the index card and its search keys in step with the record and its live documents."""
    profile = profile_of(vars(record))
    Card.objects.filter(pk=record.pk).update(**card_columns(profile), village_id=record.village_id)
    numbers = Identifier.objects.live().filter(person_id=record.pk).values_list("kind", "number")
    wanted = set(profile_keys(profile, numbers, record.village_id))
    present = set(CardKey.objects.filter(card_id=record.pk).values_list("kind", "value"))
    for kind, value in sorted(present - wanted):
        CardKey.objects.filter(card_id=record.pk, kind=kind, value=value).delete()
    CardKey.objects.bulk_create(
        CardKey(card_id=record.pk, kind=kind, value=value) for kind, value in sorted(wanted - present)
    )
