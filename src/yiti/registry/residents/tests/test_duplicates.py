"""Somebody who is in the index already: refused, shown, or gone on with for a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Card
from yiti.registry.residents.selectors import matches
from yiti.registry.residents.tests.builders import (
    a_man,
    a_person,
    a_profile,
    a_spec,
    a_stranger,
    born,
    carded,
    register,
)


def test_a_number_that_is_taken_is_refused_whoever_holds_it(doctor: Actor) -> None:
    first = carded(a_man())
    register(a_stranger(), first)
    again = replace(carded(a_man()), id=new_id())
    before = Card.objects.count()
    with pytest.raises(residents.NumberTaken, match="登记在 房\\*养 名下"):
        register(doctor, again, "我确定是另一个人")
    assert Card.objects.count() == before


def test_somebody_very_like_is_shown_and_going_on_needs_a_reason(doctor: Actor) -> None:
    known = a_person(a_stranger(), a_man(phone="13822716620"))
    spec = a_spec(a_man(phone="13822716620"))
    with pytest.raises(residents.DuplicateSuspected, match="房\\*养（99 分）"):
        register(doctor, spec)
    with pytest.raises(InvalidInput, match="至少 5 个字") as refused:
        register(doctor, spec, "不是")
    assert refused.value.field == "new_anyway"
    register(doctor, spec, "双胞胎的弟弟，名字登记错")
    entry = AuditEntry.objects.get(action="residents.register_person", person_id=spec.id)
    assert entry.detail == {
        "enrolment": "no_card",
        "new_anyway": "双胞胎的弟弟，名字登记错",
        "like": str(known),
    }


def test_likely_duplicates_are_listed_best_first_without_opening_records(doctor: Actor) -> None:
    stranger = a_stranger()
    twin = a_person(stranger, a_man(phone="13822716620"))
    slip = a_person(doctor, a_man(birth=born(date(1959, 3, 15))))
    a_person(stranger, a_profile("李小妹"))
    rows = matches(doctor, a_spec(a_man(phone="13822716620")), at=NOON)
    assert [(row.card.id, row.score, row.name, row.is_strong) for row in rows] == [
        (twin, 99, "房*养", True),
        (slip, 76, "房金养", False),
    ]
    assert rows[1].reasons == ("姓名相同", "出生日期只差一处")


def test_nobody_is_like_somebody_who_is_hardly_known(doctor: Actor) -> None:
    a_person(doctor, a_man())
    assert matches(doctor, a_spec(residents.Profile("房金养")), at=NOON) == []


def test_who_goes_back_and_registers_once_more_is_asked_why(doctor: Actor) -> None:
    """By a form with a key of its own: the browser's way back brings one."""
    first = a_spec(residents.Profile("房金养", Sex.MALE))
    register(doctor, first)
    again = a_spec(residents.Profile("房金养", Sex.MALE, phone="13822716620"))
    with pytest.raises(residents.DuplicateSuspected, match="房金养（99 分）"):
        register(doctor, again)
    register(doctor, again, "同名的另一个人，就在门口")


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
def test_after_an_hour_a_name_alone_says_nothing_again(doctor: Actor, later: timedelta) -> None:
    register(doctor, a_spec(residents.Profile("房金养", Sex.MALE)))
    again = a_spec(residents.Profile("房金养", Sex.MALE))
    assert residents.register_person(actor=doctor, spec=again, at=NOON + later) == again.id


def test_nameless_people_may_come_several_at_once(doctor: Actor) -> None:
    def nameless(address: str) -> residents.PersonSpec:
        profile = residents.Profile("无名氏", Sex.MALE, address=address)
        return a_spec(profile, enrolment=residents.Enrolment.UNKNOWN)

    register(doctor, nameless("县道 261 旁，穿蓝衣"))
    register(doctor, nameless("县道 261 旁，穿灰衣"))
    with pytest.raises(residents.DuplicateSuspected):
        register(doctor, nameless("县道 261 旁，穿灰衣"))


def test_the_number_of_queries_for_duplicates_does_not_grow(doctor: Actor) -> None:
    spec = a_spec(a_man())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            matches(doctor, spec, at=NOON)
        return len(captured)

    a_person(doctor, a_man())
    one = queries()
    for _ in range(20):
        a_person(doctor, a_man())
    assert (one, queries()) == (12, 12), "savepoint, release and how to plan among them"
