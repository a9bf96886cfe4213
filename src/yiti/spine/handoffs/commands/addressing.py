"""Who holds the sides of a handoff: setting it, checking it, and the access to the record it gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.spine.handoffs.domain.texts import LONGEST_PLACE, clean_text
from yiti.spine.handoffs.models import Handoff

RECORD = "handoffs.handoff"
PART = "handoffs.part"
"""What audit rows call a handoff, and accesses to records an institution's part in one."""


Places = Mapping[UUID, facilities.InstitutionRow]
Rooms = Mapping[UUID, facilities.DepartmentRow]


@dataclass(frozen=True, slots=True)
class Directory:
    """Where names of institutions and departments are looked up: asked of facilities, or known already."""

    places: Callable[[Collection[UUID]], Mapping[UUID, facilities.InstitutionRow]] = facilities.institutions
    rooms: Callable[[Collection[UUID]], Mapping[UUID, facilities.DepartmentRow]] = (
        facilities.departments_by_id
    )


def set_addresses(row: Handoff, given: Mapping[str, Any], directory: Directory = Directory()) -> None:
    """Put new holders into a handoff that is locked or new; nothing is saved yet.

    A new performing institution starts without department and person. Raises InvalidInput (field
    named) for an institution or department that does not exist or does not belong there.
    """
    if "performer_institution_id" in given or "performer_external" in given:
        _set_performer(row, given, directory)
    for name in given:
        if name not in ("performer_institution_id", "performer_external"):
            setattr(row, name, given[name])
    if "performer_department_id" in given:
        row.department_name = _department_name(row, directory)
    if row.between_institutions and row.performer_institution_id == row.requester_institution_id:
        raise InvalidInput(N_("不能转给本院自己，请选别的机构"), field="performer_institution_id")
    follower_id = given.get("follower_institution_id")
    if follower_id is not None and follower_id not in directory.places([follower_id]):
        raise InvalidInput(N_("没有这个机构，请重新选"), field="follower_institution_id")


def _set_performer(row: Handoff, given: Mapping[str, Any], directory: Directory) -> None:
    institution_id = given.get("performer_institution_id")
    told = str(given.get("performer_external") or "")
    outside = clean_text(told, longest=LONGEST_PLACE, field="performer_external")
    if (institution_id is None) == (not outside):
        raise InvalidInput(N_("请选一个接收机构"), field="performer_institution_id")
    row.performer_institution_id, row.performer_external = institution_id, outside
    row.performer_department_id = row.performer_staff_id = None
    row.department_name = ""
    if institution_id is None:
        row.performer_name, row.performer_level = outside, ""
        return
    place = directory.places([institution_id]).get(institution_id)
    if place is None:
        raise InvalidInput(N_("没有这个机构，请重新选"), field="performer_institution_id")
    row.performer_name, row.performer_level = place.short_name, place.level
    row.region_code = place.region_code


def _department_name(row: Handoff, directory: Directory) -> str:
    wanted = row.performer_department_id
    if wanted is None:
        return ""
    room = directory.rooms([wanted]).get(wanted)
    if room is None or room.institution_id != row.performer_institution_id:
        raise InvalidInput(N_("接收机构没有这个科室，请重新选"), field="performer_department_id")
    return room.name


def ensure_people(actor: Actor, row: Handoff, given: Mapping[str, Any], *, on: date) -> None:
    """Raise InvalidInput (field named) for a person who does not work that day where the work is."""
    for side in Side.REQUESTER, Side.PERFORMER, Side.FOLLOWER:
        if given.get(f"{side}_staff_id"):
            _ensure_works_there(actor, row, side, on)


def _ensure_works_there(actor: Actor, row: Handoff, side: Side, on: date) -> None:
    institution_id, wanted = getattr(row, f"{side}_institution_id"), getattr(row, f"{side}_staff_id")
    people = staff.people_at(actor, institution_id, on=on) if institution_id else []
    if wanted not in {person.staff_id for person in people}:
        raise InvalidInput(N_("这个人现在不在该机构上班，请重新选"), field=f"{side}_staff_id")


def parties_of(row: Handoff) -> list[UUID]:
    """The institutions that row security lets see the handoff: the requester alone until it is sent,
    then all sides and whoever had it before."""
    if row.sent_at is None:
        return [row.requester_institution_id]
    sides = {row.requester_institution_id, row.performer_institution_id, row.follower_institution_id}
    return sorted({*row.parties, *(side for side in sides if side is not None)})


def readers_of(row: Handoff) -> frozenset[UUID]:
    """The institutions to which the handoff opens the person's record now, as long as it is open: the
    one that asked, and once it is sent those who are to act."""
    if row.closed_at is not None:
        return frozenset()
    asked = (row.performer_institution_id, row.follower_institution_id) if row.sent_at else ()
    return frozenset({row.requester_institution_id, *(place for place in asked if place is not None)})


def open_record(actor: Actor, row: Handoff, before: frozenset[UUID], *, at: datetime) -> None:
    """Bring the accesses to the person's record from `before` to what they should be now.

    Giving comes before ending: whoever hands on may be the one whose own access ends.
    """
    wanted = readers_of(row)
    work = {place: part_id(row.id, place) for place in sorted(wanted - before)}
    if work:
        residents.grant_access(
            actor,
            row.person_id,
            work,
            reason=residents.AccessReason.HANDOFF,
            for_kind=PART,
            at=at,
        )
    for institution_id in sorted(before - wanted):
        residents.end_access(actor, for_kind=PART, for_id=part_id(row.id, institution_id), at=at)


def part_id(handoff_id: UUID, institution_id: UUID) -> UUID:
    """The name of one institution's part in a handoff: accesses are ended by name, each on its own."""
    return uuid5(handoff_id, str(institution_id))
