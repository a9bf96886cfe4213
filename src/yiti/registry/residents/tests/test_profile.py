"""Changing a record: revisions, history, moving, dying."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import CardKey, Resident, ResidentChange
from yiti.registry.residents.selectors import changes_since
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_person,
    a_place,
    a_profile,
    a_stranger,
    born,
)


@pytest.fixture
def person_id(doctor: Actor, place: Place) -> UUID:
    """Somebody of the doctor's village."""
    return a_person(doctor, a_profile("房金养", birth=born(date(1959, 3, 14))), village=place.village)


def change(actor: Actor, person_id: UUID, *, revision: int = 1, **changes: Any) -> int:
    """Change a profile, seen at a revision."""
    profile = replace(residents.person(actor, person_id).profile, **changes)
    return residents.change_profile(
        actor=actor, person_id=person_id, profile=profile, revision=revision, at=NOON
    )


def test_a_change_counts_up_and_is_kept(doctor: Actor, person_id: UUID) -> None:
    assert change(doctor, person_id, phone="138 2271 6620", payer="L01") == 2
    assert residents.person(doctor, person_id).profile.phone == "13822716620"
    rows = changes_since(doctor, person_id, 1)
    assert [(row.field, row.old, row.new, row.changed_by_name) for row in rows] == [
        ("payer", "", "L01", "唐桂花"),
        ("phone", "", "13822716620", "唐桂花"),
    ]
    entry = AuditEntry.objects.get(action="residents.change_profile")
    assert entry.detail == {"fields": "payer, phone", "revision": 2}


def test_a_stale_revision_changes_nothing(doctor: Actor, person_id: UUID) -> None:
    change(doctor, person_id, phone="13822716620")
    with pytest.raises(StaleRevision):
        change(doctor, person_id, revision=1, phone="13900000000")
    assert residents.person(doctor, person_id).profile.phone == "13822716620"
    assert ResidentChange.objects.count() == 1


def test_the_same_change_twice_is_done_once(doctor: Actor, person_id: UUID) -> None:
    assert change(doctor, person_id, phone="13822716620") == 2
    assert change(doctor, person_id, phone="13822716620") == 2
    assert AuditEntry.objects.filter(action="residents.change_profile").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"birth": born(date(2027, 1, 1))}, "birth", id="a birth to come"),
        pytest.param({"phone": "1"}, "phone", id="no phone"),
        pytest.param({"contact_phone": "12345678901"}, "contact_phone", id="no phone of the contact"),
        pytest.param({"payer": "nobody"}, "payer", id="unknown payer"),
        pytest.param({"address": "字" * 121}, "address", id="a long address"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    doctor: Actor, person_id: UUID, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(doctor, person_id, **changes)
    assert refused.value.field == field
    assert Resident.objects.get(pk=person_id).revision == 1


def test_a_stranger_finds_nothing_to_change(committed_db: Database) -> None:
    doctor = a_clinician(a_place().clinic)
    person_id, stranger = a_person(doctor, at=now()), a_stranger()
    profile = residents.person(doctor, person_id).profile
    for somebody in (person_id, new_id()):
        with pytest.raises(NotFound):
            residents.change_profile(
                actor=stranger, person_id=somebody, profile=profile, revision=1, at=now()
            )


def test_the_record_is_locked_before_it_is_changed(doctor: Actor, person_id: UUID) -> None:
    with CaptureQueriesContext(connection) as captured:
        change(doctor, person_id, phone="13822716620")
    on_record = [q["sql"] for q in captured if 'residents_resident"' in q["sql"]]
    lock = next(i for i, sql in enumerate(on_record) if sql.endswith("FOR UPDATE"))
    write = next(i for i, sql in enumerate(on_record) if sql.startswith("UPDATE"))
    assert lock < write


def move(actor: Actor, person_id: UUID, home: residents.Home, revision: int = 1) -> int:
    """Move somebody at noon."""
    return residents.move_village(actor=actor, person_id=person_id, home=home, revision=revision, at=NOON)


def open_to(actor: Actor, person_id: UUID) -> set[tuple[str, str]]:
    """Institutions and reasons for which the record is open now."""
    rows = residents.who_may_see(actor, person_id, at=NOON + timedelta(seconds=1))
    return {(row.institution_name, row.reason.value) for row in rows}


def test_moving_opens_the_record_to_the_new_village_and_closes_it_to_the_old(
    doctor: Actor, person_id: UUID
) -> None:
    far = a_place(name="寨岗村")
    move(doctor, person_id, residents.Home(far.village.pk, "3", "寨岗镇"))
    assert residents.card(doctor, person_id).village_name == "寨岗村"
    assert residents.person(doctor, person_id).place == "寨岗村 3 组"
    assert open_to(doctor, person_id) == {
        ("油岭村卫生站", "registered"),
        ("寨岗村卫生站", "catchment"),
        ("三排镇卫生院", "catchment"),
    }


def sounds(person_id: UUID) -> set[tuple[str, str]]:
    """The keys of the sound of a name with year and village."""
    keys = CardKey.objects.filter(card_id=person_id, kind__in=["sy", "sv"])
    return set(keys.values_list("kind", "value"))


def test_who_moves_and_who_is_older_is_looked_for_there(doctor: Actor, person_id: UUID) -> None:
    far = a_place(name="寨岗村").village.pk
    move(doctor, person_id, residents.Home(far, "3", ""))
    change(doctor, person_id, revision=2, birth=born(date(1958, 3, 14)))
    there = ("sv", f"fangjinyang-{far.hex[-12:]}")
    assert sounds(person_id) == {there, ("sy", "fangjinyang-1958")}
    move(doctor, person_id, residents.Home(None), revision=3)
    assert sounds(person_id) == {("sy", "fangjinyang-1958")}


def test_those_of_an_older_index_are_given_the_same_keys(doctor: Actor, place: Place) -> None:
    both, nowhere, long = (
        a_person(doctor, a_profile(name, birth=born(date(1959, 3, 14))), village=village)
        for name, village in [("覃桂", place.village), ("房金养", None), ("庄" * 50, place.village)]
    )
    made = {each: sounds(each) for each in (both, nowhere, long)}
    assert [len(made[each]) for each in (both, nowhere, long)] == [4, 1, 2]
    CardKey.objects.filter(kind__in=["sy", "sv"]).delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("yiti.registry.residents.migrations.0006_sounds").FILL)
    assert {each: sounds(each) for each in made} == made


