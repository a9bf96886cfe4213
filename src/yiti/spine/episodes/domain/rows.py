"""Frozen rows: what selectors give out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from yiti.spine.episodes.domain.attachments import MediaType
from yiti.spine.episodes.domain.joining import Joining
from yiti.spine.episodes.domain.kinds import (
    Certainty,
    DiagnosisRole,
    DischargeWay,
    EpisodeState,
    JoinAct,
    Outcome,
    VisitKind,
)
from yiti.spine.episodes.domain.vitals import Alarm, VitalKind, VitalValue


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """A course of care. `chain_id` is the referral chain it travels on now, if any;
    `merged_into_id` the episode it has gone up in."""

    id: UUID
    number: str
    person_id: UUID
    problem: str
    problem_code: str
    state: EpisodeState
    opened_at: datetime
    institution_id: UUID
    last_active_at: datetime
    closed_at: datetime | None
    chain_id: UUID | None
    merged_into_id: UUID | None
    revision: int


@dataclass(frozen=True, slots=True)
class FactStamp:
    """Who wrote a fact when, and what it corrects: `reason` is "" for a first writing."""

    id: UUID
    recorded_at: datetime
    recorded_by_name: str
    replaces_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class VitalRow:
    """A reading in force, with how it stands to its target."""

    stamp: FactStamp
    visit_id: UUID
    reading: VitalValue
    taken_at: datetime
    alarm: Alarm

    @property
    def is_red(self) -> bool:
        """Whether it is shown in red."""
        return self.alarm in {Alarm.HIGH, Alarm.LOW, Alarm.CRITICAL}


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """A diagnosis in force."""

    stamp: FactStamp
    visit_id: UUID
    code: str
    text: str
    role: DiagnosisRole
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A SOAP note in force."""

    stamp: FactStamp
    subjective: str
    objective: str
    assessment: str
    plan: str


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """Something done, in force."""

    stamp: FactStamp
    visit_id: UUID
    text: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file attached to a visit, without its bytes. `size` in bytes."""

    stamp: FactStamp
    title: str
    media_type: MediaType
    size: int


@dataclass(frozen=True, slots=True)
class MedicationRow:
    """A drug of the list of current drugs. `frequency_zh` is the term of the code."""

    name: str
    dose: str
    frequency: str
    frequency_zh: str
    since: date | None


@dataclass(frozen=True, slots=True)
class MedicationListRow:
    """The current drugs of a person as last gone through, and who did; `id` None: never gone through."""

    id: UUID | None
    recorded_at: datetime | None
    recorded_by_name: str
    items: tuple[MedicationRow, ...]


@dataclass(frozen=True, slots=True)
class DischargeRow:
    """How a stay ended, in force."""

    stamp: FactStamp
    way: DischargeWay
    outcome: Outcome
    summary: str
    discharged_at: datetime


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit. `institution_level` is village, township, county or city."""

    id: UUID
    person_id: UUID
    episode_id: UUID
    episode_number: str
    episode_problem: str
    kind: VisitKind
    institution_id: UUID
    institution_name: str
    institution_level: str
    department_id: UUID | None
    department_name: str
    staff_id: UUID | None
    staff_name: str
    chief_complaint: str
    started_at: datetime
    ended_at: datetime | None
    bed_id: UUID | None
    handoff_id: UUID | None
    revision: int

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class JoinRow:
    """One line of the log of an episode: how visits came into it, by whom and why."""

    visit_id: UUID
    act: JoinAct
    from_number: str
    reason: str
    rule: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """Everything written in one visit that is in force, and how it came into its episode."""

    visit: VisitRow
    episode: EpisodeRow
    vitals: tuple[VitalRow, ...]
    diagnoses: tuple[DiagnosisRow, ...]
    notes: tuple[NoteRow, ...]
    treatments: tuple[TreatmentRow, ...]
    attachments: tuple[AttachmentRow, ...]
    discharge: DischargeRow | None
    joins: tuple[JoinRow, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class VitalSeries:
    """The last readings of one kind, oldest first, with the target band where there is one."""

    kind: VitalKind
    readings: tuple[VitalRow, ...]
    target_low: Decimal | None
    target_below: Decimal | None

    @property
    def last(self) -> VitalRow:
        """The newest reading."""
        return self.readings[-1]

    @property
    def points(self) -> list[float]:
        """The values for the drawing of a line; nothing is computed from them."""
        return [float(row.reading.value) for row in self.readings if row.reading.value is not None]

    @property
    def band_low(self) -> float | None:
        """The low end of the target band, for the drawing; without one it begins at the lowest value."""
        if self.target_low is not None:
            return float(self.target_low)
        return None if self.target_below is None else min(*self.points, float(self.target_below))

    @property
    def band_high(self) -> float | None:
        """The high end of the band; without one (oxygen) the band ends at the highest value."""
        if self.target_below is not None:
            return float(self.target_below)
        return None if self.target_low is None else max(*self.points, float(self.target_low))


@dataclass(frozen=True, slots=True)
class JoiningPreview:
    """Into which episode a visit would go and why (`episode` None: a new one), and what else is open."""

    joining: Joining
    episode: EpisodeRow | None
    others: tuple[EpisodeRow, ...]
    joining_days: int
    rule: str


@dataclass(frozen=True, slots=True)
class CareSummary:
    """What a referral form takes over: the latest facts of one episode, and the person's current drugs.

    `vitals` are sets by the moment they were taken, newest first. `open_visit` is the visit under way
    at the actor's institution, if any.
    """

    episode: EpisodeRow
    chief_complaint: str
    diagnoses: tuple[DiagnosisRow, ...]
    vitals: tuple[VitalSet, ...]
    treatments: tuple[TreatmentRow, ...]
    medications: MedicationListRow
    last_note: NoteRow | None
    open_visit: VisitRow | None


@dataclass(frozen=True, slots=True)
class VitalSet:
    """Readings taken together, and where (level of the institution)."""

    taken_at: datetime
    institution_level: str
    readings: tuple[VitalRow, ...]

    def of(self, kind: VitalKind) -> VitalRow | None:
        """The reading of one kind in this set."""
        return next((row for row in self.readings if row.reading.kind is kind), None)

    @property
    def cells(self) -> list[VitalRow | None]:
        """The readings in the order of the form, None where none was taken."""
        return [self.of(kind) for kind in VitalKind]

    @property
    def visit_id(self) -> UUID:
        """The visit it was taken in."""
        return self.readings[0].visit_id

    @property
    def pressure(self) -> str:
        """`168/102`, or "" unless both were taken."""
        upper, lower = self.of(VitalKind.SYSTOLIC), self.of(VitalKind.DIASTOLIC)
        return f"{upper.reading.text}/{lower.reading.text}" if upper and lower else ""
