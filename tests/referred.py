"""People on their way up and down, one in each state that a page of referrals can be opened in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from tests.people import COMPLAINT, register, seen, village_of
from yiti.care.referrals import public as referrals
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

CARDIOLOGY = "03.04"
NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬")


@dataclass(frozen=True)
class Case:
    """One referral and whose it is."""

    id: UUID
    person_id: UUID
    revision: int


@dataclass(frozen=True)
class Cases:
    """Up-referrals of the village doctor to the county, and down-referrals of the ward to the township."""

    submitted: Case  # out of the county: waits for the head of the centre
    sent: Case
    returned: Case
    accepted: Case
    arrived: Case
    in_care: Case
    outcome_sent: Case
    going_home: Case  # down, not received yet
    home: Case  # down, received; the village doctor is to follow up


@dataclass
class County:
    """Who works on them, and the moment of the next step."""

    doctor: Actor
    township: Actor
    nurse: Actor
    centre_head: Actor
    ward_doctor: Actor
    at: datetime

    def __post_init__(self) -> None:
        self.village = village_of(self.doctor)
        self.numbers = count()

    def later(self) -> datetime:
        """A minute after the last step."""
        self.at += timedelta(minutes=1)
        return self.at

    def patient(self) -> tuple[UUID, UUID]:
        """Somebody new with an open episode: person and episode."""
        n = next(self.numbers)
        birth = date(1940 + 3 * n, n + 1, 20 - n)
        person = register(self.doctor, f"沈{NAMES[n]}生", Sex.MALE, birth, self.village, self.later())
        visit = seen(self.doctor, person, self.later())
        return person, episodes.visit(self.doctor, visit).episode_id

    def sent(self, target: referrals.Target) -> handoffs.HandoffRow:
        """A referral up to that place."""
        person, episode = self.patient()
        spec = referrals.UpSpec(
            id=new_id(),
            person_id=person,
            episode_id=episode,
            urgency="urgent",
            reason=referrals.Reason("surgery", "急诊冠脉造影"),
            diagnoses=(referrals.Diagnosed("I20.0"),),
            case=referrals.CaseText(summary=COMPLAINT),
            contact=referrals.Contact(phone="13900000000"),
            target=target,
            transport_code="county-120",
            consent_given=True,
        )
        return referrals.send_up(actor=self.doctor, spec=spec, at=self.later())

    def to_the_ward(self) -> handoffs.HandoffRow:
        """A referral up to the ward doctor's ward."""
        there = self.ward_doctor
        return self.sent(referrals.Target(there.institution_id, there.department_id, CARDIOLOGY))

    def accepted(self) -> handoffs.HandoffRow:
        """One with a bed."""
        row = self.to_the_ward()
        place = self.ward_doctor
        bed = facilities.free_beds(place.institution_id, place.department_id, self.at)[0]
        reception = referrals.Reception(bed_id=bed.id)
        return referrals.accept(
            actor=self.nurse, handoff_id=row.id, reception=reception, revision=row.revision, at=self.later()
        )

    def arrived(self) -> handoffs.HandoffRow:
        """One at the door."""
        row = self.accepted()
        return referrals.arrive(actor=self.nurse, handoff_id=row.id, revision=row.revision, at=self.later())

    def in_care(self) -> handoffs.HandoffRow:
        """One in the bed."""
        row = self.arrived()
        detail = referrals.up_detail(self.ward_doctor, row.id, self.at)
        assert detail.bed is not None
        admission = referrals.Admission(new_id(), detail.bed.bed.id, COMPLAINT)
        return referrals.admit(
            actor=self.ward_doctor,
            handoff_id=row.id,
            admission=admission,
            revision=row.revision,
            at=self.later(),
        )

    def outcome_sent(self) -> handoffs.HandoffRow:
        """One discharged."""
        row = self.in_care()
        outcome = referrals.OutcomeSpec("2", "病情稳定", "3")
        return referrals.send_outcome(
            actor=self.ward_doctor, handoff_id=row.id, outcome=outcome, revision=row.revision, at=self.later()
        )

    def going_home(self) -> handoffs.HandoffRow:
        """One sent home to the township with a plan."""
        up = self.outcome_sent()
        assert up.episode_id is not None
        spec = referrals.DownSpec(
            id=new_id(),
            person_id=up.person_id,
            episode_id=up.episode_id,
            urgency="routine",
            reason=referrals.Reason("rehabilitation"),
            diagnoses=(referrals.Diagnosed("I20.0"),),
            plan=referrals.Plan("术后 5 天", "双联抗血小板", "胸痛超过 15 分钟马上呼叫 120"),
            drugs=(),
            target=referrals.Target(self.township.institution_id),
            first_follow_up_date=local_date(self.at) + timedelta(days=3),
            up_id=up.id,
            follower=self.follower,
        )
        return referrals.send_down(actor=self.ward_doctor, spec=spec, at=self.later())

    @property
    def follower(self) -> referrals.Follower:
        """The village doctor."""
        assert self.doctor.staff_id is not None
        return referrals.Follower(self.doctor.institution_id, self.doctor.staff_id)


def refer_everybody(county: County) -> Cases:
    """Nine people, each as far as one state."""
    city = facilities.institution_by_code("QY-RMYY").id
    asked = county.to_the_ward()
    received = county.going_home()
    return Cases(
        submitted=case(county.sent(referrals.Target(city, department_text="心内科"))),
        sent=case(county.to_the_ward()),
        returned=case(
            referrals.return_for_information(
                actor=county.nurse,
                handoff_id=asked.id,
                reason=referrals.Reason("vitals"),
                revision=asked.revision,
                at=county.later(),
            )
        ),
        accepted=case(county.accepted()),
        arrived=case(county.arrived()),
        in_care=case(county.in_care()),
        outcome_sent=case(county.outcome_sent()),
        going_home=case(county.going_home()),
        home=case(
            referrals.receive(
                actor=county.township,
                handoff_id=received.id,
                follower=county.follower,
                revision=received.revision,
                at=county.later(),
            )
        ),
    )


def case(row: handoffs.HandoffRow) -> Case:
    """The referral of that row."""
    return Case(row.id, row.person_id, row.revision)
