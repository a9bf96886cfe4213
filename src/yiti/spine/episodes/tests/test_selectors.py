"""Vital signs over time, the summary for a referral, counts; and how many queries reads take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.residents.tests.builders import a_person, a_profile, born
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.tests.builders import (
    a_content,
    a_doctor,
    a_patient,
    a_visit,
    drugs,
    readings,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)
ALL = episodes.Window(limit=50)
MOST_QUERIES = 22


def test_a_series_has_the_last_nine_oldest_first_with_its_target(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    for number in range(12):
        content = a_content("I10", vitals=readings(systolic=120 + number))
        a_visit(doctor, person_id, at=at + number * DAY, content=content)
    (series,) = episodes.vitals(doctor, person_id, at)
    assert [row.reading.text for row in series.readings] == [str(120 + n) for n in range(3, 12)]
    assert (series.band_low, series.band_high) == (90.0, 140.0)
    assert (series.last.reading.text, series.last.is_red) == ("131", False)


def test_series_come_in_the_order_of_the_form_and_only_those_asked_for(at: datetime) -> None:
    doctor = a_doctor()
    content = a_content(vitals=readings(waist=90, spo2=97, systolic=150, diastolic=88, consciousness="A"))
    visit = a_visit(doctor, a_patient(doctor), at=at, content=content)
    kinds = [series.kind for series in episodes.vitals(doctor, visit.person_id, at)]
    assert kinds == ["systolic", "diastolic", "spo2", "waist", "consciousness"]
    asked = episodes.vitals(doctor, visit.person_id, at, kinds=[episodes.VitalKind.SPO2])
    assert [(s.kind, s.band_low, s.band_high) for s in asked] == [("spo2", 95.0, 97.0)]


def test_a_corrected_reading_stands_once_in_its_series(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at, content=a_content(vitals=readings(systolic=190)))
    wrong = episodes.vitals(doctor, visit.person_id, at)[0].last
    why = episodes.Correction(wrong.stamp.id, "看错")
    episodes.correct_vital(
        actor=doctor, visit_id=visit.id, correction=why, value=readings(systolic=119)[0], at=at
    )
    (series,) = episodes.vitals(doctor, visit.person_id, at)
    assert [row.reading.text for row in series.readings] == ["119"]


def test_a_child_is_not_measured_against_adults(at: datetime) -> None:
    doctor = a_doctor()
    child = a_person(doctor, a_profile("唐小妹", birth=born(date(2023, 5, 1))))
    visit = a_visit(doctor, child, at=at, content=a_content(vitals=readings(heart_rate=130)))
    row = episodes.visit_detail(doctor, visit.id, at).vitals[0]
    assert row.alarm is episodes.Alarm.NORMAL


# ---- the summary for a referral ---------------------------------------------------------------


def test_the_summary_has_the_latest_of_everything_and_each_diagnosis_once(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    early = a_content(
        "I20.0",
        "I10",
        vitals=readings(systolic=166, diastolic=100),
        note=episodes.NoteSpec(subjective="胸闷 3 天"),
        medications=drugs("氨氯地平片"),
    )
    first = a_visit(doctor, person_id, at=at - DAY, content=early)
    late = a_content(
        "I20.0",
        "E11.9",
        vitals=readings(systolic=168, diastolic=102),
        note=episodes.NoteSpec(subjective="今晨静息胸痛 20 分钟"),
        treatments=[episodes.TreatmentSpec("阿司匹林 300 mg 嚼服")],
    )
    second = a_visit(doctor, person_id, at=at, content=late, chief_complaint="胸痛 20 分钟")
    found = episodes.summary_for_referral(doctor, person_id, first.episode_id, at)
    assert found.chief_complaint == "胸痛 20 分钟"
    assert [row.code for row in found.diagnoses] == ["I20.0", "E11.9", "I10"]
    assert found.diagnoses[0].visit_id == second.id
    assert [(each.pressure, each.institution_level) for each in found.vitals] == [
        ("168/102", "village"),
        ("166/100", "village"),
    ]
    assert [row.text for row in found.treatments] == ["阿司匹林 300 mg 嚼服"]
    assert [row.name for row in found.medications.items] == ["氨氯地平片"]
    assert found.last_note is not None
    assert found.last_note.subjective == "今晨静息胸痛 20 分钟"
    assert found.open_visit is not None
    assert found.open_visit.id == second.id


def test_the_summary_of_somebody_elses_episode_is_not_found(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    with pytest.raises(NotFound):
        episodes.summary_for_referral(doctor, a_patient(doctor), visit.episode_id, at)


def test_counts_for_the_tabs(at: datetime) -> None:
    doctor = a_doctor()
    content = a_content("I10", vitals=readings(systolic=150, diastolic=90), medications=drugs("氨氯地平片"))
    visit = a_visit(doctor, a_patient(doctor), at=at, content=content)
    assert episodes.counts(doctor, visit.person_id) == {"visits": 1, "vitals": 2, "medications": 1}


# ---- how many queries -------------------------------------------------------------------------


def a_history(doctor: Actor, number: int, at: datetime) -> tuple[UUID, UUID]:
    """A person with that many visits in one episode, everything written in each."""
    person_id = a_patient(doctor)
    content = a_content(
        "I20.0",
        vitals=readings(systolic=150, diastolic=90),
        note=episodes.NoteSpec(plan="复查"),
        treatments=[episodes.TreatmentSpec("吸氧")],
    )
    visits = [a_visit(doctor, person_id, at=at + days * DAY, content=content) for days in range(number)]
    return person_id, visits[0].episode_id


def queries_taken(doctor: Actor, person_id: UUID, episode_id: UUID, at: datetime) -> dict[str, int]:
    """How many queries each read takes."""
    reads: dict[str, Callable[[], object]] = {
        "timeline": lambda: episodes.timeline(doctor, person_id, ALL),
        "open episodes": lambda: episodes.open_episodes(doctor, person_id),
        "visits": lambda: episodes.visits_of_episode(doctor, episode_id),
        "vitals": lambda: episodes.vitals(doctor, person_id, at),
        "vital sets": lambda: episodes.vital_sets(doctor, person_id, at),
        "summary": lambda: episodes.summary_for_referral(doctor, person_id, episode_id, at),
    }
    taken = {}
    for words, read in reads.items():
        with access.scoped(doctor), CaptureQueriesContext(connection) as queries:
            read()
        taken[words] = len(queries)
    return taken


def test_twenty_rows_take_as_many_queries_as_one(at: datetime) -> None:
    doctor = a_doctor()
    one, twenty = (queries_taken(doctor, *a_history(doctor, number, at), at) for number in (1, 20))
    assert one == twenty
    assert max(twenty.values()) <= MOST_QUERIES
