"""What selectors give out: frozen rows with every code in words, so that a template can cause no query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yiti.care.referrals.domain import Availability, BarStep, CaseText, Plan, Way
from yiti.kernel.workflow import Side
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    """A diagnosis; the main one comes first."""

    code: str
    text: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Party:
    """One side as the card of both sides shows it: `三排卫生院 · 全科 邓志明 0763-8662210`."""

    institution: facilities.InstitutionRow
    department: str
    staff_name: str
    phone: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A line of the two-sided time line: an event, or (`is_message`) something said."""

    at: datetime
    side: Side
    title: str
    text: str
    tone: handoffs.Look
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why a referral was returned, declined or cancelled; `suggests` is a place by name, or ""."""

    step: str
    code: str
    zh: str
    suggests: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """A part of the case that the sender wrote anew."""

    part: str
    old: str
    new: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class Patient:
    """The person of a referral as far as the record is open to the reader: after the end of the work it
    may be closed, then `record` is None and only what the handoff says is left."""

    record: residents.PersonRow | None
    id_number_masked: str
    payer: str
    ethnic: str
    allergies: tuple[residents.AllergyRow, ...]
    risks: tuple[residents.RiskRow, ...]


@dataclass(frozen=True, slots=True)
class TripLine:
    """How the person travels; `way` is the estimate from door to door."""

    transport_code: str
    transport: str
    vehicle: str
    escort: str
    escort_phone: str
    departed_at: datetime | None
    expected_at: datetime | None
    way: facilities.Travel


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What came of it."""

    outcome: str
    way: str
    summary: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UpDetail:
    """An up-referral as its page, its preview and its paper show it.

    `bed` is the bed held or lain in now; `bed_label` the one it was. `actions` are the steps the reader
    may take, at most one of them primary. `home` is the down-referral that answers it, if any.
    """

    handoff: handoffs.HandoffRow
    clock: handoffs.ClockWords | None
    way: Way
    reason: str
    reason_text: str
    diagnoses: tuple[DiagnosisLine, ...]
    case: CaseText
    amendments: tuple[AmendmentLine, ...]
    sender: Party
    receiver: Party
    is_outside: bool
    patient: Patient
    contact_name: str
    contact_phone: str
    contact_relation: str
    consent_at: datetime | None
    approval: str
    approver_role: str
    valid_until: datetime
    trip: TripLine
    bed: facilities.BedUseRow | None
    bed_label: str
    visit_id: UUID | None
    outcome: OutcomeLine | None
    vitals: tuple[episodes.VitalSet, ...]
    reasons: tuple[ReasonLine, ...]
    bar: tuple[BarStep, ...]
    timeline: tuple[TimelineLine, ...]
    actions: tuple[handoffs.Action, ...]
    home: handoffs.HandoffRow | None


@dataclass(frozen=True, slots=True)
class DrugLine:
    """A drug of the plan, with its codes in words."""

    name: str
    dose: str
    frequency: str
    route: str
    days: int | None
    availability: Availability


@dataclass(frozen=True, slots=True)
class DownDetail:
    """A down-referral as its page and its paper show it. `follower` is who does the first follow-up (the
    sender's proposal until it is received), `first_visit` the one that was done, `up` what it answers."""

    handoff: handoffs.HandoffRow
    clock: handoffs.ClockWords | None
    reason: str
    reason_text: str
    diagnoses: tuple[DiagnosisLine, ...]
    plan: Plan
    drugs: tuple[DrugLine, ...]
    first_follow_up_date: date
    sender: Party
    receiver: Party
    follower: Party | None
    patient: Patient
    approval: str
    first_visit: episodes.VisitRow | None
    vitals: tuple[episodes.VitalSet, ...]
    reasons: tuple[ReasonLine, ...]
    bar: tuple[BarStep, ...]
    timeline: tuple[TimelineLine, ...]
    actions: tuple[handoffs.Action, ...]
    up: handoffs.HandoffRow | None


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """A referral of the person that is not closed: shown before a new form is filled."""

    handoff: handoffs.HandoffRow
    reason: str

    @property
    def text(self) -> str:
        """`此人 09-02 有一张上转单（骨科）仍未关闭`: what the warning says of it, without the link."""
        place = self.handoff.goes_to.department or self.handoff.goes_to.name
        return f"{self.handoff.kind.label}（{place}）{self.handoff.state_label}"


@dataclass(frozen=True, slots=True)
class FollowerChoice:
    """Somebody who could do the first follow-up; `serves_village`: works where the person lives."""

    institution_id: UUID
    institution_name: str
    level: str
    staff_id: UUID
    staff_name: str
    role_name: str
    serves_village: bool
