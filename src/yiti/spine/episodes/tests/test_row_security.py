"""The database keeps the rows closed and the facts as they are. Every test really commits."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.access import public as access
from yiti.foundation.outbox.domain import from_payload
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.residents import public as residents
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.episodes import handlers
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.commands import attach_file
from yiti.spine.episodes.models import Visit
from yiti.spine.episodes.tests.builders import (
    A_PICTURE,
    a_content,
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
    an_opening,
    connected_as,
    drugs,
    readings,
)

GUARDED = (
    "episodes_episode",
    "episodes_episodechain",
    "episodes_episodejoin",
    "episodes_visit",
    "episodes_vitalreading",
    "episodes_diagnosis",
    "episodes_note",
    "episodes_treatment",
    "episodes_discharge",
    "episodes_medicationlist",
    "episodes_currentmedication",
    "episodes_attachment",
    "episodes_attachmentcontent",
)


@pytest.fixture
def doctor(committed_db: Database) -> Actor:
    """A village doctor, in a database of her own."""
    terminology.load()
    return a_doctor()


def a_full_stay(doctor: Actor) -> Visit:
    """A stay with at least one row in every guarded table."""
    content = a_content(
        "I20.0",
        vitals=readings(systolic=168),
        note=episodes.NoteSpec(plan="复查"),
        treatments=[episodes.TreatmentSpec("吸氧")],
        medications=drugs("氨氯地平片"),
    )
    stay = a_visit(
        doctor, a_patient(doctor, at=now()), at=now(), content=content, kind=episodes.VisitKind.INPATIENT
    )
    file = episodes.AttachmentSpec("心电图", A_PICTURE)
    attach_file(actor=doctor, visit_id=stay.id, spec=file, at=now())
    spec = episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.CURED, "痊愈")
    episodes.discharge(actor=doctor, visit_id=stay.id, spec=spec, revision=1, at=now())
    with access.scoped(doctor):
        episodes.link_chain(
            doctor, stay.episode_id, chain_id=new_id(), institution_id=doctor.institution_id, at=now()
        )
    return stay


def rows_seen(table: str, actor: Actor | None) -> int:
    """How many rows of a table the pages see in this actor's scope, or with the scope set nowhere."""
    if actor is None:
        return _count(table)
    with access.scoped(actor):
        return _count(table)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_rows_are_seen_only_where_the_record_is_open(doctor: Actor) -> None:
    a_full_stay(doctor)
    stranger = a_county_doctor()
    assert [table for table in GUARDED if not rows_seen(table, doctor)] == [], "at home: all is seen"
    assert [table for table in GUARDED if rows_seen(table, stranger)] == [], "elsewhere: nothing"
    assert [table for table in GUARDED if rows_seen(table, None)] == [], "scope set nowhere: nothing"


