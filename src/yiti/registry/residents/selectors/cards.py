"""Index cards: open to everybody who may search, every search audited by the edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.kernel.identity import Sex
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import CardRow
from yiti.registry.residents.models import Card

_COLUMNS = (
    "id",
    "masked_name",
    "sex",
    "birth_year",
    "village_id",
    "initials",
    "is_deceased",
    "merged_into_id",
)


def card_rows(ids: Collection[UUID]) -> dict[UUID, CardRow]:
    """Cards by id, with the names of their villages, merged ones as they are; ids nobody has are missing. Two
    queries."""
    values = _by_id(ids)
    villages = village_names(row[4] for row in values)
    return {
        id_: CardRow(
            id=id_,
            masked_name=masked_name,
            sex=Sex(sex),
            birth_year=birth_year,
            village_id=village_id,
            village_name=villages.get(village_id, ""),
            initials=initials,
            is_deceased=is_deceased,
            merged_into_id=merged_into_id,
        )
        for id_, masked_name, sex, birth_year, village_id, initials, is_deceased, merged_into_id in values
    }


@access.kept
def _by_id(ids: Collection[UUID]) -> QuerySet[Card, Any]:
    return Card.objects.filter(id__in=ids).values_list(*_COLUMNS)


def village_names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of villages by id: one query, none when nobody has a village."""
    asked = {id_ for id_ in ids if id_ is not None}
    return {id_: region.name for id_, region in facilities.regions(asked).items()} if asked else {}


@access.selector
def cards(actor: Actor, ids: Collection[UUID]) -> dict[UUID, CardRow]:
    """Cards by id, merged ones as they are; ids nobody has are missing. Two queries."""
    return card_rows(ids)


@access.selector
def card(actor: Actor, card_id: UUID) -> CardRow:
    """One card. Raises NotFound."""
    found = card_rows([card_id]).get(card_id)
    if found is None:
        raise NotFound
    return found
