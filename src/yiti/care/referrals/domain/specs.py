"""What the sender writes on the form, before it is saved: the data set of a referral record.

WS 365 5.2.18 names the parts (转诊记录): reason, history, results, drugs, treatments, diagnoses with
ICD-10, both institutions, plan and rehabilitation for the way back. Name, sex, birth, address and phone
of the person are those of the record and are not typed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yiti.care.referrals.domain.words import Availability
from yiti.kernel.text import N_


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason and, where the code says too little, words."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A diagnosis by ICD-10 code; the term of the code where `text` adds nothing to it."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaseText:
    """The case in words: 病情摘要, 既往史, 已做处置, 现用药, 检查检验, 注意事项."""

    summary: str
    past_history: str = ""
    treatments: str = ""
    medications: str = ""
    results: str = ""
    precautions: str = ""


CASE_WORDS: Mapping[str, str] = {
    "summary": N_("病情摘要"),
    "past_history": N_("既往史"),
    "treatments": N_("已做处置"),
    "medications": N_("现用药"),
    "results": N_("检查检验"),
    "precautions": N_("注意事项"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about the person: family or the person himself; `relation` is a code of `relation`."""

    phone: str
    name: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the person is to go. `specialty` is a code of `specialty` (诊疗科目); `department_text` names
    the department of a hospital outside, whose departments are not kept here."""

    institution_id: UUID
    department_id: UUID | None = None
    specialty: str = ""
    department_text: str = ""


@dataclass(frozen=True, slots=True)
class UpSpec:
    """A wish to send a person up, across or out of the county.

    `id` is made by the client and makes a second submit harmless. `urgency` is a code of `urgency`;
    the first diagnosis is the main one. `transport_code` is what is planned; the trip itself comes with
    the departure. `consent_given`: 已向本人说明去向和费用，本人同意转诊.
    """

    id: UUID
    person_id: UUID
    episode_id: UUID
    urgency: str
    reason: Reason
    diagnoses: Sequence[Diagnosed]
    case: CaseText
    contact: Contact
    target: Target
    transport_code: str = ""
    consent_given: bool = False


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug of the plan: name as on the box, dose as taken, codes of `order-frequency` and `drug-route`."""

    name: str
    dose: str = ""
    frequency: str = ""
    route: str = ""
    days: int | None = None
    availability: Availability = Availability.UNKNOWN


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done at home: 出院小结, 治疗方案, 康复措施指导, 预警症状, 饮食运动."""

    discharge_summary: str
    treatment: str
    warning_signs: str
    rehabilitation: str = ""
    lifestyle: str = ""


@dataclass(frozen=True, slots=True)
class Follower:
    """Who does the first follow-up: somebody at work in that institution."""

    institution_id: UUID
    staff_id: UUID


@dataclass(frozen=True, slots=True)
class DownSpec:
    """A wish to send a person home with a plan.

    `up_id` is the up-referral it answers, if any: both then stand on one chain. `urgency` is the
    person's risk and decides how soon the first follow-up is due at the latest. `follower` is a proposal
    that the receiving institution confirms or changes.
    """

    id: UUID
    person_id: UUID
    episode_id: UUID
    urgency: str
    reason: Reason
    diagnoses: Sequence[Diagnosed]
    plan: Plan
    drugs: Sequence[Drug]
    target: Target
    first_follow_up_date: date
    up_id: UUID | None = None
    follower: Follower | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """How the person travels; without `expected_at` the estimated way decides."""

    transport_code: str
    vehicle: str = ""
    escort: str = ""
    escort_phone: str = ""
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Where the person will be received: a bed that is held, or a department without one (门诊)."""

    bed_id: UUID | None = None
    department_id: UUID | None = None
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OutcomeSpec:
    """What came of it. `way` (CV06.00.226) is for a stay; an outpatient has none."""

    outcome: str
    summary: str
    way: str = ""
