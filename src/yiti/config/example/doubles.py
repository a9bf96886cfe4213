"""People who have been registered twice, and two pairs of twins who only look like it: the night finds them,
somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from yiti.config.example.homes import PeopleRows
from yiti.config.example.parties import Patient
from yiti.config.example.people import Somebody
from yiti.config.example.pool import Pool
from yiti.config.example.run import Invention
from yiti.kernel.clock import local_date
from yiti.registry.residents import public as residents

OWN = "LN-SP"
Slip = Callable[[Somebody], Somebody]


def _without_card(one: Somebody) -> Somebody:
    return one


def _in_a_hurry(one: Somebody) -> Somebody:
    return replace(one, phone="")


def _by_ear(one: Somebody) -> Somebody:
    """The given name was heard, not read: only its last character."""
    return replace(one, name=one.name[0] + one.name[-1])


def _a_day_off(one: Somebody) -> Somebody:
    return replace(one, birth=one.birth - timedelta(days=1))


def _twin(one: Somebody) -> Somebody:
    """A brother or sister of the same day, in the same house: two people."""
    return replace(one, name=one.name[0] + {"英": "芳", "强": "军"}.get(one.name[-1], "英"))


_SLIPS: tuple[tuple[str, Slip], ...] = (
    (OWN, _without_card),
    (OWN, _in_a_hurry),
    (OWN, _by_ear),
    (OWN, _a_day_off),
    (OWN, _twin),
    ("LN-ZG", _without_card),
    ("LN-DP", _in_a_hurry),
    ("LN-DMS", _by_ear),
    ("LN-SJ", _a_day_off),
    ("LN-WS", _twin),
)


def register_twice(run: Invention, people: PeopleRows, pool: Pool) -> None:
    """The township hospital has registered somebody of its villages whom the village has registered too. A
    chance of its own: whoever is drawn for the rest of the invention stays the same."""
    chance, today = Random(len(_SLIPS)), local_date(run.at)
    for township, slip in _SLIPS:
        fitting = [each for each in pool.by_township[township] if _suits(each.one, each.one.age(today))]
        patient = chance.choice(fitting)
        again = _again(run, patient, slip(patient.one), chance)
        people.people[again.card["id"]] = again


def _suits(one: Somebody, age: int) -> bool:
    return bool(one.phone) and age >= 30


def _again(run: Invention, patient: Patient, one: Somebody, chance: Random) -> residents.PersonRows:
    """The second record: whoever has shown the identity card is found at the desk, and not written twice."""
    profile = residents.Profile(
        name=one.name,
        sex=one.sex,
        birth=residents.Birth(one.birth, residents.BirthPrecision.DAY),
        phone=one.phone,
        address=patient.place.address,
    )
    spec = residents.PersonSpec(run.make_id(), profile, village_id=patient.place.region_id)
    desk = patient.place.township[0]
    at = run.at - timedelta(days=chance.randint(3, 60))
    return residents.prepare_person(
        spec, residents.Registration(at, desk.user_id, desk.institution_id, ()), make_id=run.make_id
    )
