"""Who lives with whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents.domain import HEAD_OF_HOUSEHOLD, HouseholdSpec, ensure_household, normal_text
from yiti.registry.residents.domain.people import LONGEST_ADDRESS
from yiti.registry.residents.models import Household, HouseholdMember, Resident
from yiti.registry.terminology import public as terminology


@access.command
def set_household(*, actor: Actor, spec: HouseholdSpec, at: datetime) -> UUID:
    """Say who lives in the household of this head; those who came from another one have left it.

    Gives the id of the household. Raises NotFound unless the records of all of them are open,
    InvalidInput, Conflict for a member who is the head of another household.
    """
    actor.require("residents.write")
    ensure_household(spec)
    for _, relation in spec.members:
        terminology.ensure_choice("relation", relation, field="members")
    places = {spec.head_id: HEAD_OF_HOUSEHOLD, **dict(spec.members)}
    records = _lock_records(places)
    home = _home_of(spec, records[spec.head_id], at)
    _move_in(home, places, at)
    audit.note(
        actor,
        "residents.set_household",
        kind="residents.household",
        record_id=home.pk,
        person_id=spec.head_id,
        at=at,
        detail={"size": len(places)},
    )
    return home.pk


def _lock_records(ids: Collection[UUID]) -> dict[UUID, Resident]:
    found = {each.pk: each for each in Resident.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(found) != len(ids):
        raise NotFound
    return found


def _home_of(spec: HouseholdSpec, head: Resident, at: datetime) -> Household:
    address = normal_text(spec.address, longest=LONGEST_ADDRESS, field="address")
    home = Household.objects.select_for_update().filter(head_id=head.pk, ended_at__isnull=True).first()
    if home is None:
        home = Household(id=spec.id, head_id=head.pk, created_at=at, size=0)
    home.address, home.village_id = address, head.village_id
    home.save()
    return home


def _move_in(home: Household, places: dict[UUID, str], at: datetime) -> None:
    """Those who stand in `places` live there, others whose records are open have left. The size is
    counted on, because members may live there whose records are closed to the actor."""
    living = HouseholdMember.objects.living_there()
    before = list(living.filter(household=home).values_list("person_id", "relation"))
    gone = [id_ for id_, relation in before if places.get(id_) != relation]
    living.filter(household=home, person_id__in=gone).update(left_at=at)
    new = [id_ for id_ in places if (id_, places[id_]) not in before]
    _leave_other_homes(home, new, at)
    Household.objects.filter(pk=home.pk).update(size=F("size") - len(gone) + len(new))
    HouseholdMember.objects.bulk_create(
        HouseholdMember(id=new_id(), household=home, person_id=id_, relation=places[id_], joined_at=at)
        for id_ in new
    )


def _leave_other_homes(home: Household, ids: Collection[UUID], at: datetime) -> None:
    elsewhere = HouseholdMember.objects.living_there().filter(person_id__in=ids).exclude(household=home)
    if elsewhere.filter(household__head_id=F("person_id")).exists():
        raise Conflict(N_("有人是另一户的户主，请先给那一户换户主"))
    counts = elsewhere.values_list("household_id").annotate(n=Count("id")).order_by("household_id")
    for household_id, leaving in list(counts):
        Household.objects.filter(pk=household_id).update(size=F("size") - leaving)
    elsewhere.update(left_at=at)
