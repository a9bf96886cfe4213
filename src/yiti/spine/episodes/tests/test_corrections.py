"""A correction is a new row that names the old one, once, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput, NotFound, StaleRevision
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Visit, VitalReading
from yiti.spine.episodes.tests.builders import (
    a_county_doctor,
    a_doctor,
    a_full_visit,
    a_visit,
    readings,
)

pytestmark = pytest.mark.usefixtures("code_tables")
MINUTE = timedelta(minutes=1)
WHY = "录入时看错"


def written(doctor: Actor, visit: Visit, at: datetime) -> episodes.VisitDetail:
    """What is in force in the visit."""
    return episodes.visit_detail(doctor, visit.id, at)


def test_a_corrected_reading_shows_the_new_value_and_keeps_the_old_row(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    wrong = written(doctor, visit, at).vitals[0]
    new = episodes.correct_vital(
        actor=doctor,
        visit_id=visit.id,
        correction=episodes.Correction(wrong.stamp.id, WHY),
        value=readings(systolic=158)[0],
        at=at + MINUTE,
    )
    shown = written(doctor, visit, at).vitals[0]
    assert (shown.stamp.id, shown.reading.text, shown.taken_at) == (new, "158", at)
    assert (shown.stamp.replaces_id, shown.stamp.reason) == (wrong.stamp.id, WHY)
    with access.scoped(doctor):
        assert VitalReading.objects.get(id=wrong.stamp.id).value == Decimal(168)


def test_a_correction_of_the_pressure_is_checked_against_the_other_one(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    wrong = written(doctor, visit, at).vitals[0]
    with pytest.raises(InvalidInput, match="是不是填反了"):
        episodes.correct_vital(
            actor=doctor,
            visit_id=visit.id,
            correction=episodes.Correction(wrong.stamp.id, WHY),
            value=readings(systolic=100)[0],
            at=at,
        )


Correct = Callable[[Actor, Visit, episodes.VisitDetail, str, datetime], UUID]


def _vital(doctor: Actor, visit: Visit, seen: episodes.VisitDetail, why: str, at: datetime) -> UUID:
    return episodes.correct_vital(
        actor=doctor,
        visit_id=visit.id,
        correction=episodes.Correction(seen.vitals[0].stamp.id, why),
        value=readings(systolic=158)[0],
        at=at,
    )


def _diagnosis(doctor: Actor, visit: Visit, seen: episodes.VisitDetail, why: str, at: datetime) -> UUID:
    return episodes.correct_diagnosis(
        actor=doctor,
        visit_id=visit.id,
        correction=episodes.Correction(seen.diagnoses[0].stamp.id, why),
        spec=episodes.DiagnosisSpec("I21.4"),
        at=at,
    )


def _note(doctor: Actor, visit: Visit, seen: episodes.VisitDetail, why: str, at: datetime) -> UUID:
    return episodes.correct_note(
        actor=doctor,
        visit_id=visit.id,
        correction=episodes.Correction(seen.notes[0].stamp.id, why),
        spec=episodes.NoteSpec(subjective="胸闷 5 天"),
        at=at,
    )


def _treatment(doctor: Actor, visit: Visit, seen: episodes.VisitDetail, why: str, at: datetime) -> UUID:
    return episodes.correct_treatment(
        actor=doctor,
        visit_id=visit.id,
        correction=episodes.Correction(seen.treatments[0].stamp.id, why),
        spec=episodes.TreatmentSpec("吸氧 2 L/分"),
        at=at,
    )


def _withdrawal(doctor: Actor, visit: Visit, seen: episodes.VisitDetail, why: str, at: datetime) -> UUID:
    return episodes.withdraw_fact(
        actor=doctor,
        visit_id=visit.id,
        kind="treatment",
        correction=episodes.Correction(seen.treatments[0].stamp.id, why),
        at=at,
    )


CORRECTIONS: dict[str, Correct] = {
    "vital": _vital,
    "diagnosis": _diagnosis,
    "note": _note,
    "treatment": _treatment,
    "withdrawal": _withdrawal,
}


@pytest.mark.parametrize("correct", CORRECTIONS.values(), ids=CORRECTIONS.keys())
def test_only_the_first_of_two_corrections_is_made(correct: Correct, at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    seen = written(doctor, visit, at)
    correct(doctor, visit, seen, WHY, at)
    with pytest.raises(StaleRevision, match="刚被改过"):
        correct(doctor, visit, seen, WHY, at)


@pytest.mark.parametrize("correct", CORRECTIONS.values(), ids=CORRECTIONS.keys())
def test_a_correction_needs_a_reason_and_is_made_where_the_visit_was(correct: Correct, at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    visit = a_full_visit(doctor, at)
    seen = written(doctor, visit, at)
    a_visit(county, visit.person_id, at=at)
    with pytest.raises(InvalidInput) as refused:
        correct(doctor, visit, seen, "  ", at)
    assert refused.value.field == "reason"
    with pytest.raises(NotFound):
        correct(county, visit, seen, WHY, at)
    assert written(doctor, visit, at) == seen


@pytest.mark.parametrize("correct", CORRECTIONS.values(), ids=CORRECTIONS.keys())
def test_a_correction_leaves_one_audit_row_about_the_person(correct: Correct, at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    before = set(AuditEntry.objects.values_list("id", flat=True))
    made = correct(doctor, visit, written(doctor, visit, at), WHY, at)
    rows = AuditEntry.objects.exclude(id__in=before)
    assert [(row.record_id, row.person_id, row.user_id) for row in rows] == [
        (made, visit.person_id, doctor.user_id)
    ]


@pytest.mark.parametrize("correct", CORRECTIONS.values(), ids=CORRECTIONS.keys())
def test_corrections_can_be_made_after_the_visit(correct: Correct, at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    seen = written(doctor, visit, at)
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at)
    assert correct(doctor, visit, seen, WHY, at + MINUTE)


def test_a_withdrawn_fact_is_gone_from_sight(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    seen = written(doctor, visit, at)
    _withdrawal(doctor, visit, seen, WHY, at)
    assert written(doctor, visit, at).treatments == ()
    reading = seen.vitals[1]
    episodes.withdraw_fact(
        actor=doctor,
        visit_id=visit.id,
        kind="vital",
        correction=episodes.Correction(reading.stamp.id, WHY),
        at=at,
    )
    assert [row.reading.text for row in written(doctor, visit, at).vitals] == ["168"]


def test_the_main_diagnosis_is_not_taken_away_from_the_others(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    main, other = written(doctor, visit, at).diagnoses
    with pytest.raises(InvalidInput, match="主要诊断"):
        episodes.withdraw_fact(
            actor=doctor,
            visit_id=visit.id,
            kind="diagnosis",
            correction=episodes.Correction(main.stamp.id, WHY),
            at=at,
        )
    with pytest.raises(InvalidInput, match="主要诊断"):
        episodes.correct_diagnosis(
            actor=doctor,
            visit_id=visit.id,
            correction=episodes.Correction(other.stamp.id, WHY),
            spec=episodes.DiagnosisSpec("I10", episodes.DiagnosisRole.MAIN),
            at=at,
        )
