"""Finding people over the county: what fits, in which order, what is shown, at what cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotPermitted
from yiti.kernel.identity import Sex
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import CardKey
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_person,
    a_place,
    a_profile,
    a_stranger,
    an_identity_card,
    born,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    """The village of the doctor who searches."""
    return a_place(name="油岭村")


@pytest.fixture
def doctor(here: Place) -> Actor:
    """A village doctor."""
    return a_clinician(here.clinic)


@pytest.fixture
def elsewhere() -> Place:
    """A village of the same township."""
    return a_place(name="南岗村")


@pytest.fixture
def county(here: Place, elsewhere: Place) -> dict[str, UUID]:
    """People by name: some in the doctor's village, some elsewhere."""
    ours, theirs = a_clinician(here.clinic), a_clinician(elsewhere.clinic)
    birth = born(date(1959, 3, 14))
    man = a_profile("房金养", phone="13822716620", birth=birth, sex=Sex.MALE)
    return {
        "房金养": a_person(
            ours,
            man,
            village=here.village,
            enrolment=residents.Enrolment.CARD,
            identifiers=(an_identity_card(man, 231),),
        ),
        "房大财买六妹": a_person(ours, a_profile("房大财买六妹"), village=here.village),
        "单雄信": a_person(theirs, a_profile("单雄信"), village=elsewhere.village),
        "仇小妹": a_person(theirs, a_profile("仇小妹"), village=elsewhere.village),
        "解珍": a_person(theirs, a_profile("解珍"), village=elsewhere.village),
        "房金": a_person(theirs, a_profile("房金"), village=elsewhere.village),
        "Anna Berg": a_person(theirs, a_profile("Anna Berg")),
        "买买提·艾力": a_person(theirs, a_profile("买买提·艾力")),
    }


def found(actor: Actor, text: str, county: dict[str, UUID]) -> list[str]:
    """Names of those who fit, in order."""
    name_of = {id_: name for name, id_ in county.items()}
    return [name_of[hit.card.id] for hit in residents.search_cards(actor, text)]


# What is typed, and who is found, in order. One county for all of them: building it takes a second.
SEARCHES: dict[str, tuple[str, list[str]]] = {
    "name": ("房金养", ["房金养"]),
    "given name": ("金养", ["房金养"]),
    "one character, not the first": ("养", ["房金养"]),
    "whole name first, though elsewhere": ("房金", ["房金", "房金养"]),
    "surname, own people first": ("房", ["房大财买六妹", "房金养", "房金"]),
    "initials": ("fjy", ["房金养"]),
    "full width capitals": ("ＦＪＹ", ["房金养"]),
    "initials so far, own people first": ("fj", ["房金养", "房金"]),
    "pinyin so far": ("fangjiny", ["房金养"]),
    "six characters of the Yao": ("fdcmlm", ["房大财买六妹"]),
    "单 is shan": ("sxx", ["单雄信"]),
    "initials and pinyin are not mixed": ("qiuxm", []),
    "仇 is qiu": ("qiuxiao", ["仇小妹"]),
    "解 is xie": ("xz", ["解珍"]),
    "Latin": ("anna", ["Anna Berg"]),
    "after the joint": ("艾力", ["买买提·艾力"]),
    "without the joint": ("买买提艾", ["买买提·艾力"]),
    "phone, last four": ("6620", ["房金养"]),
    "phone in groups": ("138 2271 6620", ["房金养"]),
    "village and character": ("油岭 金", ["房金养"]),
    "village initials and initials": ("yl fjy", ["房金养"]),
    "initials and phone": ("fj 6620", ["房金养"]),
    "a village": ("油岭", ["房大财买六妹", "房金养"]),
    "another village": ("南岗 房", ["房金"]),
    "both must fit": ("房 9999", []),
    "nobody": ("zzz", []),
    "nothing typed": ("", []),
    "a wildcard is no wildcard": ("%", []),
    "nor is an underscore": ("_金养", ["房金养"]),
    "SQL": ("'; DROP TABLE residents_card; --", []),
    "no text at all": ("\x00\ud83d\u202e", []),
}


