"""Vital signs of a person over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes.domain import Limits, VitalKind
from yiti.spine.episodes.domain.rows import VitalRow, VitalSeries, VitalSet
from yiti.spine.episodes.models import Visit, VitalReading
from yiti.spine.episodes.selectors.facts import vital_row
from yiti.spine.episodes.selectors.limits import limits_for

SHOWN = 9


@access.selector
def vitals(
    actor: Actor,
    person_id: UUID,
    at: datetime,
    *,
    kinds: Collection[VitalKind] = tuple(VitalKind),
    last: int = SHOWN,
) -> list[VitalSeries]:
    """The last readings of each kind that was ever taken, in the order of the form, with target bands.

    Raises NotFound without access to the record.
    """
    limits = limits_for(residents.person(actor, person_id), actor.institution_id, at)
    newest = Window(RowNumber(), partition_by=F("kind"), order_by=[F("taken_at").desc(), F("id").desc()])
    found = (
        VitalReading.objects.in_force()
        .filter(person_id__in=residents.aliases(person_id), kind__in=kinds)
        .annotate(place=newest)
        .filter(place__lte=last)
        .order_by("taken_at", "id")
    )
    by_kind: dict[VitalKind, list[VitalRow]] = defaultdict(list)
    for row in found:
        by_kind[VitalKind(row.kind)].append(vital_row(row, limits))
    return [_series(kind, by_kind[kind], limits) for kind in VitalKind if kind in by_kind]


def _series(kind: VitalKind, readings: Sequence[VitalRow], limits: Limits) -> VitalSeries:
    found = limits[kind]
    return VitalSeries(kind, tuple(readings), found.target_low, found.target_below)


@access.selector
def vital_sets(
    actor: Actor, person_id: UUID, at: datetime, *, limit: int = 50, episode_id: UUID | None = None
) -> list[VitalSet]:
    """Readings by the moment they were taken together, newest first; of one episode, or of all.

    Raises NotFound without access to the record.
    """
    limits = limits_for(residents.person(actor, person_id), actor.institution_id, at)
    found = VitalReading.objects.in_force().filter(person_id__in=residents.aliases(person_id))
    if episode_id is not None:
        found = found.filter(visit__in=Visit.objects.filter(episode_id=episode_id))
    ordered = found.select_related("visit").order_by("-taken_at", "visit_id", "id")
    rows = list(ordered[: limit * len(VitalKind)])
    places = facilities.institutions({row.visit.institution_id for row in rows})
    order = list(VitalKind)
    sets = []
    for (taken_at, _), together in groupby(rows, lambda row: (row.taken_at, row.visit_id)):
        same = list(together)
        readings = sorted((vital_row(row, limits) for row in same), key=lambda r: order.index(r.reading.kind))
        sets.append(VitalSet(taken_at, places[same[0].visit.institution_id].level, tuple(readings)))
    return sets[:limit]
