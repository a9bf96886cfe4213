"""Slips: who holds the code and knows the answer sees, once, who looked; nobody else learns anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, NotFound, NotPermitted
from yiti.ops.database import Database
from yiti.registry.residents import public as residents
from yiti.registry.residents import selectors
from yiti.registry.residents.commands.slips import issue_slip, use_slip
from yiti.registry.residents.domain.birth import UNKNOWN_BIRTH
from yiti.registry.residents.domain.slips import (
    LENGTH,
    MOST_TRIES,
    SIGNS,
    Asks,
    Slip,
    SlipTry,
    answer_of,
    clean_answer,
    clean_code,
    grouped,
    new_code,
)
from yiti.registry.residents.models import Card, LookedCode, Resident
from yiti.registry.residents.tests.builders import (
    a_clinician,
    a_person,
    a_place,
    a_profile,
    born,
    the_man,
)


# --- rules ----------------------------------------------------------------------------------------
def test_a_code_is_sixty_bits_of_signs_that_are_not_confused() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert len(set(SIGNS)) ** LENGTH == 2**60
    assert not set("ILOU") & set(SIGNS)
    assert all(clean_code(grouped(code).lower()) == code for code in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7k2m-9qxa-b04t", "7K2M9QXAB04T"),
        (" 7K2M 9QXA BO4T ", "7K2M9QXAB04T"),
        ("7K2M-9QXA", ""),
        ("7K2M-9QXA-B04U", ""),
        ("", ""),
    ],
)
def test_a_typed_code_is_read_kindly(typed: str, code: str) -> None:
    assert clean_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("231x", "231X"), (" 2317 ", "2317"), ("1959-3-14", "19590314"), ("1959年3月14日", "19590314")],
)
def test_a_typed_answer_is_read_kindly(typed: str, answer: str) -> None:
    assert clean_answer(typed) == answer


def test_what_is_asked_is_what_is_known() -> None:
    day = born(date(1959, 3, 14))
    assert answer_of("44182619590314231X", day) == (Asks.NUMBER, "231X")
    assert answer_of("", day) == (Asks.BIRTH, "19590314")
    for unknown in (UNKNOWN_BIRTH, residents.Birth(date(1959, 1, 1), residents.BirthPrecision.YEAR)):
        with pytest.raises(Conflict):
            answer_of("", unknown)


# --- commands -------------------------------------------------------------------------------------
def tail(actor: Actor, person_id: UUID) -> str:
    return residents.person(actor, person_id).id_number[-4:]


def tried(slip: Slip, answer: str, days: float = 0) -> SlipTry:
    """Somebody with the slip gives this answer, so many days from now."""
    holder = selectors.holder(selectors.key_of(slip.code), "")
    digest = selectors.answer_digest(slip.code, answer)
    return use_slip(actor=holder, answer=digest, at=now() + timedelta(days=days))


def seen(slip: Slip, minutes: float = 0) -> int:
    """How many looks the slip shows then."""
    holder = selectors.holder(selectors.key_of(slip.code), "")
    return selectors.looks_of_slip(holder, now() + timedelta(minutes=minutes), limit=10)[1]


def looked_at(actor: Actor, person_id: UUID) -> None:
    audit.note_request(
        actor=actor,
        action="read:residents:record",
        subject=audit.Subject("residents.resident", person_id, person_id),
        at=now(),
        outcome=audit.Outcome.DONE,
        address=None,
    )


def test_a_slip_shows_the_looks_once_for_half_an_hour(doctor: Actor, man_id: UUID) -> None:
    looked_at(doctor, man_id)
    slip = issue_slip(actor=doctor, person_id=man_id, at=now())
    assert (slip.asks, seen(slip)) == (Asks.NUMBER, 0)
    assert tried(slip, tail(doctor, man_id)) == SlipTry(is_open=True, person_id=man_id)
    assert seen(slip) > 0
    assert (seen(slip, 29) > 0, seen(slip, 31)) == (True, 0)
    assert not tried(slip, tail(doctor, man_id)).is_open
    entry = AuditEntry.objects.get(action="residents.use_slip")
    assert (entry.purpose, entry.person_id, entry.user_name) == ("self", man_id, "本人")


def test_the_code_stands_nowhere(doctor: Actor, man_id: UUID) -> None:
    slip = issue_slip(actor=doctor, person_id=man_id, at=now())
    tried(slip, tail(doctor, man_id))
    kept = [str(row) for row in LookedCode.objects.values()] + [
        str(row) for row in AuditEntry.objects.values()
    ]
    told = [
        row for row in kept if slip.code in row or grouped(slip.code) in row or tail(doctor, man_id) in row
    ]
    assert told == []


def test_the_fifth_wrong_answer_locks_it(doctor: Actor, man_id: UUID) -> None:
    right = tail(doctor, man_id)
    slip = issue_slip(actor=doctor, person_id=man_id, at=now())
    for _ in range(MOST_TRIES - 1):
        assert not tried(slip, "0000").is_open
    with access.scoped(doctor):
        assert LookedCode.objects.get().wrong_tries == MOST_TRIES - 1
    assert not tried(slip, "0000").is_open
    assert not tried(slip, right).is_open
    other = issue_slip(actor=doctor, person_id=man_id, at=now())
    assert tried(other, right).is_open, "a new slip does"


def test_a_slip_ends_after_seven_days_and_with_the_next_one(doctor: Actor, man_id: UUID) -> None:
    right = tail(doctor, man_id)
    first = issue_slip(actor=doctor, person_id=man_id, at=now())
    assert not tried(first, right, days=7.01).is_open
    second = issue_slip(actor=doctor, person_id=man_id, at=now())
    assert not tried(first, right).is_open
    assert tried(second, right, days=6.99).is_open


def test_without_an_identity_number_the_day_of_birth_is_asked(doctor: Actor) -> None:
    person_id = a_person(doctor, a_profile(birth=born(date(1962, 8, 2))), at=now())
    slip = issue_slip(actor=doctor, person_id=person_id, at=now())
    assert (slip.asks, tried(slip, "19620802").is_open) == (Asks.BIRTH, True)


def test_who_may_not_open_the_record_prints_no_slip(doctor: Actor, stranger: Actor, man_id: UUID) -> None:
    with pytest.raises(NotFound):
        issue_slip(actor=stranger, person_id=man_id, at=now())
    with pytest.raises(NotPermitted):
        issue_slip(actor=replace(doctor, permissions=frozenset()), person_id=man_id, at=now())
    assert not LookedCode.objects.exists()


def test_one_code_used_twice_at_once_opens_once(committed_db: Database) -> None:
    place = a_place()
    doctor = a_clinician(place.clinic)
    man_id = the_man(doctor, place)
    right, slip = tail(doctor, man_id), issue_slip(actor=doctor, person_id=man_id, at=now())

    def use(_number: int) -> bool:
        try:
            return tried(slip, right).is_open
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(use, range(8))) == 1
    # a guess more than five is none, also at once
    other = issue_slip(actor=doctor, person_id=man_id, at=now())

    def guess(number: int) -> bool:
        try:
            return tried(other, f"{number:04d}").is_open
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(guess, range(12))) == 0
    with access.scoped(doctor):
        assert LookedCode.objects.order_by("issued_at").last().wrong_tries == MOST_TRIES  # type: ignore[union-attr]


# --- row security ---------------------------------------------------------------------------------
def test_a_holder_sees_one_slip_and_no_record(committed_db: Database) -> None:
    place = a_place()
    doctor = a_clinician(place.clinic)
    man_id, other_id = the_man(doctor, place), a_person(doctor, at=now())
    slip = issue_slip(actor=doctor, person_id=man_id, at=now())
    issue_slip(actor=doctor, person_id=other_id, at=now())
    holder = selectors.holder(selectors.key_of(slip.code), "")
    with access.scoped(holder):
        assert [row.person_id for row in LookedCode.objects.all()] == [man_id]
        assert not Resident.objects.exists()
        assert Card.objects.count() == 2, "the looker of this test is not blind"
    with access.scoped(doctor):
        assert LookedCode.objects.count() == 2
    for blind in (selectors.holder(selectors.key_of("0" * LENGTH), ""), a_clinician(a_place().clinic)):
        with access.scoped(blind):
            assert not LookedCode.objects.exists()
