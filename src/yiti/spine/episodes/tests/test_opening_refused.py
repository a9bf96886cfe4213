"""What may not begin, and that a refusal leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from yiti.foundation.access import public as access
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.tests.builders import a_department
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import RecordAccess
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Episode, EpisodeJoin, Visit, VitalReading
from yiti.spine.episodes.tests.builders import (
    a_content,
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
    an_opening,
    drugs,
    readings,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)


REFUSED = {
    "no complaint": ({"chief_complaint": "  "}, InvalidInput, "chief_complaint"),
    "a complaint too long": ({"chief_complaint": "痛" * 101}, InvalidInput, "chief_complaint"),
    "text that turns direction": ({"chief_complaint": "胸闷\u202e"}, InvalidInput, "chief_complaint"),
    "nobody": ({"person_id": new_id()}, NotFound, None),
    "a department that is not there": ({"department_id": new_id()}, InvalidInput, "department"),
    "a choice without a reason": (
        {"choice": episodes.EpisodeChoice(None, " ")},
        InvalidInput,
        "join_reason",
    ),
    "an episode that is not there": (
        {"choice": episodes.EpisodeChoice(new_id(), "想接着那次")},
        Conflict,
        "episode",
    ),
}


@pytest.mark.parametrize(("change", "error", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_opening_leaves_nothing(
    at: datetime, change: dict[str, object], error: type[DomainError], field: str | None
) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, "I20.0", at=at - DAY)
    opening = replace(an_opening(person_id), **change)  # type: ignore[arg-type]
    with pytest.raises(error) as refused:
        episodes.open_visit(actor=doctor, opening=opening, content=a_content("I20.0"), at=at)
    assert refused.value.field == field
    with access.scoped(doctor):
        assert (Visit.objects.count(), Episode.objects.count(), EpisodeJoin.objects.count()) == (1, 1, 1)
    assert RecordAccess.objects.filter(for_kind="episodes.visit").count() == 1


WRONG_CONTENT = {
    "a pressure of 1680": ({"vitals": readings(systolic=1680)}, "systolic"),
    "one kind twice": ({"vitals": [*readings(systolic=120), *readings(systolic=130)]}, "vitals"),
    "an unknown code": ({"diagnoses": [episodes.DiagnosisSpec("ZZ9")]}, "diagnoses"),
    "no main diagnosis": (
        {"diagnoses": [episodes.DiagnosisSpec("I10", episodes.DiagnosisRole.SECONDARY)]},
        "diagnoses",
    ),
    "two main diagnoses": (
        {"diagnoses": [episodes.DiagnosisSpec("I10"), episodes.DiagnosisSpec("E11.9")]},
        "diagnoses",
    ),
    "a diagnosis twice": (
        {
            "diagnoses": [
                episodes.DiagnosisSpec("I10"),
                episodes.DiagnosisSpec("i10", episodes.DiagnosisRole.SECONDARY),
            ]
        },
        "diagnoses",
    ),
    "a note too long": ({"note": episodes.NoteSpec(plan="写" * 2001)}, "plan"),
    "a treatment without words": ({"treatments": [episodes.TreatmentSpec(" ")]}, "treatments"),
    "a drug without a name": ({"medications": drugs("")}, "medications"),
    "a frequency that is not there": (
        {"medications": [episodes.MedicationSpec("氨氯地平片", "5 mg", "77")]},
        "medications",
    ),
    "a control character": ({"note": episodes.NoteSpec(plan="复查\x00")}, "plan"),
}


@pytest.mark.parametrize(("content", "field"), WRONG_CONTENT.values(), ids=WRONG_CONTENT.keys())
def test_wrong_content_names_its_field_and_saves_nothing(
    at: datetime, content: dict[str, object], field: str
) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    with pytest.raises(InvalidInput) as refused:
        a_visit(doctor, person_id, at=at, content=a_content(**content))
    assert refused.value.field == field
    with access.scoped(doctor):
        assert (Visit.objects.count(), VitalReading.objects.count()) == (0, 0)


def test_a_list_of_drugs_seen_too_long_ago_is_stale(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, at=at - DAY, content=a_content(medications=drugs("氨氯地平片")))
    with pytest.raises(StaleRevision):
        a_visit(doctor, person_id, at=at, content=a_content(medications=[]))


def test_the_dead_have_no_visits(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    residents.record_death(actor=doctor, person_id=person_id, deceased_at=at - DAY, at=at - DAY)
    with pytest.raises(Conflict, match="已登记死亡"):
        a_visit(doctor, person_id, at=at)


def test_a_department_of_another_institution_is_refused(at: datetime) -> None:
    doctor = a_doctor()
    with pytest.raises(InvalidInput):
        a_visit(doctor, a_patient(doctor), at=at, department_id=a_department().id)


def test_nobody_lies_in_one_hospital_twice(at: datetime) -> None:
    ward = a_county_doctor()
    person_id = a_patient(ward)
    a_visit(ward, person_id, at=at, kind=episodes.VisitKind.INPATIENT)
    with pytest.raises(Conflict, match="正在本机构住院"):
        a_visit(ward, person_id, at=at, kind=episodes.VisitKind.INPATIENT)


def test_without_the_permission_it_is_not_found(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    clerk = an_actor("residents.read", institution_id=doctor.institution_id)
    with pytest.raises(NotFound):
        a_visit(clerk, person_id, at=at)