def test_what_is_typed_finds(doctor: Actor, county: dict[str, UUID]) -> None:
    got = {words: found(doctor, text, county) for words, (text, _) in SEARCHES.items()}
    assert got == {words: expected for words, (_, expected) in SEARCHES.items()}


def test_a_whole_number_and_its_end_find_the_person(doctor: Actor, county: dict[str, UUID]) -> None:
    number = residents.person(doctor, county["房金养"]).id_number
    assert found(doctor, number, county) == ["房金养"]
    assert found(doctor, number[-4:], county) == ["房金养"]
    assert found(doctor, number[:-1], county) == []


def test_only_those_who_may_open_the_record_see_more_than_the_card(
    doctor: Actor, county: dict[str, UUID]
) -> None:
    (own,) = residents.search_cards(doctor, "fjy")
    (other,) = residents.search_cards(doctor, "sxx")
    assert (own.name, own.may_open, own.in_catchment) == ("房金养", True, True)
    assert (other.name, other.may_open, other.in_catchment) == ("单*信", False, False)
    assert other.person is None


def test_a_county_hospital_sees_cards_and_no_record(county: dict[str, UUID]) -> None:
    hospital = a_stranger()
    assert [(hit.name, hit.may_open) for hit in residents.search_cards(hospital, "fjy")] == [("房*养", False)]


def test_own_people_are_among_the_first_of_many(doctor: Actor, here: Place, elsewhere: Place) -> None:
    theirs = a_clinician(elsewhere.clinic)
    for number in range(70):
        profile = a_profile("房" + chr(0x4E00 + number), birth=born(date(1950, 1, 1 + number % 28)))
        a_person(theirs, profile, village=elsewhere.village)
    own = a_person(doctor, a_profile("房龟龟"), village=here.village)
    assert residents.search_cards(doctor, "房")[0].card.id == own


def test_the_dead_come_last_and_are_marked(doctor: Actor, here: Place) -> None:
    first = a_person(doctor, a_profile("房一一"), village=here.village)
    a_person(doctor, a_profile("房一二"), village=here.village)
    residents.record_death(actor=doctor, person_id=first, deceased_at=NOON, at=NOON)
    hits = residents.search_cards(doctor, "房一")
    assert [(hit.name, hit.card.is_deceased) for hit in hits] == [("房一二", False), ("房一一", True)]


def test_a_changed_name_is_found_and_the_old_one_no_longer(doctor: Actor, county: dict[str, UUID]) -> None:
    opened = residents.person(doctor, county["房金养"])
    residents.change_profile(
        actor=doctor,
        person_id=opened.id,
        profile=replace(opened.profile, name="盘金养", phone=""),
        revision=opened.revision,
        at=NOON,
    )
    assert found(doctor, "pjy", county) == ["房金养"]
    assert found(doctor, "fjy", county) == []
    assert found(doctor, "6620", county) == []


def test_searching_needs_the_permission(here: Place) -> None:
    with pytest.raises(NotPermitted):
        residents.search_cards(a_clinician(here.clinic, "residents.read"), "房")


def queries_of(actor: Actor, text: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        residents.search_cards(actor, text)
    return len([query for query in captured if query["sql"].startswith(("SELECT", "(SELECT", "\nWITH"))])


def test_the_number_of_queries_does_not_grow(doctor: Actor, here: Place) -> None:
    a_person(doctor, a_profile("房一一"), village=here.village)
    one = queries_of(doctor, "房")
    for number in range(20):
        a_person(doctor, a_profile("房" + chr(0x4E10 + number)), village=here.village)
    assert (one, queries_of(doctor, "房")) == (9, 9)


def test_keys_are_looked_up_by_their_index(doctor: Actor, here: Place) -> None:
    """Equality and ranges of the beginning, in code point order, go to the one search index."""
    person_id = a_person(doctor, a_profile("房一一"), village=here.village)
    # Enough of them that to read another index from end to end is dearer.
    CardKey.objects.bulk_create(CardKey(card_id=person_id, kind="in", value=f"x{n}") for n in range(2000))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = CardKey.objects.filter(kind="in", value__gte="fj", value__lt="fj\U0010ffff").order_by("value")
    assert "residents_key_search" in found.explain()
    assert "Sort" not in found.explain()
