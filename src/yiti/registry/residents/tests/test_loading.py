"""Writing many people at once: the same rows as the form makes, as the loader only."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import SYSTEM
from yiti.kernel.identity import Sex, make_id_number
from yiti.kernel.ids import id_at
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import CardKey, Resident
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_place,
    a_profile,
    an_identity_card,
    born,
)

Batch = residents.Batch


def an_id(number: int) -> UUID:
    """An id that is the same in every run."""
    return id_at(1_760_000_000_000 + number, number)


def a_spec(number: int, place: Place) -> residents.PersonSpec:
    """Person number so-and-so of a village."""
    birth = date(1950, 1, 1) + timedelta(days=number)
    card = residents.IdentifierSpec(an_id(number + 1), "01", make_id_number("441826", birth, 1))
    profile = residents.Profile(
        f"房{'一二三四五六七八九十'[number // 10 % 10]}", Sex.MALE, born(birth), phone=f"138{number:08d}"
    )
    return residents.PersonSpec(an_id(number), profile, village_id=place.village.pk, identifiers=(card,))


def a_batch(place: Place, people: int) -> residents.Batch:
    """People of one village, the first three of them a household with an allergy and a risk."""
    ids = iter(range(1_000_000, 9_000_000))
    registration = residents.Registration(
        NOON, SYSTEM.user_id, place.hospital.pk, (place.clinic.pk, place.hospital.pk)
    )
    specs = [a_spec(number * 10, place) for number in range(people)]
    rows = [residents.prepare_person(spec, registration, make_id=lambda: an_id(next(ids))) for spec in specs]
    noted = residents.Noted(NOON, SYSTEM.user_id, SYSTEM.name, place.clinic.pk)
    head, wife, son = (spec.id for spec in specs[:3])
    home = residents.HouseholdSpec(an_id(5), head, ((wife, "12"), (son, "20")))
    allergy = residents.AllergySpec(an_id(6), "101", severity="severe")
    risk = residents.RiskSpec(an_id(7), residents.RiskCode.HEART, "", NOON.date())
    return Batch(
        people=rows,
        households=[
            residents.prepare_household(
                home, village_id=place.village.pk, at=NOON, make_id=lambda: an_id(next(ids))
            )
        ],
        allergies=[residents.prepare_allergy(head, allergy, noted)],
        risks=[residents.prepare_risk(head, risk, noted)],
    )


def become(database: Database, role: Role) -> None:
    """Connect Django as another role."""
    connections.close_all()
    connection.settings_dict["USER"] = conninfo_to_dict(database.urls[role])["user"]


def test_loaded_people_are_found_and_opened_like_registered_ones(committed_db: Database) -> None:
    place = a_place()
    become(committed_db, Role.LOADER)
    assert residents.load_people(actor=SYSTEM, batch=a_batch(place, 25), at=NOON) == 25
    become(committed_db, Role.APP)
    doctor = a_clinician(place.clinic)
    (hit,) = residents.search_cards(doctor, "13800000010")
    assert (hit.name, hit.may_open, hit.in_catchment) == ("房二", True, True)
    head = residents.search_cards(doctor, "13800000000")[0].card.id
    assert [row.text for row in residents.allergies(doctor, head)] == ["青霉素类抗生素过敏"]
    assert [row.text for row in residents.risks(doctor, head, on=NOON.date())] == ["冠心病"]
    home = residents.household(doctor, head)
    assert home is not None
    assert [member.relation_zh for member in home.members] == ["户主", "妻", "子"]
    entry = AuditEntry.objects.get(action="residents.load_people")
    assert entry.detail == {"people": 25, "households": 1}


def test_the_pages_cannot_load(committed_db: Database) -> None:
    place = a_place()
    with pytest.raises(
        psycopg.errors.FeatureNotSupported, match="COPY FROM not supported with row-level security"
    ):
        residents.load_people(actor=SYSTEM, batch=a_batch(place, 3), at=NOON)
    assert not CardKey.objects.exists()


def test_form_and_loader_make_the_same_rows(db: None) -> None:
    place = a_place()
    doctor = a_clinician(place.clinic)
    profile = a_profile("覃金养", phone="13822716620")
    card = an_identity_card(profile)
    spec = residents.PersonSpec(an_id(1), profile, village_id=place.village.pk, identifiers=(card,))
    residents.register_person(actor=doctor, spec=spec, at=NOON)
    registration = residents.Registration(NOON, doctor.user_id, place.clinic.pk)
    rows = residents.prepare_person(spec, registration, make_id=lambda: an_id(2))
    keys = CardKey.objects.filter(card_id=spec.id).values_list("kind", "value")
    assert set(keys) == set(rows.keys)
    assert Resident.objects.values().get() == {**rows.resident}


def test_the_same_seed_gives_the_same_rows() -> None:
    spec = residents.PersonSpec(an_id(1), residents.Profile("房金养"))
    registration = residents.Registration(NOON, an_id(2), an_id(3), (an_id(4),))
    made = [residents.prepare_person(spec, registration, make_id=lambda: an_id(5)) for _ in range(2)]
    assert made[0] == made[1]
