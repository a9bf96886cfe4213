"""Invented people as rows of residents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from yiti.config.example.desks import Place
from yiti.config.example.people import Somebody
from yiti.config.example.run import Invention
from yiti.kernel.clock import local_date
from yiti.registry.residents import public as residents

RESIDENT_INSURANCE = "L01"
ID_CARD = "01"


@dataclass(slots=True)
class PeopleRows:
    """The rows of everybody, in the order they were invented."""

    people: dict[UUID, residents.PersonRows] = field(default_factory=dict)
    homes: list[residents.HouseholdRows] = field(default_factory=list)
    allergies: list[dict[str, object]] = field(default_factory=list)
    risks: list[dict[str, object]] = field(default_factory=list)

    def add_home(self, run: Invention, place: Place, members: list[Somebody]) -> list[UUID]:
        """Add a household; gives the keys of its members."""
        keys = [run.make_id() for _ in members]
        for one, key in zip(members, keys, strict=True):
            self.people[key] = _person(run, place, one, key)
        self.homes.append(_home(run, place, members, keys))
        for one, key in zip(members, keys, strict=True):
            self.allergies += _allergies(run, place, one, key)
            self.risks += _risks(run, place, one, key)
        return keys

    def bury(self, died: Mapping[UUID, datetime]) -> None:
        """These have died, then: their cards and records say so."""
        for key, at in died.items():
            self.people[key].card["is_deceased"] = True
            self.people[key].resident["deceased_at"] = at

    @property
    def batch(self) -> residents.Batch:
        """All of it, as it is loaded."""
        return residents.Batch(list(self.people.values()), self.homes, self.allergies, self.risks)


def _person(run: Invention, place: Place, one: Somebody, key: UUID) -> residents.PersonRows:
    group = f"{run.rng.randint(1, 6)}"
    profile = residents.Profile(
        name=one.name,
        sex=one.sex,
        birth=residents.Birth(one.birth, residents.BirthPrecision.DAY),
        ethnic=one.ethnic,
        phone=one.phone,
        address=f"{place.address}{group}组",
        group_no=group,
        payer=RESIDENT_INSURANCE,
    )
    card = residents.IdentifierSpec(run.make_id(), ID_CARD, one.id_number)
    spec = residents.PersonSpec(key, profile, village_id=place.region_id, identifiers=(card,))
    clinic, township = place.clinic, place.township[0]
    registration = residents.Registration(
        run.at - timedelta(days=400), clinic.user_id, clinic.institution_id, (township.institution_id,)
    )
    return residents.prepare_person(spec, registration, make_id=run.make_id)


def _home(run: Invention, place: Place, members: list[Somebody], keys: list[UUID]) -> residents.HouseholdRows:
    others = tuple((key, one.relation) for one, key in zip(members[1:], keys[1:], strict=True))
    spec = residents.HouseholdSpec(run.make_id(), keys[0], others, place.address)
    return residents.prepare_household(
        spec, village_id=place.region_id, at=run.at - timedelta(days=400), make_id=run.make_id
    )


def _noted(run: Invention, place: Place) -> residents.Noted:
    clinic = place.clinic
    at = run.at - timedelta(days=run.rng.randint(30, 390))
    return residents.Noted(at, clinic.user_id, clinic.name, clinic.institution_id)


def _allergies(run: Invention, place: Place, one: Somebody, key: UUID) -> Iterator[dict[str, object]]:
    if one.allergy:
        year = run.at.year - run.rng.randint(1, 12)
        spec = residents.AllergySpec(
            run.make_id(), one.allergy, reaction="rash", severity="mild", onset_year=year
        )
        yield residents.prepare_allergy(key, spec, _noted(run, place))


def _risks(run: Invention, place: Place, one: Somebody, key: UUID) -> Iterator[dict[str, object]]:
    for code, level in one.risks:
        since = local_date(run.at) - timedelta(days=run.rng.randint(400, 4000))
        spec = residents.RiskSpec(run.make_id(), residents.RiskCode(code), level, since)
        yield residents.prepare_risk(key, spec, _noted(run, place))
