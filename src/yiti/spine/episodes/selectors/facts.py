"""Reading what is written in visits: only rows in force, in a stated order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from yiti.kernel.errors import NotFound
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.domain import (
    Certainty,
    Consciousness,
    DiagnosisRole,
    DischargeWay,
    Limits,
    Outcome,
    VitalKind,
    VitalValue,
)
from yiti.spine.episodes.domain.attachments import MediaType
from yiti.spine.episodes.domain.rows import (
    AttachmentRow,
    DiagnosisRow,
    DischargeRow,
    FactStamp,
    MedicationListRow,
    MedicationRow,
    NoteRow,
    TreatmentRow,
    VitalRow,
)
from yiti.spine.episodes.models import (
    Attachment,
    AttachmentContent,
    CurrentMedication,
    Diagnosis,
    Discharge,
    Fact,
    MedicationList,
    Note,
    Treatment,
    VitalReading,
)

FREQUENCIES = "order-frequency"


def _stamp(fact: Fact) -> FactStamp:
    return FactStamp(fact.id, fact.recorded_at, fact.recorded_by_name, fact.replaces_id, fact.reason)


def vital_row(row: VitalReading, limits: Limits) -> VitalRow:
    """A reading with its alarm."""
    level = Consciousness(row.level) if row.level else None
    reading = VitalValue(VitalKind(row.kind), row.value, level)
    return VitalRow(_stamp(row), row.visit_id, reading, row.taken_at, reading.alarm(limits))


def vitals_of(visit_ids: Collection[UUID], limits: Limits) -> list[VitalRow]:
    """Readings of visits, newest first, in the order of the form within one moment."""
    order = {kind: place for place, kind in enumerate(VitalKind)}
    found = VitalReading.objects.in_force().of_visits(visit_ids).order_by("-taken_at", "id")
    rows = [vital_row(row, limits) for row in found]
    return sorted(rows, key=lambda row: (-row.taken_at.timestamp(), order[row.reading.kind]))


def diagnoses_of(visit_ids: Collection[UUID]) -> list[DiagnosisRow]:
    """Diagnoses of visits: main ones first, then as written."""
    found = Diagnosis.objects.in_force().of_visits(visit_ids).order_by("role", "id")
    return [
        DiagnosisRow(
            _stamp(row),
            row.visit_id,
            row.code,
            terminology.as_term(row.text, "icd10"),
            DiagnosisRole(row.role),
            Certainty(row.certainty),
        )
        for row in found
    ]


def notes_of(visit_ids: Collection[UUID]) -> list[NoteRow]:
    """Notes of visits, newest first."""
    found = Note.objects.in_force().of_visits(visit_ids).order_by("-recorded_at", "-id")
    return [NoteRow(_stamp(row), row.subjective, row.objective, row.assessment, row.plan) for row in found]


def treatments_of(visit_ids: Collection[UUID]) -> list[TreatmentRow]:
    """What was done in visits, in the order it was done."""
    found = Treatment.objects.in_force().of_visits(visit_ids).order_by("given_at", "id")
    return [TreatmentRow(_stamp(row), row.visit_id, row.text, row.given_at) for row in found]


def attachments_of(visit_ids: Collection[UUID]) -> list[AttachmentRow]:
    """Files attached to visits, as they were attached."""
    found: Any = Attachment.objects.in_force().of_visits(visit_ids).order_by("recorded_at", "id")
    return [AttachmentRow(_stamp(row), row.title, MediaType(row.media_type), row.size) for row in found]


def content_of(attachment_id: UUID) -> bytes:
    """The bytes of a file. Raises NotFound without access."""
    found = AttachmentContent.objects.filter(attachment_id=attachment_id).first()
    if found is None:
        raise NotFound
    return bytes(found.content)


def discharges_of(visit_ids: Collection[UUID]) -> dict[UUID, DischargeRow]:
    """How stays ended, by visit."""
    return {
        row.visit_id: DischargeRow(
            _stamp(row), DischargeWay(row.way), Outcome(row.outcome), row.summary, row.discharged_at
        )
        for row in Discharge.objects.in_force().of_visits(visit_ids)
    }


def latest_list(person_ids: Collection[UUID]) -> MedicationList | None:
    """The newest list of current drugs of a person."""
    return MedicationList.objects.filter(person_id__in=person_ids).order_by("-recorded_at", "-id").first()


def medication_list(person_ids: Collection[UUID]) -> MedicationListRow:
    """The newest list of current drugs with its lines."""
    head = latest_list(person_ids)
    if head is None:
        return MedicationListRow(None, None, "", ())
    lines = CurrentMedication.objects.filter(list=head).order_by("position")
    return MedicationListRow(head.id, head.recorded_at, head.recorded_by_name, tuple(_drugs(lines)))


def _drugs(lines: Iterable[CurrentMedication]) -> Iterable[MedicationRow]:
    for line in lines:
        words = terminology.term(FREQUENCIES, line.frequency)
        yield MedicationRow(line.name, line.dose, line.frequency, words, line.since)


def fact(model: Any, fact_id: UUID) -> Any:
    """One fact in force. Raises NotFound."""
    found = model.objects.in_force().filter(id=fact_id).first()
    if found is None:
        raise NotFound
    return found
