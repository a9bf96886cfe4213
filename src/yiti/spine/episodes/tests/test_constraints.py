"""What the tables themselves never take."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from yiti.foundation.access import public as access
from yiti.spine.episodes.models import Diagnosis, VitalReading
from yiti.spine.episodes.tests.builders import (
    a_doctor,
    a_full_visit,
)

pytestmark = pytest.mark.usefixtures("code_tables")
WHY = "录入时看错"


def test_the_database_ties_a_fact_to_the_person_of_its_visit(at: datetime) -> None:
    doctor = a_doctor()
    visit, other = a_full_visit(doctor, at), a_full_visit(doctor, at)
    stamp = {"recorded_at": at, "recorded_by": doctor.user_id, "recorded_by_name": doctor.name}
    diagnosis = {"code": "I10", "text": "高血压", "role": "secondary", "certainty": "confirmed"}
    wrong_person = {"visit": visit, "person_id": other.person_id, **stamp, **diagnosis}
    with access.scoped(doctor):
        theirs = Diagnosis.objects.filter(visit=other).first()
        wrong_visit = {**wrong_person, "person_id": visit.person_id, "replaces": theirs, "reason": WHY}
        for columns in (wrong_person, wrong_visit):
            with pytest.raises(IntegrityError), transaction.atomic():
                Diagnosis.objects.create(**columns)


NEVER_IN_A_ROW = {
    "a value without a unit": {"unit": ""},
    "a unit of something else": {"unit": "mmol/L"},
    "no value": {"value": None},
    "both a value and words": {"level": "A"},
    "a reading of tomorrow": {"taken_at": timedelta(days=1)},
    "a kind nobody knows": {"kind": "mood"},
    "a correction without a reason": {"replaces": True},
    "a reason without a correction": {"reason": WHY},
}


@pytest.mark.parametrize("change", NEVER_IN_A_ROW.values(), ids=NEVER_IN_A_ROW.keys())
def test_the_database_refuses_an_impossible_reading(change: dict[str, object], at: datetime) -> None:
    doctor = a_doctor()
    visit = a_full_visit(doctor, at)
    columns: dict[str, object] = {
        "visit": visit,
        "person_id": visit.person_id,
        "recorded_at": at,
        "recorded_by": doctor.user_id,
        "recorded_by_name": doctor.name,
        "kind": "systolic",
        "value": Decimal(120),
        "unit": "mmHg",
        "taken_at": at,
    }
    with access.scoped(doctor):
        VitalReading.objects.create(**columns)
        changed = columns | change
        if isinstance(change.get("taken_at"), timedelta):
            changed["taken_at"] = at + timedelta(days=1)
        if change.get("replaces"):
            changed["replaces"] = VitalReading.objects.first()
        with pytest.raises(IntegrityError), transaction.atomic():
            VitalReading.objects.create(**changed)
