"""Checking what was written and adding it to a visit that is locked: shared by all commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.commands.locks import key_of, lock_person, writer
from yiti.spine.episodes.domain import (
    DiagnosisRole,
    Limits,
    VitalValue,
    ensure_plausible,
    ensure_pressures_agree,
    normal_code,
)
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.preparing import ids_in_order
from yiti.spine.episodes.domain.specs import (
    LONGEST_LINE,
    LONGEST_REASON,
    LONGEST_TEXT,
    Correction,
    DiagnosisSpec,
    MedicationSpec,
    NoteSpec,
    TreatmentSpec,
    VisitContent,
    ensure_one_main,
)
from yiti.spine.episodes.domain.texts import clean_line, clean_text
from yiti.spine.episodes.models import (
    CurrentMedication,
    Diagnosis,
    MedicationList,
    Note,
    Treatment,
    Visit,
    VitalReading,
)
from yiti.spine.episodes.selectors.facts import FREQUENCIES, latest_list
from yiti.spine.episodes.selectors.limits import limits_for

ICD10 = "icd10"
MOST_DRUGS = 30


def clean_reason(text: str, *, field: str = "reason") -> str:
    """A reason as stored. Raises InvalidInput when there is none."""
    reason = clean_line(text, longest=LONGEST_REASON, field=field)
    if not reason:
        raise InvalidInput(N_("请写原因"), field=field)
    return reason


def clean_correction(correction: Correction | None) -> Correction | None:
    """The same with its reason tidied."""
    return replace(correction, reason=clean_reason(correction.reason)) if correction else None


def worded(spec: DiagnosisSpec) -> DiagnosisSpec:
    """The diagnosis with its words from terminology. Raises InvalidInput for an unknown code."""
    code = normal_code(spec.code)
    try:
        terminology.ensure_choice(ICD10, code, field="diagnoses")
        found = terminology.concept(ICD10, code)
    except (InvalidInput, NotFound):
        raise InvalidInput(N_("没有编码 {code} 的诊断，请重新选"), field="diagnoses", code=code) from None
    text = clean_line(spec.text, longest=120, field="diagnoses")
    return replace(spec, code=code, text=text or found.zh)


def clean_note(spec: NoteSpec) -> NoteSpec:
    """A note as stored. Raises InvalidInput for a part too long."""
    return NoteSpec(
        **{
            part: clean_text(getattr(spec, part), longest=LONGEST_TEXT, field=part)
            for part in ("subjective", "objective", "assessment", "plan")
        }
    )


def clean_treatment(spec: TreatmentSpec, at: datetime) -> TreatmentSpec:
    """Something done, as stored. Raises InvalidInput when empty or in the future."""
    text = clean_line(spec.text, longest=LONGEST_LINE, field="treatments")
    if not text:
        raise InvalidInput(N_("请写做了什么处置"), field="treatments")
    ensure_not_future(spec.given_at, at, field="treatments")
    return TreatmentSpec(text, spec.given_at)


def clean_medication(spec: MedicationSpec, at: datetime) -> MedicationSpec:
    """A current drug as stored. Raises InvalidInput."""
    name = clean_line(spec.name, longest=80, field="medications")
    if not name:
        raise InvalidInput(N_("请写药名"), field="medications")
    if spec.frequency:
        terminology.ensure_choice(FREQUENCIES, spec.frequency, field="medications")
    if spec.since is not None and spec.since > local_date(at):
        raise InvalidInput(N_("{name}：开始日期在今天之后"), field="medications", name=name)
    dose = clean_line(spec.dose, longest=40, field="medications")
    return MedicationSpec(name, dose, spec.frequency, spec.since)


def ensure_not_future(moment: datetime | None, at: datetime, *, field: str) -> None:
    """Raise InvalidInput for something that has not happened yet."""
    if moment is not None and moment > at:
        raise InvalidInput(N_("时间在现在之后，请检查"), field=field)


def ensure_vitals(readings: Sequence[VitalValue], limits: Limits) -> None:
    """Raise InvalidInput for an impossible value, a kind given twice, or pressures that contradict."""
    by_kind = {each.kind: each for each in readings}
    if len(by_kind) != len(readings):
        raise InvalidInput(N_("同一项体征填了两次"), field="vitals")
    for each in readings:
        ensure_plausible(each, limits)
    ensure_pressures_agree(by_kind)


def limits_of(actor: Actor, visit: Visit, at: datetime) -> Limits:
    """The limits that hold for the person of a visit."""
    return limits_for(residents.person(actor, visit.person_id), visit.institution_id, at)


def add_vitals(
    actor: Actor, visit: Visit, readings: Sequence[VitalValue], *, taken_at: datetime, at: datetime
) -> list[UUID]:
    """Add readings taken together at `taken_at`."""
    if not readings:
        return []
    ensure_not_future(taken_at, at, field="taken_at")
    ensure_vitals(readings, limits_of(actor, visit, at))
    made = [
        VitalReading(
            **rows.vital_columns(
                key_of(visit), each, row_id=new_id(), writer=writer(actor, at), taken_at=taken_at
            )
        )
        for each in readings
    ]
    VitalReading.objects.bulk_create(made)
    return [row.id for row in made]


def add_diagnoses(actor: Actor, visit: Visit, specs: Sequence[DiagnosisSpec], *, at: datetime) -> list[UUID]:
    """Add diagnoses to a visit. Raises InvalidInput when there would be no main one, or two."""
    if not specs:
        return []
    there = list(Diagnosis.objects.in_force().of_visits([visit.id]).values_list("code", "role"))
    words = [worded(each) for each in specs]
    codes = [code for code, _ in there] + [each.code for each in words]
    if len(set(codes)) != len(codes):
        raise InvalidInput(N_("同一个诊断写了两次"), field="diagnoses")
    ensure_one_main([*(DiagnosisRole(role) for _, role in there), *(each.role for each in words)])
    made = [
        Diagnosis(**rows.diagnosis_columns(key_of(visit), each, row_id=row_id, writer=writer(actor, at)))
        for each, row_id in zip(words, ids_in_order(new_id, len(words)), strict=True)
    ]
    Diagnosis.objects.bulk_create(made)
    return [row.id for row in made]


def add_note(actor: Actor, visit: Visit, spec: NoteSpec, *, at: datetime) -> UUID | None:
    """Add a note; an empty one adds nothing."""
    note = clean_note(spec)
    if note.is_empty:
        return None
    columns = rows.note_columns(key_of(visit), note, row_id=new_id(), writer=writer(actor, at))
    return Note.objects.create(**columns).id


def add_treatments(actor: Actor, visit: Visit, specs: Sequence[TreatmentSpec], *, at: datetime) -> list[UUID]:
    """Add what was done."""
    made = [
        Treatment(
            **rows.treatment_columns(
                key_of(visit), clean_treatment(each, at), row_id=row_id, writer=writer(actor, at)
            )
        )
        for each, row_id in zip(specs, ids_in_order(new_id, len(specs)), strict=True)
    ]
    Treatment.objects.bulk_create(made)
    return [row.id for row in made]


def add_medication_list(
    actor: Actor, visit: Visit, items: Sequence[MedicationSpec], *, seen_id: UUID | None, at: datetime
) -> UUID:
    """Write the list of current drugs anew. Raises StaleRevision when `seen_id` is not the latest one."""
    if len(items) > MOST_DRUGS:
        raise InvalidInput(N_("在用药最多 {most} 种"), field="medications", most=MOST_DRUGS)
    clean = [clean_medication(each, at) for each in items]
    lock_person(residents.canonical_id(visit.person_id))
    latest = latest_list(residents.aliases(visit.person_id))
    if (latest.id if latest else None) != seen_id:
        raise StaleRevision(N_("在用药清单刚被别人改过，请看过新的清单再保存"), field="medications")
    head, lines = rows.medication_columns(
        key_of(visit), clean, row_id=new_id(), make_id=new_id, writer=writer(actor, at), replaces_id=seen_id
    )
    made = MedicationList.objects.create(**head)
    CurrentMedication.objects.bulk_create(CurrentMedication(**line) for line in lines)
    return made.id


def add_content(actor: Actor, visit: Visit, content: VisitContent, *, at: datetime) -> None:
    """Add everything that is written when a visit begins."""
    add_vitals(actor, visit, content.vitals, taken_at=at, at=at)
    add_diagnoses(actor, visit, content.diagnoses, at=at)
    add_note(actor, visit, content.note, at=at)
    add_treatments(actor, visit, content.treatments, at=at)
    if content.medications is not None:
        add_medication_list(actor, visit, content.medications, seen_id=content.medications_seen, at=at)


def note_fact(actor: Actor, action: str, kind: str, record_id: UUID, visit: Visit, at: datetime) -> None:
    """The audit row of something written, corrected or withdrawn."""
    audit.note(actor, action, kind=kind, record_id=record_id, person_id=visit.person_id, at=at)
