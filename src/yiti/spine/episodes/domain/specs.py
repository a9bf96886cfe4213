"""What a person writes down, before it is checked and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.spine.episodes.domain.kinds import Certainty, DiagnosisRole, DischargeWay, Outcome, VisitKind
from yiti.spine.episodes.domain.vitals import VitalValue

LONGEST_COMPLAINT = 100
LONGEST_LINE = 200
LONGEST_TEXT = 2000
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class DiagnosisSpec:
    """A diagnosis by its ICD-10 code; the words come from terminology unless `text` adds to them."""

    code: str
    role: DiagnosisRole = DiagnosisRole.MAIN
    certainty: Certainty = Certainty.CONFIRMED
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoteSpec:
    """A SOAP note: what the person says, what is found, what it is, what is done. One part suffices."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in any part."""
        return not (self.subjective or self.objective or self.assessment or self.plan)


@dataclass(frozen=True, slots=True)
class TreatmentSpec:
    """Something done (已做处置), in words, at a time; None is the time of writing."""

    text: str
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MedicationSpec:
    """A drug the person takes now: name as on the box, dose as taken, code of `order-frequency`."""

    name: str
    dose: str = ""
    frequency: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class EpisodeChoice:
    """The doctor's own choice against the rule's: into that episode, or (None) a new one; and why."""

    episode_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The handoff a visit answers, and the referral chain it stands in, if any."""

    handoff_id: UUID
    chain_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VisitOpening:
    """How a visit begins. `id` is made by the client and makes a second submit harmless.

    `problem_code` decides joining and is the main diagnosis where there is one. `is_long_term` keeps
    a new episode open for care without end (chronic disease).
    """

    id: UUID
    person_id: UUID
    kind: VisitKind
    chief_complaint: str
    department_id: UUID | None = None
    bed_id: UUID | None = None
    choice: EpisodeChoice | None = None
    origin: Origin | None = None
    is_long_term: bool = False


@dataclass(frozen=True, slots=True)
class VisitContent:
    """What is written at once when a visit begins; every part may be empty.

    `medications` None leaves the list of current drugs as it is; an empty sequence says: takes none.
    `medications_seen` is the list the doctor had in sight (None when there was none).
    """

    vitals: Sequence[VitalValue] = ()
    diagnoses: Sequence[DiagnosisSpec] = ()
    note: NoteSpec = field(default_factory=NoteSpec)
    treatments: Sequence[TreatmentSpec] = ()
    medications: Sequence[MedicationSpec] | None = None
    medications_seen: UUID | None = None

    @property
    def main_code(self) -> str:
        """The code of the main diagnosis, or ""."""
        return next((d.code for d in self.diagnoses if d.role is DiagnosisRole.MAIN), "")


@dataclass(frozen=True, slots=True)
class DischargeSpec:
    """How a stay ends."""

    way: DischargeWay
    outcome: Outcome
    summary: str


@dataclass(frozen=True, slots=True)
class SplitSpec:
    """Which visits become an episode of their own, what its problem is, and why."""

    visit_ids: frozenset[UUID]
    problem: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Which fact a new one stands for, and why; a fact without a successor is withdrawn."""

    replaces_id: UUID
    reason: str


def ensure_one_main(roles: Sequence[DiagnosisRole]) -> None:
    """Raise InvalidInput unless exactly one of several diagnoses is the main one (none is fine)."""
    if roles and sum(role is DiagnosisRole.MAIN for role in roles) != 1:
        raise InvalidInput(N_("主要诊断只能有一个，请选一个"), field="diagnoses")


def ensure_discharge(spec: DischargeSpec, kind: VisitKind) -> None:
    """Raise InvalidInput unless a death is said in both places, and the visit is a stay."""
    if kind is not VisitKind.INPATIENT:
        raise InvalidInput(N_("只有住院才办出院"), field="way")
    if (spec.way is DischargeWay.DIED) != (spec.outcome is Outcome.DIED):
        raise InvalidInput(N_("离院方式和转归对不上：死亡要两处都选死亡"), field="outcome")
    if not spec.summary.strip():
        raise InvalidInput(N_("请写出院小结"), field="summary")
