"""The example county up to now, invented and copied in as the loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yiti.care.referrals import loading as referrals
from yiti.config.example.cast import CAST_VILLAGE, births, cast, referred
from yiti.config.example.courses import Course, courses
from yiti.config.example.desks import Desks, Place, find_desks, find_places
from yiti.config.example.doubles import register_twice
from yiti.config.example.history import History, stories_of
from yiti.config.example.homes import PeopleRows
from yiti.config.example.hospitals import find_hospitals
from yiti.config.example.open_cases import Desktop, kept_beds
from yiti.config.example.parties import Patient
from yiti.config.example.people import Numbers, Somebody, households
from yiti.config.example.pool import a_pool
from yiti.config.example.run import Invention, a_run
from yiti.config.example.visits import episode
from yiti.config.example.wards import VISIT, stays_now
from yiti.config.example.ways import Ending
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody and what happened besides being referred."""

    patient: Patient
    courses: list[Course]

    @property
    def lay_in_hospital(self) -> bool:
        """Whether one of these courses is a stay."""
        return any(visit.kind == "inpatient" for course in self.courses for visit in course.visits)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much has been copied in, and the county as the open work finds it (`live_on`)."""

    people: int
    visits: int
    referrals: int
    stays: int
    county: Desktop


def load_residents_and_history(actor: Actor, *, seed: int, at: datetime, share: float = 1) -> Loaded:
    """Invent and copy in the people of the county, or a share of them, and their last twelve months.

    The same seed at the same moment gives the same county. Only as `yiti_loader`.
    """
    run = a_run(seed, at, share)
    desks, hospitals = find_desks(actor, at), find_hospitals(at)
    people = PeopleRows()
    lives = list(_lives(run, desks, people))
    known = births()
    named = {
        each.patient.one.name: each.patient
        for each in lives
        if known.get(each.patient.one.name) == each.patient.one.birth
    }
    kept = {each.key for each in named.values()}
    others = (each for each in lives if each.patient.key not in kept and not each.lay_in_hospital)
    pool = a_pool(run.rng, (each.patient for each in others), named)
    calendar = rules.calendar(local_date(at), "4418")
    ways = list(History(run, desks, hospitals, calendar, pool).tell())
    died = {patient.key: way.out_at for patient, way, _ in ways if way.ending is Ending.DIED}
    lying = list(stays_now(run, desks, hospitals, pool, kept_beds()))
    people.bury(died)
    register_twice(run, people, pool)
    residents.load_people(actor=actor, batch=people.batch, at=at)
    told = [each for _, _, each in ways]
    found = [each for life in lives for each in _episodes(run, life, died.get(life.patient.key, at))]
    found += [each.episode for each in told]
    found += [each for each, _ in lying]
    visits = episodes.load_episodes(actor=actor, batch=episodes.Batch(found, run.make_id), at=at)
    ended = referrals.load_referrals(actor=actor, stories=stories_of(told, run), at=at)
    stays = facilities.load_stays(actor=actor, stays=[stay for _, stay in lying], for_kind=VISIT, at=at)
    county = Desktop(run, desks, hospitals, calendar, pool)
    return Loaded(len(people.people), visits, len(ended), stays, county)


def _lives(run: Invention, desks: Desks, people: PeopleRows) -> Iterator[Life]:
    """Everybody, village by village."""
    numbers = Numbers(run.rng)
    for place in find_places(desks, run):
        for members in _families(run, place, numbers):
            keys = people.add_home(run, place, members)
            family = next((each for each in members if each.phone), None)
            for one, key in zip(members, keys, strict=True):
                yield Life(Patient(place, one, key, family), list(courses(run.rng, one, run.at)))


def _families(run: Invention, place: Place, numbers: Numbers) -> Iterator[list[Somebody]]:
    if place.village.code == CAST_VILLAGE:
        yield cast(numbers)
    yield from referred(numbers, place.village.code)
    yield from households(run.rng, place.village, numbers, local_date(run.at))


def _episodes(run: Invention, life: Life, until: datetime) -> Iterator[episodes.LoadedEpisode]:
    """The courses of somebody, as far as the life went."""
    for course in life.courses:
        if course.visits[-1].at < until:
            yield episode(run, life.patient.place, life.patient.key, course)
