"""Builders of people for tests of this and of higher rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.kernel.identity import Sex, make_id_number
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.domain import Kind, RegionLevel
from yiti.registry.facilities.models import Institution, Region
from yiti.registry.facilities.tests.builders import NOON, a_region, an_institution
from yiti.registry.residents import public as residents
from yiti.registry.residents.domain import RESIDENT_CARD, PairState
from yiti.registry.residents.models import DuplicatePair

PERMISSIONS = (
    "residents.search",
    "residents.read",
    "residents.write",
    "residents.break_glass",
    "residents.merge",
)
_numbers = count(1)
_villages = count()


@dataclass(frozen=True)
class Place:
    """A village with its clinic and the township hospital that runs it."""

    village: Region
    clinic: Institution
    hospital: Institution


def a_place(number: int | None = None, name: str = "油岭村") -> Place:
    """A village of 三排镇 (its last three digits are `number`, 100 to 999 if left out) with its
    institutions; the township hospital is the same for all of them."""
    last = 100 + next(_villages) % 900 if number is None else number
    village = a_region(f"441826105{last:03d}", RegionLevel.VILLAGE, name=name)
    hospital = Institution.objects.filter(code="SANPAI").first() or an_institution(
        Kind.TOWNSHIP, code="SANPAI", name="三排镇卫生院", region=a_region()
    )
    clinic = an_institution(Kind.VILLAGE_CLINIC, name=f"{name}卫生站", region=village, managed_by=hospital)
    return Place(village, clinic, hospital)


def a_clinician(at_work: Institution, *permissions: str, name: str = "唐桂花") -> Actor:
    """Somebody who may do everything with residents (or just what is named), at work there."""
    return an_actor(*(permissions or PERMISSIONS), institution_id=at_work.pk, name=name)


def a_stranger(*permissions: str) -> Actor:
    """Somebody at work in a hospital of the county that serves no village: no record is open to it."""
    return a_clinician(an_institution(Kind.COUNTY_GENERAL, name="县人民医院"), *permissions)


def a_profile(name: str = "", **changes: object) -> residents.Profile:
    """A grown-up with a name and a day of birth of their own."""
    number = next(_numbers)
    values: dict[str, object] = {
        "name": name or f"房{'一二三四五六七八九'[number % 9]}{'福寿康宁安泰'[number // 9 % 6]}",
        "sex": Sex.FEMALE if number % 2 else Sex.MALE,
        "birth": born(date(1950, 1, 1) + timedelta(days=number * 97 % 20_000)),
        **changes,
    }
    return residents.Profile(**values)  # type: ignore[arg-type]


def born(day: date) -> residents.Birth:
    """A day of birth that is known."""
    return residents.Birth(day, residents.BirthPrecision.DAY)


def a_spec(
    profile: residents.Profile | None = None, *, village: Region | None = None, **changes: object
) -> residents.PersonSpec:
    """A person to be registered, without documents unless some are given."""
    values: dict[str, object] = {"enrolment": residents.Enrolment.NO_CARD, **changes}
    return residents.PersonSpec(
        id=new_id(),
        profile=profile or a_profile(),
        village_id=village.pk if village else None,
        **values,  # type: ignore[arg-type]
    )


def a_person(
    actor: Actor, profile: residents.Profile | None = None, *, at: datetime = NOON, **changes: object
) -> UUID:
    """A person registered by this actor, even if very like another one; the rest is of `a_spec`."""
    spec = a_spec(profile, **changes)  # type: ignore[arg-type]
    return residents.register_person(actor=actor, spec=spec, new_anyway="测试里的另一个人", at=at)


def an_identity_card(profile: residents.Profile, serial: int = 31) -> residents.IdentifierSpec:
    """A card that agrees with the profile, of an invented county."""
    assert profile.birth.day is not None
    odd = serial // 2 * 2 + (1 if profile.sex is Sex.MALE else 0)
    return residents.IdentifierSpec(new_id(), RESIDENT_CARD, make_id_number("441826", profile.birth.day, odd))


BIRTH = born(date(1959, 3, 14))


def a_man(**changes: object) -> residents.Profile:
    """The profile of 房金养 of the pictures."""
    return a_profile("房金养", **{"sex": Sex.MALE, "birth": BIRTH, **changes})


def carded(profile: residents.Profile, village: Region | None = None) -> residents.PersonSpec:
    """A person with an identity card."""
    card = an_identity_card(profile, 231)
    return a_spec(profile, village=village, enrolment=residents.Enrolment.CARD, identifiers=(card,))


def register(actor: Actor, spec: residents.PersonSpec, new_anyway: str = "") -> UUID:
    """Register at noon, for a reason if there is one."""
    return residents.register_person(actor=actor, spec=spec, new_anyway=new_anyway, at=NOON)


def the_man(actor: Actor, place: Place) -> UUID:
    """房金养 of the pictures, with card and phone, registered in this village."""
    return register(actor, carded(a_man(phone="13822716620", payer="L01"), place.village))


def a_likely_pair(one: UUID, other: UUID, *, points: int = 95, at: datetime = NOON, **levels: str) -> UUID:
    """A pair that the night has put up, alike in name and birth unless `levels` say otherwise."""
    low, high = sorted((one, other))
    alike = {"name_level": "same", "birth_level": "slip", "sex_level": "same", **levels}
    return DuplicatePair.objects.create(
        one_id=low, other_id=high, points=points, state=PairState.OPEN, found_at=at, **alike
    ).pk
