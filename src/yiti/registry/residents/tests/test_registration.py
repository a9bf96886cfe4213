"""Adding people: what is written, what is refused, and what a second try does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotPermitted
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Card, CardKey, Identifier, RecordAccess, Resident
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_man,
    a_person,
    a_place,
    a_profile,
    a_spec,
    a_stranger,
    an_identity_card,
    born,
    carded,
    register,
)

TABLES = (Card, CardKey, Resident, Identifier, RecordAccess, AuditEntry, OutboxEvent)


def counts() -> list[int]:
    """How many rows stand in every table that registering writes."""
    return [table.objects.count() for table in TABLES]


def test_a_registration_writes_card_record_keys_documents_and_accesses(doctor: Actor, place: Place) -> None:
    spec = carded(a_man(phone="138 2271 6620", address=" 三排镇油岭村 "), village=place.village)
    assert register(doctor, spec) == spec.id
    card = residents.card(doctor, spec.id)
    assert (card.masked_name, card.birth_year, card.village_name) == ("房*养", 1959, "油岭村")
    opened = residents.person(doctor, spec.id)
    assert (opened.name, opened.profile.phone, opened.profile.address) == (
        "房金养",
        "13822716620",
        "三排镇油岭村",
    )
    assert opened.id_number == spec.identifiers[0].number
    accesses = RecordAccess.objects.filter(person_id=spec.id).values_list("institution_id", "reason")
    assert set(accesses) == {
        (place.clinic.pk, "registered"),
        (place.clinic.pk, "catchment"),
        (place.hospital.pk, "catchment"),
    }
    entry = AuditEntry.objects.get(action="residents.register_person")
    assert (entry.person_id, entry.user_id) == (spec.id, doctor.user_id)
    assert OutboxEvent.objects.get().kind == "residents.PersonRegistered"


def test_the_same_form_twice_answers_as_the_first_time(doctor: Actor) -> None:
    spec = carded(a_man())
    register(doctor, spec)
    before = counts()
    assert register(doctor, spec) == spec.id
    assert counts() == before


def test_somebody_else_cannot_answer_with_a_used_form(doctor: Actor) -> None:
    spec = a_spec(a_man())
    register(doctor, spec)
    other = a_stranger()
    before = counts()
    with pytest.raises(Conflict, match="这张登记表已经用过"):
        register(other, replace(spec, profile=a_profile("李小妹")))
    assert counts() == before


REFUSED: dict[str, tuple[Callable[[Place], residents.PersonSpec], str, str]] = {
    "a name of 2,000 characters": (lambda _: a_spec(a_profile("李" * 2000)), "name", "最多 50 个字"),
    "markup for a name": (lambda _: a_spec(a_profile("<b>李</b>")), "name", "不能用的字符"),
    "a birth to come": (lambda _: a_spec(a_man(birth=born(date(2026, 11, 21)))), "birth", "今天之后"),
    "a short phone": (lambda _: a_spec(a_man(phone="1382271662")), "phone", "少 1 位"),
    "a code nobody knows": (lambda _: a_spec(a_man(ethnic="77")), "ethnic", "从列表里选"),
    "a wrong check digit": (
        lambda _: replace(
            carded(a_man()), identifiers=(residents.IdentifierSpec(new_id(), "01", "441826195903142311"),)
        ),
        "number",
        "校验位不对",
    ),
    "a birth unlike the card's": (
        lambda _: replace(carded(a_man()), profile=a_man(birth=born(date(1960, 3, 14)))),
        "birth",
        "和身份证号不一致",
    ),
    "a sex unlike the card's": (
        lambda _: replace(carded(a_man()), profile=a_man(sex=Sex.FEMALE)),
        "sex",
        "和身份证号不一致",
    ),
    "a card without a number": (
        lambda _: a_spec(a_man(), enrolment=residents.Enrolment.CARD),
        "number",
        "没带证件就选",
    ),
    "a county number by hand": (
        lambda _: a_spec(a_man(), identifiers=(residents.IdentifierSpec(new_id(), "L09", "W1"),)),
        "kind",
        "由系统编",
    ),
    "a newborn without a mother": (
        lambda _: a_spec(a_man(), enrolment=residents.Enrolment.NEWBORN),
        "mother",
        "找到母亲",
    ),
    "a township for a village": (
        lambda place: a_spec(a_man(), village=place.village.parent),
        "village",
        "选一个村",
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(doctor: Actor, place: Place, words: str) -> None:
    make, field, sentence = REFUSED[words]
    before = counts()
    with pytest.raises(InvalidInput, match=sentence) as refused:
        register(doctor, make(place))
    assert refused.value.field == field
    assert counts() == before


def test_a_mother_whose_record_is_closed_is_refused(doctor: Actor) -> None:
    mother = a_person(a_stranger(), a_profile("唐一妹"))
    spec = a_spec(a_man(), enrolment=residents.Enrolment.NEWBORN, mother_id=mother)
    with pytest.raises(InvalidInput, match="母亲的档案没有对本院开放"):
        register(doctor, spec)


@pytest.mark.parametrize(
    "enrolment", [residents.Enrolment.NO_CARD, residents.Enrolment.UNKNOWN, residents.Enrolment.NEWBORN]
)
def test_who_has_no_document_gets_a_number_of_the_county(
    doctor: Actor, enrolment: residents.Enrolment
) -> None:
    mother = a_person(doctor, a_profile("唐一妹")) if enrolment is residents.Enrolment.NEWBORN else None
    spec = a_spec(a_profile("无名氏"), enrolment=enrolment, mother_id=mother)
    register(doctor, spec)
    (document,) = residents.identifiers(doctor, spec.id)
    assert (document.kind, document.number[0], len(document.number)) == ("L09", "W", 9)
    assert [hit.card.id for hit in residents.search_cards(doctor, document.number)] == [spec.id]


def test_a_foreigner_is_registered_by_passport(doctor: Actor) -> None:
    passport = residents.IdentifierSpec(new_id(), "03", "ｅ1234 5678", "边检")
    spec = a_spec(a_profile("Anna Berg"), enrolment=residents.Enrolment.FOREIGNER, identifiers=(passport,))
    register(doctor, spec)
    assert [row.number for row in residents.identifiers(doctor, spec.id)] == ["E12345678"]


def test_registering_needs_the_permission(place: Place) -> None:
    before = counts()
    with pytest.raises(NotPermitted):
        register(a_clinician(place.clinic, "residents.search", "residents.read"), a_spec(a_man()))
    assert counts() == before


def test_documents_are_added_and_ended(doctor: Actor) -> None:
    person_id = a_person(doctor, a_man())
    card = an_identity_card(a_man())
    residents.add_identifier(actor=doctor, person_id=person_id, spec=card, at=NOON)
    residents.add_identifier(actor=doctor, person_id=person_id, spec=card, at=NOON)
    assert residents.person(doctor, person_id).id_number == card.number
    assert [hit.card.id for hit in residents.search_cards(doctor, card.number)] == [person_id]
    residents.end_identifier(actor=doctor, identifier_id=card.id, at=NOON)
    residents.end_identifier(actor=doctor, identifier_id=card.id, at=NOON)
    assert residents.person(doctor, person_id).id_number == ""
    assert residents.search_cards(doctor, card.number) == []
    other = a_person(doctor, a_man())
    free = replace(card, id=new_id())
    residents.add_identifier(actor=doctor, person_id=other, spec=free, at=NOON)
    assert AuditEntry.objects.filter(action__startswith="residents.").count() == 5


def test_a_household_book_may_stand_with_everybody_in_it(doctor: Actor) -> None:
    first, second = a_person(doctor), a_person(doctor)
    for person_id in (first, second):
        book = residents.IdentifierSpec(new_id(), "02", "441826000123")
        residents.add_identifier(actor=doctor, person_id=person_id, spec=book, at=NOON)
    assert Identifier.objects.filter(kind="02").count() == 2


def test_the_database_refuses_a_second_holder(doctor: Actor) -> None:
    """Somebody else has written the number down between the look and the write."""
    spec = carded(a_man())
    register(doctor, spec)
    CardKey.objects.filter(card_id=spec.id, kind="id").delete()
    with pytest.raises(DomainError, match="登记在"):
        register(doctor, replace(carded(a_man()), id=new_id()), "两个人同号，待核实")


def test_two_presses_at_once_register_one_person(committed_db: Database) -> None:
    doctor = a_clinician(a_place().clinic)
    spec = carded(a_man())
    both = Barrier(2)

    def press() -> UUID:
        try:
            both.wait(timeout=10)
            return register(doctor, spec)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [pressed.result() for pressed in [pool.submit(press), pool.submit(press)]]
    assert answers == [spec.id, spec.id]
    assert Card.objects.count() == 1
