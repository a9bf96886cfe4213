"""People registered and seen by those at work: by commands, for the world of tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from allauth.usersessions.models import UserSession
from psycopg import Connection

from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.identity import Sex, make_id_number
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.staff import selectors as staff_selectors
from yiti.registry.staff.commands.postings import appoint_stand_in
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.commands import attach_file
from yiti.spine.episodes.tests.builders import A_PICTURE

COMPLAINT, ALLERGEN = "头晕两天", "青霉素"


def village_of(actor: Actor) -> UUID:
    """The village of a doctor's own station."""
    (village,) = facilities.villages_of(actor.institution_id)
    return village.id


def register(actor: Actor, name: str, sex: Sex, birth: date, village: UUID, at: datetime) -> UUID:
    """Somebody with an identity card and a phone; gives the id."""
    serial = 31 if sex is Sex.MALE else 32
    number = residents.IdentifierSpec(new_id(), "01", make_id_number("999999", birth, serial))
    profile = residents.Profile(
        name,
        sex,
        residents.Birth(birth, residents.BirthPrecision.DAY),
        phone=f"1390000{birth:%m%d}",
        address="大寨",
    )
    spec = residents.PersonSpec(new_id(), profile, village_id=village, identifiers=(number,))
    return residents.register_person(actor=actor, spec=spec, at=at)


def merged(actor: Actor, village: UUID, at: datetime) -> tuple[UUID, UUID]:
    """Two records of one woman, read as one from now on: the id that stays, and the merge."""
    unknown = partial(residents.PersonSpec, enrolment=residents.Enrolment.NO_CARD, village_id=village)
    kept, absorbed = (
        residents.register_person(
            actor=actor, spec=unknown(new_id(), residents.Profile(name, Sex.FEMALE)), at=at
        )
        for name in ("盘火妹", "盘大贵")
    )
    return kept, residents.merge_persons(
        actor=actor, absorbed_id=absorbed, kept_id=kept, reason="同一个人，登记了两次", at=at
    )


def allergic(actor: Actor, person_id: UUID, at: datetime) -> UUID:
    """An allergy; gives its id."""
    spec = residents.AllergySpec(new_id(), substance_text=ALLERGEN, severity="mild")
    return residents.add_allergy(actor=actor, person_id=person_id, spec=spec, at=at)


def at_risk(actor: Actor, person_id: UUID, at: datetime) -> UUID:
    """A risk mark; gives its id."""
    code = residents.RiskCode.HYPERTENSION
    since = local_date(at) - timedelta(days=400)
    spec = residents.RiskSpec(new_id(), code, code.levels[-1], since)
    return residents.mark_risk(actor=actor, person_id=person_id, spec=spec, at=at)


def attached(actor: Actor, visit_id: UUID, at: datetime) -> UUID:
    """A picture attached to a visit; gives its id."""
    spec = episodes.AttachmentSpec("外院心电图", A_PICTURE)
    return attach_file(actor=actor, visit_id=visit_id, spec=spec, at=at)


def seen(
    actor: Actor,
    person_id: UUID,
    at: datetime,
    *,
    kind: episodes.VisitKind = episodes.VisitKind.OUTPATIENT,
    department_id: UUID | None = None,
) -> UUID:
    """A visit with blood pressure and a diagnosis; gives its id."""
    opening = episodes.VisitOpening(new_id(), person_id, kind, COMPLAINT, department_id=department_id)
    pressures = {episodes.VitalKind.SYSTOLIC: 168, episodes.VitalKind.DIASTOLIC: 96}
    content = episodes.VisitContent(
        vitals=[episodes.VitalValue(kind, Decimal(value)) for kind, value in pressures.items()],
        diagnoses=[episodes.DiagnosisSpec("I10")],
    )
    return episodes.open_visit(actor=actor, opening=opening, content=content, at=at)


def a_stranger(far: Actor, at: datetime) -> UUID:
    """Somebody of another township, whose record is closed to all others here."""
    stranger = register(far, "邓水生", Sex.MALE, date(1971, 5, 9), village_of(far), at)
    allergic(far, stranger, at)
    seen(far, stranger, at)
    return stranger


def glass_broken(eye: Connection, actor: Actor, person_id: UUID, at: datetime) -> UUID:
    """A record opened in an emergency; gives the id of that."""
    residents.open_by_break_glass(actor=actor, person_id=person_id, reason="昏迷送来急诊", at=at)
    (found,) = (
        eye.execute("SELECT id FROM residents_breakglass WHERE person_id = %s", [person_id]).fetchone() or ()
    )
    return UUID(str(found))


def goes_away(doctor: Actor, at: datetime) -> UUID:
    """Somebody else of the same place stands in for the doctor next week; the id of that."""
    today = local_date(at)
    assert doctor.staff_id is not None
    people = staff.people_at(doctor, doctor.institution_id, on=today)
    week = {"first_day": today + timedelta(days=7), "last_day": today + timedelta(days=13)}
    other = next(each.staff_id for each in people if each.staff_id != doctor.staff_id)
    appoint_stand_in(actor=doctor, staff_id=doctor.staff_id, stand_in_id=other, **week, at=at)
    return staff_selectors.profile(doctor, doctor.staff_id, today).stand_ins[0].id


def device_of(user_id: UUID, number: int | None = None) -> int:
    """A device a user is signed in with (the one of that number, again); the number that signs it out."""
    found = UserSession(pk=number, user_id=user_id, ip="127.0.0.1", session_key=user_id.hex, user_agent="")
    found.save()
    return int(found.pk)


_LIKELY = """
    INSERT INTO residents_duplicatepair (id, one_id, other_id, points, number_level, name_level, birth_level,
        year_level, sex_level, phone_level, village_level, state, found_at, decided_by_name, reason)
    VALUES (%s, %s, %s, 93, '', 'other', 'slip', '', 'same', 'same', 'other', 'open', %s, '', '')
"""


def likely(eye: Connection, one: UUID, other: UUID, at: datetime) -> UUID:
    """A pair that the night has put up; gives its id."""
    pair_id = new_id()
    eye.execute(_LIKELY, [pair_id, *sorted((one, other)), at])
    return pair_id
