"""What is written, as columns: shared by the commands, which save them one by one, and the bulk loader.

Every function takes values that have been checked, and gives column names with values in a fixed
order. `make_id` hands out the ids (a loader gives its own, so that a seed makes the same rows again).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.spine.episodes.domain.kinds import EpisodeState, JoinAct
from yiti.spine.episodes.domain.specs import (
    Correction,
    DiagnosisSpec,
    DischargeSpec,
    MedicationSpec,
    NoteSpec,
    TreatmentSpec,
    VisitOpening,
)
from yiti.spine.episodes.domain.vitals import VitalValue

Columns = dict[str, Any]
MakeId = Callable[[], UUID]


def ids_in_order(make_id: MakeId, number: int) -> list[UUID]:
    """Ids for rows that are read in the order they were written: those of one millisecond have none."""
    return sorted(make_id() for _ in range(number))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, where, when."""

    user_id: UUID
    name: str
    institution_id: UUID
    staff_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitKey:
    """The visit that facts belong to, and its person."""

    id: UUID
    person_id: UUID


def episode_columns(
    opening: VisitOpening, *, row_id: UUID, number: str, problem: str, problem_code: str, writer: Writer
) -> Columns:
    """A new episode that begins with this visit."""
    return {
        "id": row_id,
        "number": number,
        "person_id": opening.person_id,
        "problem": problem,
        "problem_code": problem_code,
        "institution_id": writer.institution_id,
        "opened_at": writer.at,
        "state": (EpisodeState.LONG_TERM if opening.is_long_term else EpisodeState.OPEN).value,
        "last_active_at": writer.at,
        "closed_at": None,
        "closed_by": None,
        "close_reason": "",
        "merged_into_id": None,
        "revision": 1,
    }


def visit_columns(opening: VisitOpening, *, episode_id: UUID, writer: Writer) -> Columns:
    """A visit that begins now."""
    return {
        "id": opening.id,
        "episode_id": episode_id,
        "person_id": opening.person_id,
        "kind": opening.kind.value,
        "institution_id": writer.institution_id,
        "department_id": opening.department_id,
        "staff_id": writer.staff_id,
        "staff_name": writer.name,
        "chief_complaint": opening.chief_complaint,
        "started_at": writer.at,
        "ended_at": None,
        "ended_by": None,
        "bed_id": opening.bed_id,
        "handoff_id": opening.origin.handoff_id if opening.origin else None,
        "revision": 1,
    }


@dataclass(frozen=True, slots=True)
class Move:
    """Into which episode a visit goes, from which one (None: it has just begun), and why."""

    act: JoinAct
    episode_id: UUID
    from_episode_id: UUID | None = None
    reason: str = ""
    rule: str = ""


def join_columns(visit: VisitKey, move: Move, *, row_id: UUID, writer: Writer) -> Columns:
    """One line of the log of joins and splits."""
    return {
        "id": row_id,
        "visit_id": visit.id,
        "person_id": visit.person_id,
        "episode_id": move.episode_id,
        "from_episode_id": move.from_episode_id,
        "act": move.act.value,
        "reason": move.reason,
        "rule": move.rule,
        "at": writer.at,
        "by": writer.user_id,
        "by_name": writer.name,
    }


def _fact(visit: VisitKey, writer: Writer, row_id: UUID, correction: Correction | None) -> Columns:
    return {
        "id": row_id,
        "visit_id": visit.id,
        "person_id": visit.person_id,
        "recorded_at": writer.at,
        "recorded_by": writer.user_id,
        "recorded_by_name": writer.name,
        "replaces_id": correction.replaces_id if correction else None,
        "reason": correction.reason if correction else "",
        "is_withdrawal": False,
    }


def vital_columns(
    visit: VisitKey,
    reading: VitalValue,
    *,
    row_id: UUID,
    writer: Writer,
    taken_at: datetime,
    correction: Correction | None = None,
) -> Columns:
    """One reading."""
    return {
        **_fact(visit, writer, row_id, correction),
        "kind": reading.kind.value,
        "value": reading.value,
        "level": reading.level.value if reading.level else "",
        "unit": reading.kind.facts.unit,
        "taken_at": taken_at,
    }


def diagnosis_columns(
    visit: VisitKey,
    spec: DiagnosisSpec,
    *,
    row_id: UUID,
    writer: Writer,
    correction: Correction | None = None,
) -> Columns:
    """One diagnosis; `spec.text` holds its words."""
    return {
        **_fact(visit, writer, row_id, correction),
        "code": spec.code,
        "text": spec.text,
        "role": spec.role.value,
        "certainty": spec.certainty.value,
    }


def note_columns(
    visit: VisitKey, spec: NoteSpec, *, row_id: UUID, writer: Writer, correction: Correction | None = None
) -> Columns:
    """One SOAP note."""
    return {
        **_fact(visit, writer, row_id, correction),
        "subjective": spec.subjective,
        "objective": spec.objective,
        "assessment": spec.assessment,
        "plan": spec.plan,
    }


def treatment_columns(
    visit: VisitKey,
    spec: TreatmentSpec,
    *,
    row_id: UUID,
    writer: Writer,
    correction: Correction | None = None,
) -> Columns:
    """Something done."""
    return {
        **_fact(visit, writer, row_id, correction),
        "text": spec.text,
        "given_at": spec.given_at or writer.at,
    }


def discharge_columns(
    visit: VisitKey,
    spec: DischargeSpec,
    *,
    row_id: UUID,
    writer: Writer,
    discharged_at: datetime,
    correction: Correction | None = None,
) -> Columns:
    """How a stay ended."""
    return {
        **_fact(visit, writer, row_id, correction),
        "way": spec.way.value,
        "outcome": spec.outcome.value,
        "summary": spec.summary,
        "discharged_at": discharged_at,
    }


def medication_columns(
    visit: VisitKey,
    items: Sequence[MedicationSpec],
    *,
    row_id: UUID,
    make_id: MakeId,
    writer: Writer,
    replaces_id: UUID | None,
) -> tuple[Columns, list[Columns]]:
    """A list of current drugs: its head, and its lines in order."""
    head = {
        "id": row_id,
        "visit_id": visit.id,
        "person_id": visit.person_id,
        "recorded_at": writer.at,
        "recorded_by": writer.user_id,
        "recorded_by_name": writer.name,
        "replaces_id": replaces_id,
    }
    lines = [
        {
            "id": make_id(),
            "list_id": row_id,
            "person_id": visit.person_id,
            "position": position,
            "name": each.name,
            "dose": each.dose,
            "frequency": each.frequency,
            "since": each.since,
        }
        for position, each in enumerate(items, start=1)
    ]
    return head, lines
