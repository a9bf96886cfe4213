"""Who takes part in one way up and home, and where the person lies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yiti.config.example.desks import Desk, Place
from yiti.config.example.hospitals import Hospital, Ward
from yiti.config.example.people import Somebody
from yiti.kernel.identity import Sex
from yiti.registry.facilities import public as facilities


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody with a place and a key; `family` is whom to call about somebody without a telephone."""

    place: Place
    one: Somebody
    key: UUID
    family: Somebody | None = None

    @property
    def relation(self) -> str:
        """What the one of the family with a telephone is to a child (GB/T 4761)."""
        is_child = self.one.relation in ("20", "30")
        if self.family is None or not is_child or self.family.relation not in ("02", "11", "12"):
            return "97"
        return "52" if self.family.sex is Sex.FEMALE else "51"


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who acts on one way: who sends, who answers, who treats, who agrees, and at home."""

    sender: Desk
    nurse: Desk
    ward_doctor: Desk
    head: Desk
    physician: Desk
    village_doctor: Desk


@dataclass(frozen=True, slots=True)
class Lies:
    """Where somebody goes: hospital, ward, the bed of a stay, and the id of what is written there."""

    hospital: Hospital
    ward: Ward
    bed: facilities.BedRow | None
    visit_id: UUID
