"""The places where people can be sent, for whoever ranks them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yiti.kernel.clock import local_date
from yiti.registry.facilities.domain import Destination, Kind, Level, Ward
from yiti.registry.facilities.models import Department, Institution
from yiti.registry.facilities.selectors.beds import ward_counts
from yiti.registry.facilities.selectors.institutions import BY_LEVEL, institution_rows

# Whoever has a column in the capability directory treats people; nobody is sent to a village.
_TAKES_PEOPLE = [
    kind for kind in Kind if kind.facts.tier is not None and kind.facts.level is not Level.VILLAGE
]


def destinations(from_id: UUID, at: datetime) -> list[Destination]:
    """Every place open on that day that admits or sees people who are sent there, and the sender's own
    institution, by level, with their wards and free beds. Three queries for any number of places."""
    able = Institution.objects.open_on(local_date(at)).filter(Q(kind__in=_TAKES_PEOPLE) | Q(id=from_id))
    places = institution_rows(able.in_order(*BY_LEVEL))
    wards = list(
        Department.objects.filter(institution_id__in=[each.id for each in places], is_active=True)
        .order_by("position", "code")
        .values_list("institution_id", "id", "name", "specialty")
    )
    counts = ward_counts([ward_id for _, ward_id, _, _ in wards], at)
    by_place: dict[UUID, list[Ward]] = {each.id: [] for each in places}
    for place_id, ward_id, name, specialty in wards:
        beds = counts.get(ward_id)
        free = None if beds is None else beds["beds"] - beds["occupied"] - beds["held"]
        by_place[place_id].append(Ward(ward_id, name, specialty, free, beds["monitored_free"] if beds else 0))
    return [Destination(each, tuple(by_place[each.id])) for each in places]