def test_every_table_but_the_counter_is_guarded(doctor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'episodes\\_%' AND relkind = 'r'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
        assert cursor.fetchall() == [("episodes_episodemonth",)]


def test_nobody_writes_into_a_closed_record(doctor: Actor) -> None:
    stay, stranger = a_full_stay(doctor), a_county_doctor()
    with access.scoped(stranger):
        assert Visit.objects.filter(id=stay.id).update(revision=9) == 0
    with pytest.raises(DatabaseError, match="row-level security"), access.scoped(stranger):
        Visit.objects.create(
            episode_id=stay.episode_id,
            person_id=stay.person_id,
            kind="outpatient",
            institution_id=stranger.institution_id,
            chief_complaint="胸闷",
            started_at=now(),
        )


NEVER = {
    "a reading is not changed": "UPDATE episodes_vitalreading SET value = 120",
    "nor deleted": "DELETE FROM episodes_vitalreading",
    "a diagnosis is not changed": "UPDATE episodes_diagnosis SET code = 'I10'",
    "nor deleted either": "DELETE FROM episodes_diagnosis",
    "a note is not changed": "UPDATE episodes_note SET plan = ''",
    "a treatment is not changed": "UPDATE episodes_treatment SET text = 'x'",
    "a discharge is not changed": "UPDATE episodes_discharge SET way = '1'",
    "a list of drugs is not changed": "UPDATE episodes_currentmedication SET dose = ''",
    "nor its head": "UPDATE episodes_medicationlist SET replaces_id = NULL",
    "the log of joins is not changed": "UPDATE episodes_episodejoin SET reason = ''",
    "nor cut": "DELETE FROM episodes_episodejoin",
    "a visit goes to nobody else": "UPDATE episodes_visit SET person_id = id",
    "nor is its complaint put right in place": "UPDATE episodes_visit SET chief_complaint = 'x'",
    "nor is it deleted": "DELETE FROM episodes_visit",
    "an episode keeps its number": "UPDATE episodes_episode SET number = 'EP-2601-0001'",
    "and its person": "UPDATE episodes_episode SET person_id = id",
    "and is not deleted": "DELETE FROM episodes_episode",
    "nor are all of them": "TRUNCATE episodes_visit CASCADE",
}


def test_what_the_pages_and_the_worker_may_never_do(committed_db: Database) -> None:
    done = []
    for role in (Role.APP, Role.WORKER):
        with psycopg.connect(committed_db.urls[role], autocommit=True) as plain:
            for words, statement in NEVER.items():
                try:
                    plain.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    continue
                done.append((role, words))
    assert done == []


def test_the_worker_closes_and_the_loader_sees_all(doctor: Actor, committed_db: Database) -> None:
    a_full_stay(doctor)
    for role in (Role.WORKER, Role.LOADER):
        with psycopg.connect(committed_db.urls[role]) as plain:
            assert plain.execute("SELECT count(*) FROM episodes_visit").fetchone() == (1,)


def test_a_death_in_hospital_is_recorded_by_the_worker_once(doctor: Actor) -> None:
    stay = a_visit(doctor, a_patient(doctor, at=now()), at=now(), kind=episodes.VisitKind.INPATIENT)
    file = episodes.AttachmentSpec("心电图", A_PICTURE)
    attach_file(actor=doctor, visit_id=stay.id, spec=file, at=now())
    spec = episodes.DischargeSpec(episodes.DischargeWay.DIED, episodes.Outcome.DIED, "抢救无效")
    episodes.discharge(actor=doctor, visit_id=stay.id, spec=spec, revision=1, at=now())
    payload = OutboxEvent.objects.get(kind=episodes.PersonDischarged.kind).payload
    event = from_payload(episodes.PersonDischarged, payload)
    with connected_as(Role.WORKER):
        for _ in range(2):
            handlers.on_person_discharged(event)
    found = residents.person(doctor, stay.person_id)
    assert found.deceased_at == event.discharged_at  # type: ignore[attr-defined]


def test_the_worker_closes_what_a_death_leaves_open(doctor: Actor) -> None:
    visit = a_visit(doctor, a_patient(doctor, at=now()), at=now())
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=now())
    died = residents.PersonDied(visit.person_id, deceased_at=now(), recorded_at=now())
    with connected_as(Role.WORKER):
        for _ in range(2):
            handlers.on_person_died(died)
        assert handlers.close_idle() == 0
    assert episodes.episode(doctor, visit.episode_id).state == "closed"


def statements(queries: CaptureQueriesContext) -> list[str]:
    """The statements of a command that lock or write rows of this room, in order, by their first words."""
    found = []
    for query in queries.captured_queries:
        sql = query["sql"]
        if "FOR UPDATE" in sql:
            found.append("LOCK " + sql.split('FROM "')[1].split('"')[0])
        elif "pg_advisory_xact_lock" in sql:
            found.append("LOCK person")
        elif sql.startswith(("INSERT", "UPDATE")):
            found.append(" ".join(sql.replace('"', "").split()[:3]))
    return [each for each in found if "episodes" in each or "person" in each]


def test_a_visit_is_locked_before_it_is_ended(doctor: Actor) -> None:
    visit = a_visit(doctor, a_patient(doctor, at=now()), at=now())
    with CaptureQueriesContext(connection) as queries:
        episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=now())
    assert statements(queries)[:2] == ["LOCK episodes_visit", "UPDATE episodes_visit SET"]


def test_the_visit_is_locked_before_a_fact_is_written(doctor: Actor) -> None:
    visit = a_visit(doctor, a_patient(doctor, at=now()), at=now())
    with CaptureQueriesContext(connection) as queries:
        episodes.record_vitals(
            actor=doctor, visit_id=visit.id, readings=readings(spo2=95), taken_at=now(), at=now()
        )
    assert statements(queries) == ["LOCK episodes_visit", "INSERT INTO episodes_vitalreading"]


def test_the_person_is_locked_before_an_episode_is_chosen(doctor: Actor) -> None:
    person_id = a_patient(doctor, at=now())
    with CaptureQueriesContext(connection) as queries:
        episodes.open_visit(actor=doctor, opening=an_opening(person_id), content=a_content("I10"), at=now())
    assert statements(queries) == [
        "LOCK person",
        "INSERT INTO episodes_episodemonth",
        "INSERT INTO episodes_episode",
        "INSERT INTO episodes_visit",
        "INSERT INTO episodes_episodejoin",
        "INSERT INTO episodes_diagnosis",
    ]


def test_both_episodes_are_locked_before_they_are_joined(doctor: Actor) -> None:
    person_id = a_patient(doctor, at=now())
    one, two = (a_visit(doctor, person_id, code, at=now()) for code in ("I20.0", "S72.0"))
    with CaptureQueriesContext(connection) as queries:
        episodes.join_episodes(
            actor=doctor,
            into_id=one.episode_id,
            from_id=two.episode_id,
            reason="同一次发病",
            revisions=(1, 1),
            at=now(),
        )
    assert statements(queries)[:4] == [
        "LOCK episodes_episode",
        "LOCK episodes_episode",
        "LOCK episodes_visit",
        "INSERT INTO episodes_episodejoin",
    ]
