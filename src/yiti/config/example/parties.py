"""Who takes part in one way up and home, and where the person lies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yiti.config.example.desks import Desk, Place
from yiti.config.example.hospitals import Hospital, Ward
from yiti.config.example.people import Somebody
from yiti.registry.facilities import public as facilities


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody with a place and a key."""

    place: Place
    one: Somebody
    key: UUID


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
