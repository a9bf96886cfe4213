"""Who works where in the example county: desks by institution, ward and role, villages with their desks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from random import Random
from uuid import UUID

from yiti.config.example.courses import COUNTY, TOWNSHIP
from yiti.config.example.people import Village
from yiti.config.example.run import Invention
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import public as staff
from yiti.spine.handoffs import public as handoffs

PEOPLE = 13_000
TREATING = frozenset({"village_doctor", "township_physician", "ward_doctor"})
_ROLES = (*sorted(TREATING), "referral_nurse", "referral_center_head", "auditor")


@dataclass(frozen=True, slots=True)
class Desk:
    """A place of work and who sits there."""

    place: str  # code of the institution
    institution_id: UUID
    institution_name: str
    ward: str  # code of the department, "" for none
    department_id: UUID | None
    department_name: str
    posting_id: UUID
    staff_id: UUID
    user_id: UUID
    name: str
    role: str

    @property
    def hand(self) -> handoffs.Hand:
        """The person as a log names them."""
        return handoffs.Hand(
            self.user_id,
            self.name,
            self.institution_id,
            self.institution_name,
            self.department_id,
            self.staff_id,
        )

    @property
    def actor(self) -> Actor:
        """The person at work, as the edge would build them."""
        return Actor(
            user_id=self.user_id,
            name=self.name,
            institution_id=self.institution_id,
            institution_name=self.institution_name,
            department_id=self.department_id,
            staff_id=self.staff_id,
            posting_id=self.posting_id,
            role=self.role,
            permissions=accounts.role_permissions(self.role),
        )


@dataclass(frozen=True)
class Desks:
    """Everybody the invention lets act, by institution; the same order at every run."""

    all: Sequence[Desk]
    by_place: Mapping[str, list[Desk]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Desk]] = {}
        for desk in self.all:
            found.setdefault(desk.place, []).append(desk)
        object.__setattr__(self, "by_place", found)

    def treating(self, place: str, ward: str = "") -> list[Desk]:
        """Who treats people at an institution; in a ward without a doctor of its own, all of them."""
        there = [desk for desk in self.by_place[place] if desk.role in TREATING]
        return [desk for desk in there if desk.ward == ward] or there

    def answering(self, place: str) -> list[Desk]:
        """Who answers referrals for an institution: its referral nurses, or its physicians."""
        there = self.by_place[place]
        return [desk for desk in there if desk.role == "referral_nurse"] or self.treating(place)

    @cached_property
    def centre_head(self) -> Desk:
        """Who agrees that people leave the county."""
        return next(desk for desk in self.all if desk.role == "referral_center_head")

    def of(self, staff_name: str, place: str) -> Desk:
        """Somebody by name and institution. Raises StopIteration."""
        return next(desk for desk in self.by_place[place] if desk.name == staff_name)


@dataclass(frozen=True, slots=True)
class Place:
    """A village with the desks its people go to."""

    region_id: UUID
    village: Village
    address: str
    clinic: Desk
    township: Sequence[Desk]
    county: Sequence[Desk]

    def desk(self, rng: Random, level: str) -> Desk:
        """Who sees a person of this village at that level."""
        if level == COUNTY:
            return rng.choice(self.county)
        return rng.choice(self.township) if level == TOWNSHIP else self.clinic


def find_desks(actor: Actor, at: datetime) -> Desks:
    """Everybody at work in the roles the invention needs, by staff code."""
    postings = staff.postings_in_roles(actor, _ROLES, on=local_date(at))
    people = staff.staff(actor, {each.staff_id for each in postings})
    places = facilities.institutions({each.institution_id for each in postings})
    rooms = facilities.departments_by_id({each.department_id for each in postings if each.department_id})
    return Desks(list(_desks(postings, people, places, rooms)))


def _desks(
    postings: Iterable[staff.PostingRow],
    people: Mapping[UUID, staff.StaffRow],
    places: Mapping[UUID, facilities.InstitutionRow],
    rooms: Mapping[UUID, facilities.DepartmentRow],
) -> Iterator[Desk]:
    for each in postings:
        user_id = people[each.staff_id].user_id
        room = rooms.get(each.department_id) if each.department_id else None
        if user_id is not None:
            yield Desk(
                place=places[each.institution_id].code,
                institution_id=each.institution_id,
                institution_name=each.institution_name,
                ward=room.code if room else "",
                department_id=each.department_id,
                department_name=each.department_name,
                posting_id=each.id,
                staff_id=each.staff_id,
                user_id=user_id,
                name=each.staff_name,
                role=each.role,
            )


def find_places(desks: Desks, run: Invention) -> Iterator[Place]:
    """Every village that has a clinic, with its desks; people are spread by the size of the township."""
    on = local_date(run.at)
    clinics = [
        row
        for township in sorted(code for code in desks.by_place if code.count("-") == 1)
        for row in facilities.managed_by(facilities.institution_by_code(township).id, on)
        if row.level is facilities.Level.VILLAGE
    ]
    share, rest = divmod(round(PEOPLE * run.share), len(clinics))
    for place, row in enumerate(clinics):
        path = facilities.region_path(row.region_code)
        yield Place(
            row.region_id,
            Village(row.region_code, path[-1], share + (place < rest)),
            "".join(path[-2:]),
            desks.treating(row.code)[0],
            desks.treating(row.code.rsplit("-", 1)[0]),
            desks.treating("LN-RMYY"),
        )
