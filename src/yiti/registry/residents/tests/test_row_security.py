"""The database itself keeps records closed. Every test really commits, as the role of the pages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import RecordAccess, Resident
from yiti.registry.residents.tests.builders import a_clinician, a_person, a_place, a_profile, a_stranger

GUARDED = (
    "residents_resident",
    "residents_residentchange",
    "residents_identifier",
    "residents_allergy",
    "residents_riskmark",
    "residents_breakglass",
    "residents_household",
    "residents_householdmember",
    "residents_merge",
)


@pytest.fixture
def doctor(committed_db: Database) -> Actor:
    """A village doctor, in a database of her own."""
    return a_clinician(a_place().clinic)


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


def a_full_record(actor: Actor) -> UUID:
    """A person with at least one row in every guarded table."""
    first = a_profile("房金养")
    person_id = a_person(actor, first, at=now())
    second = a_profile("房金养", birth=first.birth, address="三排镇油岭村")
    residents.change_profile(actor=actor, person_id=person_id, profile=second, revision=1, at=now())
    allergy = residents.AllergySpec(new_id(), substance_text="某种草药")
    residents.add_allergy(actor=actor, person_id=person_id, spec=allergy, at=now())
    risk = residents.RiskSpec(new_id(), residents.RiskCode.HEART, "", now().date())
    residents.mark_risk(actor=actor, person_id=person_id, spec=risk, at=now())
    home = residents.HouseholdSpec(new_id(), person_id)
    residents.set_household(actor=actor, spec=home, at=now())
    twin_id = a_person(actor, at=now())
    residents.merge_persons(
        actor=actor, absorbed_id=twin_id, kept_id=person_id, reason="同一个人登记了两次", at=now()
    )
    return person_id


def test_rows_are_seen_only_where_the_record_is_open(doctor: Actor) -> None:
    person_id = a_full_record(doctor)
    hospital, stranger = a_stranger(), a_stranger()
    residents.open_by_break_glass(actor=hospital, person_id=person_id, reason="昏迷送来急诊", at=now())
    assert [table for table in GUARDED if not rows_seen(table, hospital)] == [], "glass broken: all is seen"
    assert [table for table in GUARDED if rows_seen(table, stranger)] == [], "elsewhere: nothing"
    assert [table for table in GUARDED if rows_seen(table, None)] == [], "scope set nowhere: nothing"


def test_every_table_but_cards_and_accesses_is_guarded(doctor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'residents\\_%' AND relkind = 'r'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
        free = {row[0] for row in cursor.fetchall()}
    cards = {"residents_card", "residents_cardkey", "residents_duplicatepair"}
    learned = {"residents_linkmodel", "residents_linkweight", "residents_linkshare"}
    assert free == {*cards, *learned, "residents_recordaccess"}


def test_a_record_closes_when_the_access_ends(doctor: Actor) -> None:
    person_id, hospital, work = a_person(doctor, at=now()), a_stranger(), new_id()
    with access.scoped(doctor):
        residents.grant_access(
            doctor,
            person_id,
            {hospital.institution_id: work},
            reason=residents.AccessReason.HANDOFF,
            for_kind="handoffs.handoff",
            at=now(),
        )
    assert rows_seen("residents_resident", hospital) == 1
    with access.scoped(doctor):
        residents.end_access(doctor, for_kind="handoffs.handoff", for_id=work, at=now())
    assert rows_seen("residents_resident", hospital) == 0
    assert rows_seen("residents_resident", doctor) == 1


def test_an_access_that_has_run_out_or_not_begun_opens_nothing(doctor: Actor) -> None:
    person_id, hospital = a_person(doctor, at=now()), a_stranger()
    for begins, ends in ((-48, -24), (24, 48)):
        RecordAccess.objects.create(
            person_id=person_id,
            institution_id=hospital.institution_id,
            reason=residents.AccessReason.BREAK_GLASS,
            for_kind="residents.break_glass",
            for_id=new_id(),
            valid_from=now() + timedelta(hours=begins),
            valid_until=now() + timedelta(hours=ends),
            granted_by=hospital.user_id,
        )
    assert rows_seen("residents_resident", hospital) == 0


def test_nobody_writes_into_a_closed_record(doctor: Actor) -> None:
    person_id, stranger = a_person(doctor, at=now()), a_stranger()
    with access.scoped(stranger):
        assert Resident.objects.filter(pk=person_id).update(phone="13800000000") == 0
    with pytest.raises(DatabaseError, match="row-level security"), access.scoped(stranger):
        _insert_change(person_id)
    with pytest.raises(DatabaseError, match="row-level security"):
        _insert_change(person_id)


def _insert_change(person_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO residents_residentchange"
            " (id, person_id, revision, field, old, new, changed_at, changed_by, changed_by_name)"
            " VALUES (%s, %s, 9, 'phone', '', '1', now(), %s, '')",
            [new_id(), person_id, new_id()],
        )


NEVER = {
    "an access is not deleted": "DELETE FROM residents_recordaccess",
    "nor backdated": "UPDATE residents_recordaccess SET valid_from = now()",
    "nor given to somebody else": "UPDATE residents_recordaccess SET institution_id = id",
    "an allergy is not changed": "UPDATE residents_allergy SET severity = 'mild'",
    "nor deleted": "DELETE FROM residents_allergy",
    "a risk mark is only ended": "UPDATE residents_riskmark SET level = ''",
    "a document is only ended": "UPDATE residents_identifier SET number = 'X99'",
    "history stays": "UPDATE residents_residentchange SET old = ''",
    "so does what was said when the glass broke": "UPDATE residents_breakglass SET reason_text = 'aaaaa'",
    "a record is not deleted": "DELETE FROM residents_resident",
    "nor a card": "DELETE FROM residents_card",
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


def test_a_registration_works_when_the_clock_of_the_pages_runs_ahead(doctor: Actor) -> None:
    ahead = now() + timedelta(seconds=30)
    a_person(doctor, at=ahead)
    assert RecordAccess.objects.count() == 1


def test_the_worker_sees_all_and_the_loader_copies(doctor: Actor, committed_db: Database) -> None:
    a_person(doctor, at=now())
    for role in (Role.WORKER, Role.LOADER):
        with psycopg.connect(committed_db.urls[role]) as plain:
            assert plain.execute("SELECT count(*) FROM residents_resident").fetchone() == (1,)


def test_following_merges_always_ends(doctor: Actor) -> None:
    one, two, three = (a_person(doctor, at=now()) for _ in range(3))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE residents_card SET merged_into_id = %s WHERE id = %s", [two, one])
        with pytest.raises(DatabaseError, match="merged only into one that is not"):
            cursor.execute("UPDATE residents_card SET merged_into_id = %s WHERE id = %s", [one, three])
