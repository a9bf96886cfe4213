"""Records: the database shows only those the actor's institution may open (migration 0002)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import (
    RESIDENT_NUMBERS,
    AccessReason,
    AccessRow,
    ChangeRow,
    Enrolment,
    IdentifierRow,
    MergeRow,
    PersonRow,
    profile_of,
)
from yiti.registry.residents.models import (
    Identifier,
    Merge,
    RecordAccess,
    Resident,
    ResidentChange,
)
from yiti.registry.residents.selectors.cards import card_rows, village_names
from yiti.registry.residents.selectors.identity import Identity, aliases, identities
from yiti.registry.terminology import public as terminology


@access.selector
def persons(actor: Actor, ids: Collection[UUID]) -> dict[UUID, PersonRow]:
    """Records by the id asked for; those closed to the actor are missing. Four queries for any number."""
    return _persons(ids)


@access.selector
def persons_apart(actor: Actor, ids: Collection[UUID]) -> dict[UUID, PersonRow]:
    """Open records by id as each stands by itself, whatever it was merged into. Three queries."""
    apart = Identity({id_: id_ for id_ in ids}, {id_: frozenset({id_}) for id_ in ids})
    return _rows_of(apart)


@access.once
def _persons(ids: Collection[UUID]) -> dict[UUID, PersonRow]:
    identity = identities(ids)
    rows = _rows_of(identity)
    return {asked: rows[root] for asked, root in identity.canonical.items() if root in rows}


def _rows_of(identity: Identity) -> dict[UUID, PersonRow]:
    columns = record_columns(identity)
    return person_rows(identity, columns, village_names(row["village_id"] for row in columns.values()))


def record_columns(identity: Identity) -> dict[UUID, dict[str, Any]]:
    """The columns of those canonical records that are open, by id: one query."""
    return {row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in _records(identity.members)}


_COLUMNS = tuple(field.attname for field in Resident._meta.concrete_fields)  # noqa: SLF001


@access.kept
def _records(ids: Collection[UUID]) -> QuerySet[Resident, Any]:
    return Resident.objects.filter(pk__in=ids).values_list(*_COLUMNS)


def person_rows(
    identity: Identity, columns: Mapping[UUID, Mapping[str, Any]], villages: Mapping[UUID | None, str]
) -> dict[UUID, PersonRow]:
    """Open records as rows by canonical id: one query, for the resident numbers."""
    numbers = _resident_numbers(identity)
    return {
        id_: PersonRow(
            id=id_,
            profile=profile_of(row),
            enrolment=Enrolment(row["enrolment"]),
            village_id=row["village_id"],
            village_name=villages.get(row["village_id"], ""),
            mother_id=row["mother_id"],
            id_number=numbers.get(id_, ""),
            registered_at=row["registered_at"],
            deceased_at=row["deceased_at"],
            revision=row["revision"],
            ids=identity.members[id_],
        )
        for id_, row in columns.items()
    }


def _resident_numbers(identity: Identity) -> Mapping[UUID, str]:
    """The live resident number of each canonical id; that of the card before that of a temporary one."""
    root_of = {member: root for root, members in identity.members.items() for member in members}
    return {root_of[person_id]: number for person_id, number in _numbers(root_of)}


@access.kept
def _numbers(ids: Collection[UUID]) -> QuerySet[Identifier, Any]:
    found = Identifier.objects.live().filter(person_id__in=ids, kind__in=RESIDENT_NUMBERS)
    return found.order_by("-kind", "-added_at").values_list("person_id", "number")


@access.selector
def person(actor: Actor, person_id: UUID) -> PersonRow:
    """One record, under whichever of its ids. Raises NotFound for a missing and a closed one alike."""
    found = persons(actor, [person_id]).get(person_id)
    if found is None:
        raise NotFound
    return found


@access.selector
def identifiers(actor: Actor, person_id: UUID) -> list[IdentifierRow]:
    """The documents of a person, live ones first, then by kind and number."""
    found = Identifier.objects.filter(person_id__in=aliases(person_id)).order_by(
        F("ended_at").desc(nulls_first=True), "kind", "number"
    )
    return [
        IdentifierRow(
            id=each.id,
            kind=each.kind,
            kind_zh=terminology.term("id-type", each.kind),
            number=each.number,
            issued_by=each.issued_by,
            added_at=each.added_at,
            is_live=each.ended_at is None,
        )
        for each in found
    ]


@access.selector
def changes_since(actor: Actor, person_id: UUID, revision: int) -> list[ChangeRow]:
    """What was changed on a record after that revision, oldest first."""
    found = ResidentChange.objects.filter(person_id__in=aliases(person_id), revision__gt=revision)
    columns = ("field", "old", "new", "revision", "changed_at", "changed_by_name")
    return [ChangeRow(*row) for row in found.order_by("revision", "field").values_list(*columns)]


@access.selector
def who_may_see(actor: Actor, person_id: UUID, *, at: datetime) -> list[AccessRow]:
    """Which institutions may open a record at that moment and why, by institution and reason.

    Raises NotFound unless the record is open to the actor.
    """
    opened = person(actor, person_id)
    members = aliases(opened.id)
    found = RecordAccess.objects.live(at).filter(person_id__in=members, copy_of__isnull=True)
    rows = list(found.values_list("institution_id", "reason", "valid_from", "valid_until"))
    places = facilities.institutions({row[0] for row in rows})
    shown = [
        AccessRow(id_, places[id_].name, AccessReason(reason), valid_from, valid_until)
        for id_, reason, valid_from, valid_until in rows
    ]
    return sorted(shown, key=lambda row: (row.institution_name, row.reason, row.valid_from))


@access.selector
def merges(actor: Actor, person_id: UUID) -> list[MergeRow]:
    """The merges in force that make up this record, newest first."""
    found = Merge.objects.filter(kept_id__in=aliases(person_id), unmerged_at__isnull=True)
    columns = ("id", "absorbed_id", "kept_id", "reason", "merged_at", "merged_by_name")
    rows = list(found.order_by("-merged_at").values_list(*columns))
    absorbed_cards = card_rows([row[1] for row in rows])
    return [
        MergeRow(id_, absorbed_id, absorbed_cards[absorbed_id].masked_name, kept_id, *rest)
        for id_, absorbed_id, kept_id, *rest in rows
    ]