def test_moving_out_of_the_county_leaves_no_catchment(doctor: Actor, person_id: UUID) -> None:
    move(doctor, person_id, residents.Home(None, "", "广州市"))
    assert open_to(doctor, person_id) == {("油岭村卫生站", "registered")}
    assert residents.person(doctor, person_id).place == "广州市"


def test_moving_within_the_village_changes_no_access(doctor: Actor, person_id: UUID, place: Place) -> None:
    before = open_to(doctor, person_id)
    assert move(doctor, person_id, residents.Home(place.village.pk, "5", "")) == 2
    assert move(doctor, person_id, residents.Home(place.village.pk, "5", "")) == 2
    assert open_to(doctor, person_id) == before


def test_moving_from_a_stale_page_moves_nobody(doctor: Actor, person_id: UUID) -> None:
    change(doctor, person_id, phone="13822716620")
    with pytest.raises(StaleRevision):
        move(doctor, person_id, residents.Home(None))


def die(actor: Actor, person_id: UUID, at: datetime) -> None:
    """Record a death."""
    residents.record_death(actor=actor, person_id=person_id, deceased_at=at, at=NOON)


def test_a_death_marks_the_card_and_is_told(doctor: Actor, person_id: UUID) -> None:
    die(doctor, person_id, NOON)
    die(doctor, person_id, NOON)
    assert residents.card(doctor, person_id).is_deceased
    assert residents.person(doctor, person_id).deceased_at == NOON
    assert OutboxEvent.objects.filter(kind="residents.PersonDied").count() == 1


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(NOON + timedelta(minutes=1), id="to come"),
        pytest.param(datetime(1959, 3, 13, 12, tzinfo=NOON.tzinfo), id="before birth"),
    ],
)
def test_a_death_that_cannot_be_is_refused(doctor: Actor, person_id: UUID, moment: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        die(doctor, person_id, moment)
    assert refused.value.field == "deceased_at"
    assert not residents.card(doctor, person_id).is_deceased


def test_nobody_dies_twice(doctor: Actor, person_id: UUID) -> None:
    die(doctor, person_id, NOON)
    with pytest.raises(Conflict, match="2026-11-20 12:00"):
        die(doctor, person_id, NOON - timedelta(hours=1))


def test_a_retired_code_stays_as_long_as_nobody_changes_it(doctor: Actor, person_id: UUID) -> None:
    Resident.objects.filter(pk=person_id).update(payer="02")
    assert change(doctor, person_id, phone="13822716620") == 2
    assert residents.person(doctor, person_id).profile.payer == "02"
    with pytest.raises(InvalidInput) as refused:
        change(doctor, person_id, revision=2, payer="03")
    assert refused.value.field == "payer"


def test_the_number_of_queries_for_records_does_not_grow(doctor: Actor, person_id: UUID) -> None:
    def queries(ids: list[UUID]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(residents.persons(doctor, ids)) == len(ids)
        return len(captured)

    many = [a_person(doctor) for _ in range(20)]
    assert (queries([person_id]), queries([person_id, *many])) == (7, 7), "four, and three for the scope"
