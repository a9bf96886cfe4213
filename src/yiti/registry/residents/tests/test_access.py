"""Who may open a record: what other rooms give and end, and the emergency way in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import BreakGlass, RecordAccess
from yiti.registry.residents.tests.builders import a_clinician, a_person, a_stranger

HANDOFF = "handoffs.handoff"


@pytest.fixture
def hospital(db: None) -> Institution:
    """A hospital that has no record open."""
    return an_institution(Kind.COUNTY_GENERAL, name="县人民医院")


def give(actor: Actor, person_id: UUID, to: UUID, work: UUID, *, until: datetime | None = None) -> None:
    """Give an access for a handoff, in a transaction of its own."""
    with access.scoped(actor):
        residents.grant_access(
            actor,
            person_id,
            {to: work},
            reason=residents.AccessReason.HANDOFF,
            for_kind=HANDOFF,
            at=now(),
            until=until,
        )


def end(actor: Actor, work: UUID) -> None:
    """End what was given for a handoff."""
    with access.scoped(actor):
        residents.end_access(actor, for_kind=HANDOFF, for_id=work, at=now())


def is_open(actor: Actor, person_id: UUID) -> bool:
    """Whether the actor can open the record."""
    return person_id in residents.persons(actor, [person_id])


def test_an_access_opens_and_its_end_closes(doctor: Actor, hospital: Institution) -> None:
    person_id, nurse, work = a_person(doctor, at=now()), a_clinician(hospital), new_id()
    assert not is_open(nurse, person_id)
    give(doctor, person_id, hospital.pk, work)
    assert is_open(nurse, person_id)
    end(doctor, work)
    assert not is_open(nurse, person_id)
    end(doctor, work)


def test_given_twice_it_stands_once(doctor: Actor, hospital: Institution) -> None:
    person_id, work = a_person(doctor, at=now()), new_id()
    give(doctor, person_id, hospital.pk, work)
    give(doctor, person_id, hospital.pk, work)
    assert RecordAccess.objects.filter(for_id=work).count() == 1


def test_one_ended_work_leaves_the_other_open(doctor: Actor, hospital: Institution) -> None:
    person_id, nurse = a_person(doctor, at=now()), a_clinician(hospital)
    first, second = new_id(), new_id()
    give(doctor, person_id, hospital.pk, first)
    give(doctor, person_id, hospital.pk, second)
    end(doctor, first)
    assert is_open(nurse, person_id)


def test_nobody_gives_away_what_is_closed_to_them(doctor: Actor, hospital: Institution) -> None:
    person_id, stranger = a_person(doctor, at=now()), a_stranger()
    for somebody in (person_id, new_id()):
        with pytest.raises(NotFound):
            give(stranger, somebody, hospital.pk, new_id())
    assert not RecordAccess.objects.filter(institution_id=hospital.pk).exists()


def test_for_work_of_its_own_an_institution_opens_a_record(doctor: Actor, hospital: Institution) -> None:
    """Somebody walks in: the visit is the reason (the episode room writes it)."""
    person_id, nurse = a_person(doctor, at=now()), a_clinician(hospital)
    give(nurse, person_id, hospital.pk, new_id())
    assert is_open(nurse, person_id)


def test_participants_need_the_transaction_of_a_command(committed_db: Database) -> None:
    doctor = a_stranger()
    with pytest.raises(access.ScopeError):
        residents.grant_access(
            doctor,
            new_id(),
            {doctor.institution_id: new_id()},
            reason=residents.AccessReason.EPISODE,
            for_kind=HANDOFF,
            at=now(),
        )
    with pytest.raises(access.ScopeError):
        residents.end_access(doctor, for_kind=HANDOFF, for_id=new_id(), at=now())


def test_a_missing_and_a_closed_record_answer_alike(doctor: Actor, hospital: Institution) -> None:
    nurse = a_clinician(hospital)
    answers = []
    for somebody in (a_person(doctor, at=now()), new_id()):
        with pytest.raises(NotFound) as refused:
            residents.person(nurse, somebody)
        answers.append((type(refused.value), refused.value.text(), refused.value.code))
    assert answers[0] == answers[1]


def test_the_system_without_an_institution_opens_nothing_as_the_pages(doctor: Actor) -> None:
    assert not is_open(SYSTEM, a_person(doctor, at=now()))


def test_breaking_the_glass_opens_for_a_day_and_says_so(doctor: Actor, hospital: Institution) -> None:
    person_id, nurse, at = a_person(doctor, at=now()), a_clinician(hospital), now()
    residents.open_by_break_glass(actor=nurse, person_id=person_id, reason="昏迷送来急诊", at=at)
    assert is_open(nurse, person_id)
    given = RecordAccess.objects.get(institution_id=hospital.pk)
    assert given.valid_until == at + timedelta(hours=24)
    entry = AuditEntry.objects.get(action="residents.open_by_break_glass")
    assert (entry.purpose, entry.person_id) == ("emergency", person_id)
    assert entry.detail == {"reason": "昏迷送来急诊", "until": (at + timedelta(hours=24)).isoformat()}
    event = OutboxEvent.objects.get(kind="residents.RecordOpenedByBreakGlass")
    assert event.payload["person_id"] == str(person_id)
    with access.scoped(nurse):
        assert BreakGlass.objects.get().reason_text == "昏迷送来急诊"


def test_an_open_record_has_no_glass(doctor: Actor) -> None:
    person_id = a_person(doctor, at=now())
    residents.open_by_break_glass(actor=doctor, person_id=person_id, reason="昏迷送来急诊", at=now())
    assert not RecordAccess.objects.filter(reason="break_glass").exists()


@pytest.mark.parametrize("reason", ["", "急", "急急急急", "     "])
def test_breaking_the_glass_needs_a_reason(doctor: Actor, hospital: Institution, reason: str) -> None:
    person_id, nurse = a_person(doctor, at=now()), a_clinician(hospital)
    with pytest.raises(InvalidInput, match="至少 5 个字"):
        residents.open_by_break_glass(actor=nurse, person_id=person_id, reason=reason, at=now())
    assert not is_open(nurse, person_id)


def test_breaking_the_glass_needs_the_permission_and_a_person(doctor: Actor, hospital: Institution) -> None:
    person_id, clerk = a_person(doctor, at=now()), a_clinician(hospital, "residents.search")
    with pytest.raises(NotPermitted):
        residents.open_by_break_glass(actor=clerk, person_id=person_id, reason="昏迷送来急诊", at=now())
    with pytest.raises(NotFound):
        residents.open_by_break_glass(
            actor=a_clinician(hospital), person_id=new_id(), reason="昏迷送来急诊", at=NOON
        )
    assert not RecordAccess.objects.filter(institution_id=hospital.pk).exists()
