"""Putting right what was written wrong, also after the visit has ended. A correction is a new row that names
the one it stands for; the old row stays as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.spine.episodes.commands import writing
from yiti.spine.episodes.commands.ending import clean_discharge
from yiti.spine.episodes.commands.locks import key_of, lock_visit, writer
from yiti.spine.episodes.domain import (
    Consciousness,
    DiagnosisRole,
    DischargeWay,
    VisitKind,
    VitalKind,
    VitalValue,
)
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.specs import (
    Correction,
    DiagnosisSpec,
    DischargeSpec,
    NoteSpec,
    TreatmentSpec,
    ensure_one_main,
)
from yiti.spine.episodes.models import (
    Attachment,
    Diagnosis,
    Discharge,
    Fact,
    Note,
    Treatment,
    Visit,
    VitalReading,
)

FactT = TypeVar("FactT", bound=Fact)


@access.command
def correct_vital(
    *,
    actor: Actor,
    visit_id: UUID,
    correction: Correction,
    value: VitalValue,
    at: datetime,
) -> UUID:
    """Put another value in the place of a reading of the same kind; gives the id of the new row.

    Raises NotFound, StaleRevision when it has been corrected already, InvalidInput.
    """
    actor.require("episodes.write")
    visit, old, why = _lock_fact(actor, VitalReading, visit_id, correction)
    if VitalKind(old.kind) is not value.kind:
        raise InvalidInput(N_("改正不能换成另一种体征"), field="value")
    others = [
        VitalValue(VitalKind(row.kind), row.value, Consciousness(row.level) if row.level else None)
        for row in VitalReading.objects.in_force().of_visits([visit.id]).filter(taken_at=old.taken_at)
        if row.id != old.id
    ]
    writing.ensure_vitals([*others, value], writing.limits_of(actor, visit, at))
    made = VitalReading.objects.create(
        **rows.vital_columns(
            key_of(visit),
            value,
            row_id=new_id(),
            writer=writer(actor, at),
            taken_at=old.taken_at,
            correction=why,
        )
    )
    writing.note_fact(actor, "episodes.correct_vital", "episodes.vital", made.id, visit, at)
    return made.id


@access.command
def correct_diagnosis(
    *, actor: Actor, visit_id: UUID, correction: Correction, spec: DiagnosisSpec, at: datetime
) -> UUID:
    """Put another diagnosis (or role, or certainty) in the place of one; gives the id of the new row.

    Raises NotFound, StaleRevision when it has been corrected already, InvalidInput.
    """
    actor.require("episodes.write")
    visit, old, why = _lock_fact(actor, Diagnosis, visit_id, correction)
    words = writing.worded(spec)
    others = Diagnosis.objects.in_force().of_visits([visit.id]).exclude(id=old.id)
    there = list(others.values_list("code", "role"))
    if words.code in {code for code, _ in there}:
        raise InvalidInput(N_("同一个诊断写了两次"), field="diagnoses")
    ensure_one_main([*(DiagnosisRole(role) for _, role in there), words.role])
    made = Diagnosis.objects.create(
        **rows.diagnosis_columns(
            key_of(visit), words, row_id=new_id(), writer=writer(actor, at), correction=why
        )
    )
    writing.note_fact(actor, "episodes.correct_diagnosis", "episodes.diagnosis", made.id, visit, at)
    return made.id


@access.command
def correct_note(
    *, actor: Actor, visit_id: UUID, correction: Correction, spec: NoteSpec, at: datetime
) -> UUID:
    """Put another note in the place of one; gives the id of the new row.

    Raises NotFound, StaleRevision when it has been corrected already, InvalidInput for an empty one.
    """
    actor.require("episodes.write")
    visit, _, why = _lock_fact(actor, Note, visit_id, correction)
    note = writing.clean_note(spec)
    if note.is_empty:
        raise InvalidInput(N_("病历四栏至少写一栏"), field="subjective")
    made = Note.objects.create(
        **rows.note_columns(key_of(visit), note, row_id=new_id(), writer=writer(actor, at), correction=why)
    )
    writing.note_fact(actor, "episodes.correct_note", "episodes.note", made.id, visit, at)
    return made.id


@access.command
def correct_treatment(
    *, actor: Actor, visit_id: UUID, correction: Correction, spec: TreatmentSpec, at: datetime
) -> UUID:
    """Put other words or another time in the place of something done; gives the id of the new row.

    Raises NotFound, StaleRevision when it has been corrected already, InvalidInput.
    """
    actor.require("episodes.write")
    visit, old, why = _lock_fact(actor, Treatment, visit_id, correction)
    done = writing.clean_treatment(replace(spec, given_at=spec.given_at or old.given_at), at)
    made = Treatment.objects.create(
        **rows.treatment_columns(
            key_of(visit), done, row_id=new_id(), writer=writer(actor, at), correction=why
        )
    )
    writing.note_fact(actor, "episodes.correct_treatment", "episodes.treatment", made.id, visit, at)
    return made.id


@access.command
def correct_discharge(
    *, actor: Actor, visit_id: UUID, correction: Correction, spec: DischargeSpec, at: datetime
) -> UUID:
    """Put another way, outcome or summary in the place of a discharge; gives the id of the new row.

    The moment of discharge stays. A death is neither put in nor taken out this way: other rooms have
    acted on it. Raises NotFound, StaleRevision when it has been corrected already, InvalidInput.
    """
    actor.require("episodes.write")
    visit, old, why = _lock_fact(actor, Discharge, visit_id, correction)
    clean = clean_discharge(spec, VisitKind(visit.kind))
    if (old.way == DischargeWay.DIED) != (clean.way is DischargeWay.DIED):
        raise InvalidInput(N_("死亡不能在这里改，请联系病案室"), field="way")
    made = Discharge.objects.create(
        **rows.discharge_columns(
            key_of(visit),
            clean,
            row_id=new_id(),
            writer=writer(actor, at),
            discharged_at=old.discharged_at,
            correction=why,
        )
    )
    writing.note_fact(actor, "episodes.correct_discharge", "episodes.discharge", made.id, visit, at)
    return made.id


@access.command
def withdraw_fact(*, actor: Actor, visit_id: UUID, kind: str, correction: Correction, at: datetime) -> UUID:
    """Withdraw what should never have been written: `kind` is vital, diagnosis, note, treatment or
    attachment.

    Gives the id of the row that withdraws. Raises NotFound, StaleRevision when it has been corrected
    already, InvalidInput when the main diagnosis would leave others without one.
    """
    actor.require("episodes.write")
    if kind not in _WITHDRAWABLE:
        raise NotFound
    model = _WITHDRAWABLE[kind]
    visit, old, why = _lock_fact(actor, model, visit_id, correction)
    if model is Diagnosis:
        others = Diagnosis.objects.in_force().of_visits([visit.id]).exclude(id=old.id)
        ensure_one_main([DiagnosisRole(role) for role in others.values_list("role", flat=True)])
    content = model.objects.filter(id=old.id).values().get()
    made = model.objects.create(
        **content
        | {
            "id": new_id(),
            "recorded_at": at,
            "recorded_by": actor.user_id,
            "recorded_by_name": actor.name,
            "replaces_id": old.id,
            "reason": why.reason,
            "is_withdrawal": True,
        }
    )
    writing.note_fact(actor, "episodes.withdraw_fact", f"episodes.{kind}", made.id, visit, at)
    return made.id


_WITHDRAWABLE: dict[str, type[Fact]] = {
    "vital": VitalReading,
    "diagnosis": Diagnosis,
    "note": Note,
    "treatment": Treatment,
    "attachment": Attachment,
}


def _lock_fact(
    actor: Actor, model: type[FactT], visit_id: UUID, correction: Correction
) -> tuple[Visit, FactT, Correction]:
    """The locked visit, the fact to be corrected, and why. Raises NotFound, StaleRevision, InvalidInput."""
    visit = lock_visit(actor, visit_id)
    why = Correction(correction.replaces_id, writing.clean_reason(correction.reason))
    old = cast("FactT | None", model.objects.filter(id=why.replaces_id, visit=visit).first())
    if old is None:
        raise NotFound
    if old.is_withdrawal or model.objects.filter(replaces=old).exists():
        raise StaleRevision(N_("这一条刚被改过，请看过新的内容再改"))
    return visit, old, why
