"""The parts that the pages of both ways share: sides, person, diagnoses, reasons, time line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.domain import CASE_WORDS, CaseText, Tables
from yiti.care.referrals.models import CodedReason, ReferralDiagnosis, UpAmendment, UpReferral
from yiti.care.referrals.selectors.rows import (
    AmendmentLine,
    DiagnosisLine,
    Party,
    Patient,
    ReasonLine,
    TimelineLine,
)
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.display import duration_text
from yiti.kernel.text import N_, Phrase, joined
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

VITALS_SHOWN = 4
_REASON_TABLES = {"return": Tables.RETURN, "decline": Tables.DECLINE, "cancel": Tables.CANCEL}


class Directory:
    """Institutions, departments and people named on one page, each sort read once."""

    def __init__(
        self,
        actor: Actor,
        *,
        places: Iterable[UUID | None],
        rooms: Iterable[UUID | None],
        people: Iterable[UUID | None],
    ):
        self._places = facilities.institutions({each for each in places if each})
        self._rooms = facilities.departments_by_id({each for each in rooms if each})
        self._people = staff.staff(actor, {each for each in people if each})

    def place(self, institution_id: UUID) -> facilities.InstitutionRow:
        """An institution of this page."""
        return self._places[institution_id]

    def place_name(self, institution_id: UUID | None) -> str:
        """Its short name, or ""."""
        return self._places[institution_id].short_name if institution_id else ""

    def holder(self, holder: handoffs.Holder) -> str:
        """Who has a side in hand: the institution, and the person or department where it is one."""
        place = self._places[holder.institution_id].short_name
        if holder.post is handoffs.Post.PERSON:
            return f"{place} {self._people[holder.id].name}"
        if holder.post is handoffs.Post.DEPARTMENT:
            return f"{place} {self._rooms[holder.id].name}"
        return place

    def party(
        self, institution_id: UUID, department_id: UUID | None, staff_id: UUID | None, *, department: str = ""
    ) -> Party:
        """One side; the phone is the department's, else the institution's."""
        place = self._places[institution_id]
        room = self._rooms.get(department_id) if department_id else None
        person = self._people.get(staff_id) if staff_id else None
        return Party(
            institution=place,
            department=room.name if room else department,
            staff_name=person.name if person else "",
            phone=(room.phone if room else "") or place.phone,
        )


def patient(actor: Actor, person_id: UUID, at: datetime) -> Patient:
    """The person, as far as the record is open to the actor."""
    found = residents.persons(actor, [person_id]).get(person_id)
    if found is None:
        return Patient(None, "", "", "", (), ())
    return Patient(
        record=found,
        id_number_masked=found.masked_id_number,
        payer=terminology.term("payer", found.profile.payer),
        ethnic=terminology.term("ethnic-group", found.profile.ethnic),
        allergies=tuple(residents.allergies(actor, person_id)),
        risks=tuple(residents.risks(actor, person_id, on=local_date(at))),
    )


def vitals(
    actor: Actor, row: handoffs.HandoffRow, found: Patient, at: datetime
) -> tuple[episodes.VitalSet, ...]:
    """The last vital signs of the episode, oldest first; none where the record is closed."""
    if found.record is None or row.episode_id is None:
        return ()
    sets = episodes.vital_sets(actor, row.person_id, at, limit=VITALS_SHOWN, episode_id=row.episode_id)
    return tuple(reversed(sets))


def case_of(up: UpReferral) -> CaseText:
    """The case as it stands now."""
    return CaseText(**{name: getattr(up, name) for name in CASE_WORDS})


def diagnoses(handoff_id: UUID) -> tuple[DiagnosisLine, ...]:
    """The diagnoses of a referral, the main one first."""
    found = ReferralDiagnosis.objects.filter(handoff_id=handoff_id).order_by("place")
    return tuple(
        DiagnosisLine(code, terminology.as_term(text, Tables.DISEASE), is_main)
        for code, text, is_main in found.values_list("code", "text", "is_main")
    )


def reasons(handoff_id: UUID) -> list[CodedReason]:
    """The coded reasons of a referral, oldest first."""
    return list(CodedReason.objects.filter(handoff_id=handoff_id).order_by("seq"))


def reason_lines(found: Sequence[CodedReason], names: Directory) -> tuple[ReasonLine, ...]:
    """Coded reasons in words."""
    return tuple(
        ReasonLine(
            step=each.step,
            code=each.code,
            zh=terminology.term(_REASON_TABLES[each.step], each.code),
            suggests=names.place_name(each.suggested_institution_id),
            given_at=each.given_at,
        )
        for each in found
    )


def amendments(handoff_id: UUID) -> tuple[AmendmentLine, ...]:
    """What the sender wrote anew, oldest first."""
    found = UpAmendment.objects.filter(up_id=handoff_id).order_by("amended_at", "id")
    columns = ("field", "old", "new", "amended_at", "amended_by_name")
    return tuple(AmendmentLine(CASE_WORDS[field], *rest) for field, *rest in found.values_list(*columns))


def timeline(actor: Actor, handoff_id: UUID, log: Sequence[handoffs.Logged]) -> tuple[TimelineLine, ...]:
    """Events and talk in one line, newest first; an acceptance says how long it took."""
    took = _answer_times(log)
    events = [
        TimelineLine(
            at=line.at,
            side=line.side,
            title=line.title,
            text=_both(line.text, took.get(line.seq, "")),
            tone=line.tone,
        )
        for line in handoffs.history(actor, handoff_id)
    ]
    talk = [
        TimelineLine(
            at=said.at,
            side=said.side,
            title=N_("留言"),
            text=f"{said.user_name}：{said.text}",
            tone=handoffs.Look.GO,
            is_message=True,
        )
        for said in handoffs.messages(actor, handoff_id)
    ]
    return tuple(sorted([*events, *talk], key=lambda line: line.at, reverse=True))


def _both(text: str, took: str) -> str:
    return joined(" · ", (text, took))


def _answer_times(log: Sequence[handoffs.Logged]) -> dict[int, str]:
    """By number of the event: how long the sender had waited when it was accepted or received."""
    if not log:
        return {}
    since = log[0].at
    return {
        event.seq: Phrase(
            N_("用时 {time}"), time=duration_text(int((event.at - since).total_seconds() // 60))
        )
        for event in log
        if event.step in ("accept", "receive")
    }
