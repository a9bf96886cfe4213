"""Before a form is filled: what is open already, the form of another referral, who could follow up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.care.referrals.domain import (
    DOWN_KIND,
    KINDS,
    Contact,
    Diagnosed,
    Reason,
    Tables,
    Target,
    UpSpec,
)
from yiti.care.referrals.models import DownReferral, UpReferral
from yiti.care.referrals.selectors import parts
from yiti.care.referrals.selectors.rows import FollowerChoice, OpenReferral
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs

FOLLOWING_ROLES = ("village_doctor", "township_physician")


@access.selector
def open_referrals(actor: Actor, person_id: UUID) -> list[OpenReferral]:
    """The referrals of a person that are not closed, oldest first, as far as the actor may see them.

    Raises NotFound for a person nobody knows.
    """
    rows = [row for row in handoffs.open_for_person(actor, person_id) if row.kind_code in KINDS]
    ids = [row.id for row in rows]
    ups = dict(UpReferral.objects.filter(handoff_id__in=ids).values_list("handoff_id", "reason_code"))
    downs = dict(DownReferral.objects.filter(handoff_id__in=ids).values_list("handoff_id", "reason_code"))
    return [OpenReferral(row, _reason(row, ups, downs)) for row in rows]


def _reason(row: handoffs.HandoffRow, ups: dict[UUID, str], downs: dict[UUID, str]) -> str:
    if row.kind_code == DOWN_KIND:
        return terminology.term(Tables.DOWN_REASON, downs[row.id])
    return terminology.term(Tables.UP_REASON, ups[row.id])


@access.selector
def copy_of(actor: Actor, handoff_id: UUID, *, person_id: UUID, episode_id: UUID, new_id: UUID) -> UpSpec:
    """The form of an up-referral the actor's institution sent, to be sent for another person (选错人) or
    again after a refusal. Contact and consent belong to the other person and are left empty.

    Raises NotFound for a missing, a stranger's and another kind's one alike.
    """
    row = handoffs.detail(actor, handoff_id)
    up = UpReferral.objects.filter(handoff_id=handoff_id).first()
    if up is None or row.requester_institution_id != actor.institution_id:
        raise NotFound
    return UpSpec(
        id=new_id,
        person_id=person_id,
        episode_id=episode_id,
        urgency=row.urgency.value,
        reason=Reason(up.reason_code, up.reason_text),
        diagnoses=tuple(Diagnosed(each.code, each.text) for each in parts.diagnoses(handoff_id)),
        case=parts.case_of(up),
        contact=Contact(phone=""),
        target=Target(
            institution_id=up.target_institution_id,
            department_id=up.target_department_id,
            specialty=up.target_specialty,
            department_text=up.target_department_text,
        ),
        transport_code=up.transport_code,
    )


@access.selector
def follower_choices(
    actor: Actor, person_id: UUID, institution_id: UUID, at: datetime
) -> list[FollowerChoice]:
    """Who could do the first follow-up of a person sent to that institution: those at work where the
    person lives first, then the institution's own, by code of staff.

    Raises NotFound without access to the record.
    """
    on = local_date(at)
    village_id = residents.person(actor, person_id).village_id
    near = facilities.serving(village_id, on) if village_id else []
    clinics = [place for place in near if place.level is facilities.Level.VILLAGE]
    found = [*clinics, *facilities.institutions([institution_id]).values()]
    return [
        FollowerChoice(
            institution_id=place.id,
            institution_name=place.short_name,
            level=place.level,
            staff_id=each.staff_id,
            staff_name=each.staff_name,
            role_name=each.role_name,
            serves_village=place in clinics,
        )
        for place in dict.fromkeys(found)
        for each in staff.people_at(actor, place.id, on=on, roles=FOLLOWING_ROLES)
    ]
