"""What is written into a visit stays as it was written; a correction is a new row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Visit
from yiti.spine.episodes.tests.builders import (
    a_content,
    a_doctor,
    a_full_visit,
    a_patient,
    a_visit,
    drugs,
    readings,
)

pytestmark = pytest.mark.usefixtures("code_tables")
MINUTE = timedelta(minutes=1)
WHY = "录入时看错"


def written(doctor: Actor, visit: Visit, at: datetime) -> episodes.VisitDetail:
    """What is in force in the visit."""
    return episodes.visit_detail(doctor, visit.id, at)


def test_readings_taken_later_stand_beside_the_first_ones(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    episodes.record_vitals(
        actor=doctor,
        visit_id=visit.id,
        readings=readings(systolic=150),
        taken_at=at + 20 * MINUTE,
        at=at + 30 * MINUTE,
    )
    rows = written(doctor, visit, at).vitals
    assert [(row.reading.text, row.taken_at) for row in rows] == [
        ("150", at + 20 * MINUTE),
        ("168", at),
        ("102", at),
    ]


def test_what_has_not_been_measured_yet_is_refused(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    later = at + MINUTE
    with pytest.raises(InvalidInput) as refused:
        episodes.record_vitals(
            actor=doctor, visit_id=visit.id, readings=readings(spo2=95), taken_at=later, at=at
        )
    assert refused.value.field == "taken_at"


REFUSED_WRITING: dict[str, tuple[Callable[[Actor, UUID, datetime], object], type[DomainError]]] = {
    "no readings at all": (
        lambda a, v, at: episodes.record_vitals(actor=a, visit_id=v, readings=[], taken_at=at, at=at),
        InvalidInput,
    ),
    "an empty note": (
        lambda a, v, at: episodes.write_note(actor=a, visit_id=v, spec=episodes.NoteSpec(plan=" "), at=at),
        InvalidInput,
    ),
    "a second main diagnosis": (
        lambda a, v, at: episodes.add_diagnosis(
            actor=a, visit_id=v, spec=episodes.DiagnosisSpec("E11.9"), at=at
        ),
        InvalidInput,
    ),
    "a treatment of tomorrow": (
        lambda a, v, at: episodes.add_treatment(
            actor=a, visit_id=v, spec=episodes.TreatmentSpec("输液", at + timedelta(days=1)), at=at
        ),
        InvalidInput,
    ),
    "thirty-one drugs": (
        lambda a, v, at: episodes.set_medications(
            actor=a, visit_id=v, items=drugs(*map(str, range(31))), seen_id=None, at=at
        ),
        InvalidInput,
    ),
    "a drug begun tomorrow": (
        lambda a, v, at: episodes.set_medications(
            actor=a,
            visit_id=v,
            items=[episodes.MedicationSpec("氨氯地平片", since=at.date() + timedelta(days=1))],
            seen_id=None,
            at=at,
        ),
        InvalidInput,
    ),
    "a list of drugs nobody has seen": (
        lambda a, v, at: episodes.set_medications(actor=a, visit_id=v, items=[], seen_id=new_id(), at=at),
        StaleRevision,
    ),
    "a visit that is not there": (
        lambda a, v, at: episodes.write_note(
            actor=a, visit_id=new_id(), spec=episodes.NoteSpec(plan="复查"), at=at
        ),
        NotFound,
    ),
}


@pytest.mark.parametrize(("write", "error"), REFUSED_WRITING.values(), ids=REFUSED_WRITING.keys())
def test_refused_writing_changes_nothing(
    write: Callable[[Actor, UUID, datetime], object], error: type[DomainError], at: datetime
) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    seen, rows = written(doctor, visit, at), AuditEntry.objects.count()
    with pytest.raises(error):
        write(doctor, visit.id, at)
    assert (written(doctor, visit, at), AuditEntry.objects.count()) == (seen, rows)


def test_nothing_is_added_to_a_visit_that_has_ended(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at)
    with pytest.raises(Conflict, match="已经结束"):
        episodes.write_note(actor=doctor, visit_id=visit.id, spec=episodes.NoteSpec(plan="复查"), at=at)


def test_lists_of_drugs_follow_each_other(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    first = episodes.set_medications(
        actor=doctor, visit_id=visit.id, items=drugs("氨氯地平片", "阿托伐他汀片"), seen_id=None, at=at
    )
    episodes.set_medications(actor=doctor, visit_id=visit.id, items=[], seen_id=first, at=at + MINUTE)
    now = episodes.medications(doctor, visit.person_id)
    assert (now.items, now.recorded_at) == ((), at + MINUTE)
    with pytest.raises(StaleRevision, match="刚被别人改过"):
        episodes.set_medications(
            actor=doctor, visit_id=visit.id, items=drugs("二甲双胍片"), seen_id=first, at=at
        )


def test_what_is_written_together_is_read_in_the_order_it_was_written(at: datetime) -> None:
    doctor = a_doctor()
    done = [f"第 {number} 项" for number in range(10)]
    content = a_content("I20.0", "I10", "E11.9", treatments=[episodes.TreatmentSpec(each) for each in done])
    visit = a_visit(doctor, a_patient(doctor), at=at, content=content)
    seen = written(doctor, visit, at)
    assert [row.text for row in seen.treatments] == done
    assert [row.code for row in seen.diagnoses] == ["I20.0", "I10", "E11.9"]
