"""The invented people: repeatable, plausible, nobody's number, and every course inside its twelve months."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from yiti.config.example.cast import cast
from yiti.config.example.courses import courses
from yiti.config.example.others import DAYS
from yiti.config.example.people import FICTITIOUS_REGION, Numbers, Somebody, Village, households
from yiti.kernel.identity import Sex, parse_id_number

TODAY = date(2026, 11, 20)
VILLAGE = Village("441826105903", "油岭村", 600)


def people(seed: int = 1) -> list[Somebody]:
    rng = Random(seed)
    return [one for home in households(rng, VILLAGE, Numbers(rng), TODAY) for one in home]


def test_the_same_seed_makes_the_same_village() -> None:
    assert people(7) == people(7)
    assert people(7) != people(8)


def test_a_village_has_just_the_people_asked_for() -> None:
    assert len(people()) == 600


def test_every_number_is_right_fictitious_and_given_once() -> None:
    found = people()
    numbers = [one.id_number for one in found]
    assert len(set(numbers)) == len(numbers)
    for one in found:
        parsed = parse_id_number(one.id_number, on=TODAY)
        assert (parsed.birth, parsed.sex) == (one.birth, one.sex)
        assert parsed.region == FICTITIOUS_REGION
    phones = [one.phone for one in found if one.phone]
    assert len(set(phones)) == len(phones)
    assert all(len(phone) == 11 and phone[3:7] == "0000" for phone in phones)


def test_another_series_gives_no_number_again() -> None:
    first, second = (Numbers(Random(1), series) for series in (0, 1))
    born = date(1970, 1, 1)
    assert first.id_number(born, is_female=True) != second.id_number(born, is_female=True)
    assert first.phone() != second.phone()


def test_nobody_is_born_tomorrow_or_older_than_anybody() -> None:
    assert all(0 <= one.age(TODAY) <= 100 for one in people())


def test_chronic_disease_comes_with_age() -> None:
    found = people()
    old = [one for one in found if one.age(TODAY) >= 65]
    young = [one for one in found if one.age(TODAY) < 35]
    assert not any(one.risks for one in young)
    assert 0.35 < sum(one.has("hypertension") for one in old) / len(old) < 0.75


def test_names_are_of_the_place() -> None:
    found = people()
    assert sum(one.ethnic == "13" for one in found) / len(found) > 0.8
    assert any(len(one.name) >= 4 for one in found)


@pytest.mark.parametrize("days", [364, 550])
@pytest.mark.parametrize("seed", range(5))
def test_what_happened_lies_in_the_days_before(at: datetime, seed: int, days: int) -> None:
    rng = Random(seed)
    for one in people(seed):
        for course in courses(rng, one, at, days):
            moments = [visit.at for visit in course.visits]
            assert moments == sorted(moments)
            assert at - timedelta(days=days + 2) < moments[0]
            assert moments[-1] < at
            assert course.is_long_term or len(moments) == 1


def test_as_many_visits_as_the_days_bring(at: datetime) -> None:
    """A county of 600,000 has 2 million visits in its 550 days."""
    rng, found = Random(1), people()
    visits = sum(len(course.visits) for one in found for course in courses(rng, one, at, DAYS))
    assert 3 < visits / len(found) < 4


def test_the_man_of_the_golden_thread_is_always_there() -> None:
    head = cast(Numbers(Random(1)))[0]
    assert (head.name, head.sex, head.birth, head.relation) == ("房金养", Sex.MALE, date(1959, 3, 14), "02")
    assert head.has("hypertension")
    assert head.has("diabetes")
