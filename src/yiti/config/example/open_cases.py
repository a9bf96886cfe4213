"""Bringing the open work about by the commands of the house, at the moments the plan says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from yiti.care.referrals import public as referrals
from yiti.config.example.conditions import CITY, HEAD, Condition, conditions
from yiti.config.example.desks import Desk, Desks
from yiti.config.example.hospitals import TOWNSHIPS, Hospital, Ward
from yiti.config.example.parties import Patient
from yiti.config.example.plan import CASES, Case
from yiti.config.example.pool import Pool, draw_township
from yiti.config.example.run import Invention
from yiti.config.example.stories import contact_of, content_of, down_reason, drug, first_kind, plan_of
from yiti.config.example.timing import Moments, moments_of
from yiti.kernel.clock import local_date
from yiti.kernel.workhours import Calendar
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

_MINUTE = timedelta(minutes=1)
_BELL_READ = timedelta(minutes=40)  # everybody has heard what is older
_GROWN = 18
_NO_BED = frozenset({"sent", "submitted", "returned"})
_WAY = ("accepted", "in_transit", "arrived", "in_care", "outcome_sent")


@dataclass
class Desktop:
    """The county as the open work finds it; no bed is used by two of these cases."""

    run: Invention
    desks: Desks
    hospitals: Mapping[str, Hospital]
    calendar: Calendar
    pool: Pool
    used: set[UUID] = field(default_factory=set)


def live_on(county: Desktop) -> int:
    """Bring every case of the plan about, those sent first first; gives their number."""
    at = [moments_of(case, county.run.at, county.calendar) for case in CASES]
    for case, moments in sorted(zip(CASES, at, strict=True), key=lambda pair: pair[1].sent):
        _Living(county, case, moments, condition_of(case)).live()
    state_beds(county)
    for desk in county.desks.all:
        handoffs.read_bell(actor=desk.actor, at=county.run.at - _BELL_READ)
    return len(CASES)


def condition_of(case: Case) -> Condition:
    """What the person of a case has. Raises StopIteration."""
    same = (each for each in conditions() if each.code == case.code)
    if case.hospital in TOWNSHIPS or not case.ward:
        return next(same)
    return next(each for each in same if each.wards.get(case.hospital) == case.ward)


def ward_of(case: Case) -> str:
    """The code of the ward a case goes to."""
    return case.ward or condition_of(case).wards[case.hospital]


def kept_beds() -> Counter[str]:
    """How many beds of each ward of the head hospital the plan needs, now or in the last days."""
    return Counter(ward_of(case) for case in CASES if case.hospital == HEAD and case.state not in _NO_BED)


def state_beds(county: Desktop) -> None:
    """Every ward says how many beds are free, as it does a few times a day."""
    at = county.run.at
    for code, hospital in county.hospitals.items():
        if code == CITY:
            continue
        for line in facilities.bed_board(hospital.row.id, at):
            ward = next(each for each in hospital.wards.values() if each.room.id == line.department_id)
            desk = county.run.rng.choice(county.desks.treating(code, ward.room.code))
            facilities.update_bed_board(
                actor=desk.actor,
                department_id=line.department_id,
                free_stated=line.free or 0,
                at=at - county.run.rng.randint(4, 75) * _MINUTE,
            )


@dataclass
class _Living:
    """One case on its way."""

    county: Desktop
    case: Case
    at: Moments
    condition: Condition

    def __post_init__(self) -> None:
        desks, case, rng = self.county.desks, self.case, self.county.run.rng
        self.hospital = self.county.hospitals[case.hospital]
        self.ward: Ward = self.hospital.taking("" if case.hospital == CITY else ward_of(case))
        self.patient = self._patient()
        answers_at = HEAD if case.hospital == CITY else case.hospital
        self.sender = self._sender()
        self.nurse = rng.choice(desks.answering(answers_at))
        doctors = desks.treating(answers_at, self.ward.room.code if case.hospital != CITY else "")
        self.doctor = desks.of(case.doctor, answers_at) if case.doctor else rng.choice(doctors)

    def _patient(self) -> Patient:
        pool, sender = self.county.pool, self.case.sender
        if self.case.name:
            return pool.by_name[self.case.name]
        township = draw_township(pool.rng) if sender == HEAD else "-".join(sender.split("-")[:2])
        clinic = sender if sender.count("-") > 1 else ""
        today, mark = local_date(self.county.run.at), self.condition.mark
        found = pool.draw(township, self.condition.suits, today, clinic=clinic, mark=mark)
        if found is None:  # a small share of the county, in which the village has nobody left who suits
            found = pool.draw(township, lambda _, age: age >= _GROWN, today, clinic=clinic)
        assert found is not None, (self.case, township)
        return found

    def _sender(self) -> Desk:
        desks, case = self.county.desks, self.case
        if case.by:
            return desks.of(case.by, case.sender)
        ward = "SN" if case.code == "I60.9" else "HX" if case.sender == HEAD else ""
        return self.county.run.rng.choice(desks.treating(case.sender, ward))

    def live(self) -> None:
        """Take every step up to the state the plan names."""
        row = self._sent()
        if self.case.state == "returned":
            referrals.return_for_information(
                actor=self.nurse.actor,
                handoff_id=row.id,
                reason=referrals.Reason(*self.case.asks),
                revision=row.revision,
                at=self.at.answered,
            )
        goal = "outcome_sent" if self.case.is_down else self.case.state
        for state in _WAY[: _WAY.index(goal) + 1] if goal in _WAY else ():
            row = getattr(self, f"_{state}")(row)
        if self.case.is_down:
            self._home(row)

    def _sent(self) -> handoffs.HandoffRow:
        sender, condition, visit_id = self.sender.actor, self.condition, self.county.run.make_id()
        words = self.case.text or condition.words
        opening = episodes.VisitOpening(
            visit_id,
            self.patient.key,
            first_kind(self.case.urgency),
            condition.complaint,
            department_id=self.sender.department_id,
        )
        content = content_of(self.county.run.rng, condition, condition.summary, "上转")
        seen_at = self.at.sent - 22 * _MINUTE
        episodes.open_visit(actor=sender, opening=opening, content=content, at=seen_at)
        outside = self.hospital.row.is_external
        spec = referrals.UpSpec(
            id=self.county.run.make_id(),
            person_id=self.patient.key,
            episode_id=episodes.visit(sender, visit_id).episode_id,
            urgency=self.case.urgency,
            reason=referrals.Reason(condition.reason),
            diagnoses=(referrals.Diagnosed(condition.code, words),),
            case=referrals.CaseText(summary=condition.summary),
            contact=contact_of(self.patient),
            target=referrals.Target(
                self.hospital.row.id,
                None if outside else self.ward.room.id,
                "" if outside else self.ward.specialty,
                condition.wards[CITY] if outside else "",
            ),
            transport_code="county-120" if self._goes_by_ambulance else "self",
            consent_given=True,
        )
        return referrals.send_up(actor=sender, spec=spec, at=self.at.sent)

    @property
    def _goes_by_ambulance(self) -> bool:
        return self.case.urgency != "routine" or self.condition.needs_ambulance

    def _bed(self) -> facilities.BedRow:
        free = facilities.free_beds(self.hospital.row.id, self.ward.room.id, self.county.run.at)
        bed = next(each for each in free if each.id not in self.county.used)
        self.county.used.add(bed.id)
        return bed

    def _accepted(self, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
        self.bed = self._bed()
        return referrals.accept(
            actor=self.nurse.actor,
            handoff_id=row.id,
            reception=referrals.Reception(bed_id=self.bed.id),
            revision=row.revision,
            at=self.at.answered,
        )

    def _in_transit(self, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
        trip = referrals.Trip("county-120", vehicle="二号车", escort="随车护士", expected_at=self.at.expected)
        if not self._goes_by_ambulance:
            trip = replace(trip, transport_code="self", vehicle="", escort="")
        return referrals.depart(
            actor=self.sender.actor, handoff_id=row.id, trip=trip, revision=row.revision, at=self.at.departed
        )

    def _arrived(self, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
        return referrals.arrive(
            actor=self.nurse.actor, handoff_id=row.id, revision=row.revision, at=self.at.arrived
        )

    def _in_care(self, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
        return referrals.admit(
            actor=self.doctor.actor,
            handoff_id=row.id,
            admission=referrals.Admission(self.county.run.make_id(), self.bed.id, self.condition.complaint),
            revision=row.revision,
            at=self.at.admitted,
        )

    def _outcome_sent(self, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
        way = "3" if self.case.is_down else "1"
        return referrals.send_outcome(
            actor=self.doctor.actor,
            handoff_id=row.id,
            outcome=referrals.OutcomeSpec("2", f"{self.condition.outcome}。", way),
            revision=row.revision,
            at=self.at.out,
        )

    def _home(self, up: handoffs.HandoffRow) -> None:
        home = self._sent_down(up)
        if not self.case.keeps_up_open:
            referrals.close_up(
                actor=self.sender.actor, handoff_id=up.id, revision=up.revision, at=self.at.home + 9 * _MINUTE
            )
        township = "-".join(self.case.sender.split("-")[:2])
        desks = self.county.desks
        physicians = [each for each in desks.treating(township) if each.name == self.case.by]
        physician = (physicians or desks.treating(township))[0].actor
        if self.case.state == "down_returned":
            referrals.return_for_information(
                actor=physician,
                handoff_id=home.id,
                reason=referrals.Reason(*self.case.asks),
                revision=home.revision,
                at=self.at.received,
            )
        if self.case.state == "down_received":
            referrals.receive(
                actor=physician,
                handoff_id=home.id,
                follower=self._follower,
                revision=home.revision,
                at=self.at.received,
            )

    @property
    def _follower(self) -> referrals.Follower:
        clinic = self.patient.place.clinic
        return referrals.Follower(clinic.institution_id, clinic.staff_id)

    def _sent_down(self, up: handoffs.HandoffRow) -> handoffs.HandoffRow:
        condition, township = self.condition, "-".join(self.case.sender.split("-")[:2])
        assert up.episode_id is not None
        spec = referrals.DownSpec(
            id=self.county.run.make_id(),
            person_id=self.patient.key,
            episode_id=up.episode_id,
            urgency="routine",
            reason=referrals.Reason(down_reason(condition.reason)),
            diagnoses=(referrals.Diagnosed(condition.code, self.case.text or condition.words),),
            plan=plan_of(condition),
            drugs=tuple(drug(each, referrals.Availability.YES) for each in condition.drugs),
            target=referrals.Target(self.county.hospitals[township].row.id),
            first_follow_up_date=local_date(self.at.first),
            up_id=up.id,
            follower=self._follower,
        )
        return referrals.send_down(actor=self.doctor.actor, spec=spec, at=self.at.home)
