"""Builders of visits and episodes for tests of this and of higher rooms."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.ops.roles import Role
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.residents.tests.builders import PERMISSIONS, a_clinician, a_person, a_place
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Episode, Visit

WRITES = (*PERMISSIONS, "episodes.write")

# One white dot.
A_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)


def a_doctor(at_work: Institution | None = None, *, name: str = "唐桂花") -> Actor:
    """Somebody who may write visits, at a village clinic unless told where."""
    return a_clinician(at_work or a_place().clinic, *WRITES, name=name)


def a_patient(doctor: Actor, *, at: datetime = NOON) -> UUID:
    """Somebody whose record is open to this doctor's institution for good."""
    return a_person(doctor, at=at)


def an_opening(person_id: UUID, **changes: object) -> episodes.VisitOpening:
    """A man who comes to the clinic with chest tightness."""
    values: dict[str, object] = {
        "id": new_id(),
        "person_id": person_id,
        "kind": episodes.VisitKind.OUTPATIENT,
        "chief_complaint": "胸闷 3 天",
        **changes,
    }
    return episodes.VisitOpening(**values)  # type: ignore[arg-type]


def a_content(*codes: str, **changes: object) -> episodes.VisitContent:
    """What is written at once: diagnoses by code, the first one being the main one."""
    main, rest = episodes.DiagnosisRole.MAIN, episodes.DiagnosisRole.SECONDARY
    values: dict[str, object] = {
        "diagnoses": [
            episodes.DiagnosisSpec(code, rest if place else main) for place, code in enumerate(codes)
        ],
        **changes,
    }
    return episodes.VisitContent(**values)  # type: ignore[arg-type]


def a_visit(
    doctor: Actor,
    person_id: UUID,
    *codes: str,
    at: datetime = NOON,
    content: episodes.VisitContent | None = None,
    **changes: object,
) -> Visit:
    """A visit begun by this doctor; further `changes` are of `an_opening`."""
    opening = an_opening(person_id, **changes)
    visit_id = episodes.open_visit(actor=doctor, opening=opening, content=content or a_content(*codes), at=at)
    return the_visit(doctor, visit_id)


def a_full_visit(doctor: Actor, at: datetime) -> Visit:
    """A visit in which everything has been written once."""
    content = a_content(
        "I20.0",
        "I10",
        vitals=readings(systolic=168, diastolic=102),
        note=episodes.NoteSpec(subjective="胸闷 3 天"),
        treatments=[episodes.TreatmentSpec("吸氧 3 L/分")],
    )
    return a_visit(doctor, a_patient(doctor), at=at, content=content)


def the_visit(doctor: Actor, visit_id: UUID) -> Visit:
    """The row as the doctor's institution sees it."""
    with access.scoped(doctor):
        return Visit.objects.get(id=visit_id)


def the_episode(doctor: Actor, visit: Visit) -> Episode:
    """The episode of a visit, fresh."""
    with access.scoped(doctor):
        return Episode.objects.get(id=Visit.objects.get(id=visit.id).episode_id)


def readings(**values: str | int) -> list[episodes.VitalValue]:
    """Readings by field name: `readings(systolic=168, temperature="36.8", consciousness="A")`."""
    made = []
    for field, value in values.items():
        kind = next(kind for kind in episodes.VitalKind if kind.field == field)
        if kind is episodes.VitalKind.CONSCIOUSNESS:
            made.append(episodes.VitalValue(kind, level=episodes.Consciousness(str(value))))
        else:
            made.append(episodes.VitalValue(kind, Decimal(value)))
    return made


@contextmanager
def connected_as(role: Role) -> Iterator[None]:
    """Work as another role of the database for a while; only where tests really commit."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role.value
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def drugs(*names: str) -> Sequence[episodes.MedicationSpec]:
    """Current drugs, each once a day."""
    return [episodes.MedicationSpec(name, "10 mg", "09") for name in names]


def a_county_doctor(*, name: str = "陈国栋") -> Actor:
    """A ward doctor of another institution, to whom no record is open."""
    return a_doctor(an_institution(name="县人民医院"), name=name)
