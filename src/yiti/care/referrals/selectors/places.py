"""Where a referral goes first: straight to the target, or to the referral centre; and where in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.rulebook import centre_department
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs


@dataclass(frozen=True, slots=True)
class Centre:
    """The county's referral centre: a department of the consortium's head hospital; None where the head
    has no department of that name, then the hospital as a whole is asked."""

    institution: facilities.InstitutionRow
    department_id: UUID | None


def referral_centre(start: facilities.InstitutionRow, on: date) -> Centre:
    """The referral centre for a sender: that of its consortium, for others that of the county's first one.

    Raises Conflict when no consortium has a head on that day.
    """
    own = facilities.consortium_of(start.id, on)
    ids = [own.id] if own else [each.id for each in facilities.consortia()]
    for consortium_id in ids:
        for member in facilities.members(consortium_id, on):
            if member.role is facilities.MemberRole.HEAD:
                return _centre_of(facilities.institution(member.institution_id), on)
    raise Conflict(N_("还没有登记医共体牵头医院，不能转出县外；请先联系管理员"))


def _centre_of(head: facilities.InstitutionRow, on: date) -> Centre:
    name = centre_department(on, head.region_code)
    found = (room.id for room in facilities.departments(head.id) if room.name == name)
    return Centre(head, next(found, None))


def bound_for(performers: Mapping[UUID, UUID | None]) -> dict[UUID, handoffs.Destination]:
    """Where the persons of these up-referrals go that somebody else than the target performs (the centre)."""
    columns = ("handoff_id", "target_institution_id", "target_department_id", "target_department_text")
    found = UpReferral.objects.filter(handoff_id__in=performers).values_list(*columns)
    targets = [row for row in found if row[1] != performers[row[0]]]
    places = facilities.institutions({place_id for _, place_id, _, _ in targets}) if targets else {}
    rooms = facilities.departments_by_id({room_id for _, _, room_id, _ in targets if room_id})
    return {
        id_: handoffs.Destination(
            name=places[place_id].short_name,
            level=places[place_id].level,
            department=rooms[room_id].name if room_id else words,
        )
        for id_, place_id, room_id, words in targets
    }
