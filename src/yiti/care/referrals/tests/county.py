"""A small county for tests of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import Kind, MemberRole
from yiti.registry.facilities.models import Bed, Department, Institution
from yiti.registry.facilities.tests.builders import (
    NOON,
    a_bed,
    a_consortium,
    a_department,
    a_membership,
    a_region,
    an_alliance,
    an_institution,
)
from yiti.registry.residents.tests import builders as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs.tests.builders import somebody_at

START = NOON
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

CLINICIAN = (*residents.PERMISSIONS, "episodes.write", "handoffs.read", "referrals.read", "referrals.send")
DESK = ("residents.read", "handoffs.read", "referrals.read", "referrals.answer", "referrals.board")


@dataclass(frozen=True)
class County:
    """A consortium of five: a village clinic, two township hospitals, the head hospital with a ward of
    beds and the referral centre, its TCM hospital; and the supporting hospital outside."""

    clinic: Institution
    township: Institution
    other_township: Institution
    head: Institution
    tcm: Institution
    city: Institution
    ward: Department
    centre: Department
    beds: tuple[Bed, ...]
    village_doctor: Actor
    physician: Actor
    nurse: Actor
    centre_head: Actor
    ward_doctor: Actor
    person_id: UUID
    visit_id: UUID
    episode_id: UUID


def a_county(*, at: datetime = START) -> County:
    """The county, and a farmer who came to the village clinic with chest tightness half an hour ago."""
    place = residents.a_place()
    head = an_institution(
        Kind.COUNTY_GENERAL, name="连南县人民医院", short_name="县人民医院", phone="0763-8680100"
    )
    tcm = an_institution(Kind.COUNTY_TCM, name="连南县中医院", longitude=112.3)
    elsewhere = a_region("441826106000", name="涡水镇")
    other = an_institution(Kind.TOWNSHIP, name="涡水卫生院", region=elsewhere, longitude=112.25)
    city = _the_city()
    _tie(head, (place.hospital, other, tcm), MemberRole.MEMBER, (place.clinic,), city)
    ward = a_department(head, code="XXG", name="心血管内科", specialty="03.04", phone="0763-8681001")
    centre = a_department(head, code="ZZ", name="转诊中心", specialty="")
    beds = tuple(a_bed(ward, label=f"{n}", features=["monitored"] if n == 12 else []) for n in (11, 12, 13))
    doctor = somebody_at(
        place.clinic, *CLINICIAN, "referrals.follow_up", name="邓志明", role="village_doctor"
    )
    person_id = residents.a_person(
        doctor, residents.a_profile("房金养", phone="13822716620"), village=place.village, at=at - HOUR
    )
    visit_id = a_visit(doctor, person_id, at=at - HOUR / 2)
    return County(
        clinic=place.clinic,
        township=place.hospital,
        other_township=other,
        head=head,
        tcm=tcm,
        city=city,
        ward=ward,
        centre=centre,
        beds=beds,
        village_doctor=doctor,
        physician=somebody_at(
            place.hospital,
            *CLINICIAN,
            "referrals.answer",
            "referrals.treat",
            "referrals.follow_up",
            name="唐桂花",
            role="township_physician",
        ),
        nurse=somebody_at(head, *DESK, room=centre, name="李秀萍", role="referral_nurse"),
        centre_head=somebody_at(
            head, *DESK, "referrals.approve", room=centre, name="房永康", role="referral_center_head"
        ),
        ward_doctor=somebody_at(
            head, *CLINICIAN, "referrals.treat", room=ward, name="陈国栋", role="ward_doctor"
        ),
        person_id=person_id,
        visit_id=visit_id,
        episode_id=episode_of(doctor, visit_id),
    )


def _the_city() -> Institution:
    return an_institution(
        Kind.TERTIARY_GENERAL,
        name="清远市人民医院",
        region=a_region("441802001000", name="清城"),
        is_external=True,
        latitude=23.7,
        longitude=113.05,
    )


def _tie(
    head: Institution,
    members: tuple[Institution, ...],
    role: MemberRole,
    branches: tuple[Institution, ...],
    ally: Institution,
) -> None:
    consortium = a_consortium(name="连南县医共体")
    a_membership(consortium, head, MemberRole.HEAD)
    for each in members:
        a_membership(consortium, each, role)
    for each in branches:
        a_membership(consortium, each, MemberRole.BRANCH)
    an_alliance(ally, head, kind="support", name="清远市人民医院托管支援")


def a_visit(
    actor: Actor,
    person_id: UUID,
    *,
    kind: episodes.VisitKind = episodes.VisitKind.OUTPATIENT,
    at: datetime = START,
) -> UUID:
    """A visit with vital signs, written by this actor."""
    opening = episodes.VisitOpening(id=new_id(), person_id=person_id, kind=kind, chief_complaint="胸闷 3 天")
    taken = [
        episodes.VitalValue(episodes.VitalKind.SYSTOLIC, Decimal(168)),
        episodes.VitalValue(episodes.VitalKind.DIASTOLIC, Decimal(102)),
    ]
    content = episodes.VisitContent(
        vitals=taken, diagnoses=[episodes.DiagnosisSpec("I20.0", certainty=episodes.Certainty.SUSPECTED)]
    )
    return episodes.open_visit(actor=actor, opening=opening, content=content, at=at)


def episode_of(actor: Actor, visit_id: UUID) -> UUID:
    """The episode a visit is in."""
    return episodes.visit(actor, visit_id).episode_id
