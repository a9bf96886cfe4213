"""Turning invented people and their courses into rows, and copying them in as the loader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from uuid import UUID

from yiti.config.example.cast import CAST_VILLAGE, cast
from yiti.config.example.courses import COUNTY, TOWNSHIP, Course, Encounter, courses
from yiti.config.example.people import Numbers, Somebody, Village, households
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.ids import id_at
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes

PEOPLE = 13_000
RESIDENT_INSURANCE = "L01"
ID_CARD = "01"


@dataclass(frozen=True, slots=True)
class Desk:
    """A place of care and who writes there."""

    institution_id: UUID
    department_id: UUID | None
    staff_id: UUID
    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A village with the desks its people go to."""

    region_id: UUID
    village: Village
    address: str
    clinic: Desk
    township: Sequence[Desk]
    county: Sequence[Desk]

    def desk(self, rng: Random, level: str) -> Desk:
        """Who sees a person of this village at that level."""
        if level == COUNTY:
            return rng.choice(self.county)
        return rng.choice(self.township) if level == TOWNSHIP else self.clinic


@dataclass(slots=True)
class Invention:
    """One run: its chance, its ids, its moment."""

    rng: Random
    make_id: Callable[[], UUID]
    at: datetime


def load_residents_and_history(actor: Actor, *, seed: int, at: datetime) -> dict[str, int]:
    """Invent and copy in the people of the county and their last twelve months.

    The same seed at the same moment gives the same rows. Only as `yiti_loader`. Returns the numbers of
    `people` and `visits`.
    """
    run = Invention(Random(seed), _ids(seed, at), at)
    numbers = Numbers(run.rng)
    people: list[residents.PersonRows] = []
    homes: list[residents.HouseholdRows] = []
    allergies: list[dict[str, object]] = []
    risks: list[dict[str, object]] = []
    found: list[episodes.LoadedEpisode] = []
    for place in _places(actor, at):
        for members in _families(run, place, numbers):
            keys = [run.make_id() for _ in members]
            people += [_person(run, place, one, key) for one, key in zip(members, keys, strict=True)]
            homes.append(_home(run, place, members, keys))
            for one, key in zip(members, keys, strict=True):
                allergies += _allergies(run, place, one, key)
                risks += _risks(run, place, one, key)
                found += [_episode(run, place, key, course) for course in courses(run.rng, one, at)]
    residents.load_people(actor=actor, batch=residents.Batch(people, homes, allergies, risks), at=at)
    batch = episodes.Batch(found, run.make_id)
    return {"people": len(people), "visits": episodes.load_episodes(actor=actor, batch=batch, at=at)}


def _families(run: Invention, place: Place, numbers: Numbers) -> Iterator[list[Somebody]]:
    if place.village.code == CAST_VILLAGE:
        yield cast(numbers)
    yield from households(run.rng, place.village, numbers, local_date(run.at))


def _ids(seed: int, at: datetime) -> Callable[[], UUID]:
    """Repeatable UUIDv7 of the day before `at`, in order."""
    rng = Random(seed)
    start = int((at - timedelta(days=1)).timestamp() * 1000)
    numbers = count()
    return lambda: id_at(start + next(numbers) // 64, rng.getrandbits(74))


def _places(actor: Actor, at: datetime) -> Iterator[Place]:
    """Every village that has a clinic, with its desks; people are spread by the size of the township."""
    on = local_date(at)
    desks = _desks(actor, at)
    county = [d for code, found in desks.items() if code.startswith("LN-RMYY") for d in found]
    clinics = [
        row
        for township in sorted(c for c in desks if c.count("-") == 1)
        for row in facilities.managed_by(facilities.institution_by_code(township).id, on)
        if row.level is facilities.Level.VILLAGE
    ]
    share, rest = divmod(PEOPLE, len(clinics))
    for place, row in enumerate(clinics):
        path = facilities.region_path(row.region_code)
        yield Place(
            row.region_id,
            Village(row.region_code, path[-1], share + (place < rest)),
            "".join(path[-2:]),
            desks[row.code][0],
            desks[row.code.rsplit("-", 1)[0]],
            county,
        )


def _desks(actor: Actor, at: datetime) -> Mapping[str, list[Desk]]:
    """Who treats people, by institution code."""
    roles = {"village_doctor", "township_physician", "ward_doctor"}
    found: dict[str, list[Desk]] = {}
    postings = staff.postings_in_roles(actor, roles, on=local_date(at))
    people = staff.staff(actor, {p.staff_id for p in postings})
    places = facilities.institutions({p.institution_id for p in postings})
    for each in postings:
        user_id = people[each.staff_id].user_id
        if user_id is not None:
            desk = Desk(each.institution_id, each.department_id, each.staff_id, user_id, each.staff_name)
            found.setdefault(places[each.institution_id].code, []).append(desk)
    return found


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


def _episode(run: Invention, place: Place, person_id: UUID, course: Course) -> episodes.LoadedEpisode:
    acts = [episodes.JoinAct.OPENED] + [episodes.JoinAct.SAME_PROBLEM] * (len(course.visits) - 1)
    made = [
        _visit(run, place, person_id, course, one, act) for one, act in zip(course.visits, acts, strict=True)
    ]
    ended = None if course.is_long_term else made[-1].last_at
    return episodes.LoadedEpisode(
        run.make_id(), course.problem, course.code, made, ended, "" if ended is None else "诊疗结束"
    )


def _visit(
    run: Invention, place: Place, person_id: UUID, course: Course, one: Encounter, act: episodes.JoinAct
) -> episodes.LoadedVisit:
    desk = place.desk(run.rng, one.level)
    opening = episodes.VisitOpening(
        run.make_id(),
        person_id,
        episodes.VisitKind(one.kind),
        one.complaint,
        department_id=desk.department_id,
        is_long_term=course.is_long_term,
    )
    is_stay = opening.kind is episodes.VisitKind.INPATIENT
    ended_at = min(one.at + (timedelta(days=one.days) if is_stay else timedelta(minutes=25)), run.at)
    return episodes.LoadedVisit(
        opening,
        episodes.Writer(desk.user_id, desk.name, desk.institution_id, desk.staff_id, one.at),
        _content(one),
        act,
        ended_at,
        _discharge(course) if is_stay else None,
    )


def _content(one: Encounter) -> episodes.VisitContent:
    words = terminology.label("icd10", one.code)
    return episodes.VisitContent(
        vitals=[
            episodes.VitalValue(episodes.VitalKind(kind), Decimal(value))
            for kind, value in one.values.items()
        ],
        diagnoses=[episodes.DiagnosisSpec(one.code, text=words)],
        note=episodes.NoteSpec(subjective=one.complaint, plan=one.plan),
        medications=None
        if one.drugs is None
        else [episodes.MedicationSpec(name, dose, frequency) for name, dose, frequency in one.drugs],
    )


def _discharge(course: Course) -> episodes.DischargeSpec:
    return episodes.DischargeSpec(
        episodes.DischargeWay.ON_ADVICE, episodes.Outcome.IMPROVED, f"{course.problem}，治疗后好转出院。"
    )
