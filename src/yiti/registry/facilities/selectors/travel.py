from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from yiti.foundation.rules import public as rules
from yiti.registry.facilities.domain import Place, Travel, compute_travel
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.selectors.rulebook import roads


def travel(from_id: UUID, to_id: UUID, on: date) -> Travel:
    """The estimated way by road from one institution to another, by the rules of that day."""
    return travels(from_id, [to_id], on)[to_id]


def travels(from_id: UUID, to_ids: Collection[UUID], on: date) -> dict[UUID, Travel]:
    """The same to several, in one query. An unknown place gives unknown figures."""
    rows = Institution.objects.filter(id__in={from_id, *to_ids}).values_list(
        "id", "latitude", "longitude", "region__code"
    )
    places: dict[UUID, Place] = {}
    region = rules.ANYWHERE
    for id_, latitude, longitude, code in rows:
        if latitude is not None and longitude is not None:
            places[id_] = (latitude, longitude)
        if id_ == from_id:
            region = code
    known = roads(on, region)
    return {id_: compute_travel(places.get(from_id), places.get(id_), known) for id_ in to_ids}
