"""A visit begins: into which episode, with which access, and what is left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
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
    the_episode,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)


def test_the_first_visit_opens_an_episode_named_after_its_diagnosis(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), "I20.0", at=at)
    episode = the_episode(doctor, visit)
    assert (episode.problem, episode.problem_code, episode.state) == ("不稳定型心绞痛", "I20.0", "open")
    assert episode.number == "EP-2611-0001"
    assert EpisodeJoin.objects.get(visit=visit).act == "opened"


def test_without_a_diagnosis_it_is_named_after_the_complaint(at: datetime) -> None:
    doctor = a_doctor()
    episode = the_episode(doctor, a_visit(doctor, a_patient(doctor), at=at))
    assert (episode.problem, episode.problem_code) == ("胸闷 3 天", "")


def test_the_same_problem_within_the_days_joins_and_the_log_names_the_rule(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at)
    second = a_visit(doctor, person_id, "I20.9", at=at + 14 * DAY)
    assert second.episode_id == first.episode_id
    line = EpisodeJoin.objects.get(visit=second)
    assert (line.act, line.rule) == ("same_problem", "episodes.joining_days@*/2020-01-01")
    assert the_episode(doctor, second).last_active_at == at + 14 * DAY


def test_the_same_problem_much_later_opens_another_episode(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at - 40 * DAY)
    second = a_visit(doctor, person_id, "I20.0", at=at)
    assert second.episode_id != first.episode_id
    assert the_episode(doctor, second).number == "EP-2611-0001", "numbers begin anew every month"


def test_an_episode_kept_for_the_long_term_takes_its_problem_back_after_months(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I10", at=at - 90 * DAY, is_long_term=True)
    second = a_visit(doctor, person_id, "I10", at=at)
    assert second.episode_id == first.episode_id
    assert the_episode(doctor, second).state == "long_term"


def test_a_later_diagnosis_counts_as_a_problem_of_the_episode(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "R07.4", at=at - 3 * DAY)
    episodes.correct_diagnosis(
        actor=doctor,
        visit_id=first.id,
        correction=episodes.Correction(_diagnosis(doctor, first), "心电图后明确"),
        spec=episodes.DiagnosisSpec("I20.0"),
        at=at - 3 * DAY,
    )
    assert a_visit(doctor, person_id, "I20.0", at=at).episode_id == first.episode_id


def _diagnosis(doctor: Actor, visit: Visit) -> UUID:
    return episodes.visit_detail(doctor, visit.id, visit.started_at).diagnoses[0].stamp.id


def test_the_doctor_may_choose_against_the_rule_with_a_reason(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at - DAY)
    other = episodes.EpisodeChoice(None, "这次是摔伤引起，和前天无关")
    second = a_visit(doctor, person_id, "I20.0", at=at, choice=other)
    assert second.episode_id != first.episode_id
    back = episodes.EpisodeChoice(first.episode_id, "回来复查前天的胸闷")
    third = a_visit(doctor, person_id, "K29.5", at=at, choice=back)
    assert third.episode_id == first.episode_id
    log = {line.visit_id: (line.act, line.reason) for line in EpisodeJoin.objects.exclude(visit=first)}
    assert log == {second.id: ("chosen", other.reason), third.id: ("chosen", back.reason)}


def test_choosing_what_the_rule_says_needs_no_reason(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at - DAY)
    same = a_visit(doctor, person_id, "I20.0", at=at, choice=episodes.EpisodeChoice(first.episode_id, ""))
    assert EpisodeJoin.objects.get(visit=same).act == "same_problem"


def test_a_second_submit_changes_nothing(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    opening, content = an_opening(person_id), a_content("I20.0", vitals=readings(systolic=168, diastolic=102))
    for _ in range(2):
        assert episodes.open_visit(actor=doctor, opening=opening, content=content, at=at) == opening.id
    with access.scoped(doctor):
        assert (Visit.objects.count(), Episode.objects.count(), VitalReading.objects.count()) == (1, 1, 2)
    assert AuditEntry.objects.filter(action="episodes.open_visit").count() == 1
    assert OutboxEvent.objects.filter(kind="episodes.VisitStarted").count() == 1


def test_an_id_in_use_elsewhere_is_not_found(at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    stolen = an_opening(a_patient(county), id=visit.id)
    with pytest.raises(NotFound):
        episodes.open_visit(actor=county, opening=stolen, content=a_content(), at=at)


def test_the_record_opens_to_whom_the_person_has_come_to(at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    person_id = a_patient(doctor)
    with pytest.raises(NotFound):
        residents.person(county, person_id)
    visit = a_visit(county, person_id, at=at)
    assert residents.person(county, person_id).id == person_id
    given = RecordAccess.objects.get(for_kind="episodes.visit", for_id=visit.id)
    assert (given.reason, given.institution_id, given.valid_until) == ("episode", county.institution_id, None)


def test_a_visit_leaves_one_audit_row_and_its_events(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    visit = a_visit(doctor, person_id, "I20.0", at=at)
    rows = AuditEntry.objects.filter(action__startswith="episodes.")
    assert [(r.action, r.record_id, r.person_id) for r in rows] == [
        ("episodes.open_visit", visit.id, person_id)
    ]
    kinds = OutboxEvent.objects.filter(kind__startswith="episodes.").values_list("kind", flat=True)
    assert sorted(kinds) == ["episodes.EpisodeOpened", "episodes.VisitStarted"]


def test_what_is_written_at_once_is_there(at: datetime) -> None:
    doctor = a_doctor()
    content = a_content(
        "I20.0",
        "I10",
        vitals=readings(systolic=168, diastolic=102, consciousness="A"),
        note=episodes.NoteSpec(subjective="反复胸闷 3 天\r\n今晨 20 分钟", plan=" 建议上转 "),
        treatments=[episodes.TreatmentSpec("阿司匹林 300 mg 嚼服")],
        medications=drugs("氨氯地平片", "二甲双胍片"),
    )
    visit = a_visit(doctor, a_patient(doctor), at=at, content=content)
    detail = episodes.visit_detail(doctor, visit.id, at)
    assert [row.reading.text for row in detail.vitals] == ["168", "102", "清醒"]
    assert [(row.code, row.text, row.role) for row in detail.diagnoses] == [
        ("I20.0", "不稳定型心绞痛", "main"),
        ("I10", detail.diagnoses[1].text, "secondary"),
    ]
    assert (detail.notes[0].subjective, detail.notes[0].plan) == ("反复胸闷 3 天\n今晨 20 分钟", "建议上转")
    assert [row.text for row in detail.treatments] == ["阿司匹林 300 mg 嚼服"]
    current = episodes.medications(doctor, visit.person_id)
    assert [(row.name, row.frequency_zh) for row in current.items] == [
        ("氨氯地平片", "每日 1 次"),
        ("二甲双胍片", "每日 1 次"),
    ]
