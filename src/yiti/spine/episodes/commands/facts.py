"""Writing more into a visit while it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.spine.episodes.commands import writing
from yiti.spine.episodes.commands.locks import lock_open_visit
from yiti.spine.episodes.domain import (
    VitalValue,
)
from yiti.spine.episodes.domain.specs import (
    DiagnosisSpec,
    MedicationSpec,
    NoteSpec,
    TreatmentSpec,
)


@access.command
def record_vitals(
    *, actor: Actor, visit_id: UUID, readings: Sequence[VitalValue], taken_at: datetime, at: datetime
) -> list[UUID]:
    """Add readings taken together; gives their ids.

    Raises NotFound, Conflict for a visit that has ended, InvalidInput for an impossible value.
    """
    actor.require("episodes.write")
    visit = lock_open_visit(actor, visit_id)
    if not readings:
        raise InvalidInput(N_("请至少填一项体征"), field="vitals")
    made = writing.add_vitals(actor, visit, readings, taken_at=taken_at, at=at)
    writing.note_fact(actor, "episodes.record_vitals", "episodes.vital", made[0], visit, at)
    return made


@access.command
def add_diagnosis(*, actor: Actor, visit_id: UUID, spec: DiagnosisSpec, at: datetime) -> UUID:
    """Add a diagnosis; gives its id. Raises NotFound, Conflict, InvalidInput (a second main one too)."""
    actor.require("episodes.write")
    visit = lock_open_visit(actor, visit_id)
    (made,) = writing.add_diagnoses(actor, visit, [spec], at=at)
    writing.note_fact(actor, "episodes.add_diagnosis", "episodes.diagnosis", made, visit, at)
    return made


@access.command
def write_note(*, actor: Actor, visit_id: UUID, spec: NoteSpec, at: datetime) -> UUID:
    """Add a SOAP note; gives its id. Raises NotFound, Conflict, InvalidInput for an empty one."""
    actor.require("episodes.write")
    visit = lock_open_visit(actor, visit_id)
    made = writing.add_note(actor, visit, spec, at=at)
    if made is None:
        raise InvalidInput(N_("病历四栏至少写一栏"), field="subjective")
    writing.note_fact(actor, "episodes.write_note", "episodes.note", made, visit, at)
    return made


@access.command
def add_treatment(*, actor: Actor, visit_id: UUID, spec: TreatmentSpec, at: datetime) -> UUID:
    """Add something done; gives its id. Raises NotFound, Conflict, InvalidInput."""
    actor.require("episodes.write")
    visit = lock_open_visit(actor, visit_id)
    (made,) = writing.add_treatments(actor, visit, [spec], at=at)
    writing.note_fact(actor, "episodes.add_treatment", "episodes.treatment", made, visit, at)
    return made


@access.command
def set_medications(
    *, actor: Actor, visit_id: UUID, items: Sequence[MedicationSpec], seen_id: UUID | None, at: datetime
) -> UUID:
    """Write the person's list of current drugs anew (empty: takes none); gives its id.

    `seen_id` is the list the doctor had in sight, None when there was none. Raises NotFound, Conflict,
    InvalidInput, StaleRevision when the list has changed meanwhile.
    """
    actor.require("episodes.write")
    visit = lock_open_visit(actor, visit_id)
    made = writing.add_medication_list(actor, visit, items, seen_id=seen_id, at=at)
    writing.note_fact(actor, "episodes.set_medications", "episodes.medications", made, visit, at)
    return made
