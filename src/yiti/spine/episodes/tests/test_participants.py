"""Visits that begin inside another room's command: arrivals of referrals, and the chains they are on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.ids import new_id
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.tests.builders import a_bed, a_department
from yiti.registry.residents.models import RecordAccess
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeJoin, Visit
from yiti.spine.episodes.tests.builders import (
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
    an_opening,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)


def test_the_arrival_of_a_referral_joins_the_episode_of_its_chain(at: datetime) -> None:
    doctor, ward = a_doctor(), a_county_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at)
    a_visit(doctor, person_id, "S72.0", at=at)
    chain_id, handoff_id = new_id(), new_id()
    department = a_department(Institution.objects.get(id=ward.institution_id))
    with access.scoped(ward):
        _let_in(ward, doctor, person_id, handoff_id, at)
        episodes.link_chain(
            ward, first.episode_id, chain_id=chain_id, institution_id=ward.institution_id, at=at
        )
        opening = an_opening(
            person_id,
            kind=episodes.VisitKind.INPATIENT,
            department_id=department.id,
            bed_id=a_bed(department).id,
            origin=episodes.Origin(handoff_id, chain_id),
        )
        for _ in range(2):
            episodes.begin_visit(ward, opening, at=at + timedelta(hours=1))
        visit = Visit.objects.get(id=opening.id)
    assert (visit.episode_id, visit.handoff_id) == (first.episode_id, handoff_id)
    assert EpisodeJoin.objects.get(visit=visit).act == "chain"
    assert episodes.episode(ward, first.episode_id).chain_id == chain_id


def test_who_is_expected_on_a_chain_joins_without_naming_it_until_the_chain_ends(at: datetime) -> None:
    doctor, ward = a_doctor(), a_county_doctor()
    person_id = a_patient(doctor)
    first = a_visit(doctor, person_id, "I20.0", at=at)
    chain_id = new_id()
    with access.scoped(ward):
        _let_in(ward, doctor, person_id, new_id(), at)
        episodes.link_chain(
            ward, first.episode_id, chain_id=chain_id, institution_id=ward.institution_id, at=at
        )
    assert a_visit(ward, person_id, "K29.5", at=at + DAY).episode_id == first.episode_id
    with access.scoped(ward):
        episodes.end_chain(ward, chain_id, at=at + DAY)
    assert a_visit(ward, person_id, "M54.5", at=at + DAY).episode_id != first.episode_id


def test_one_handoff_is_answered_by_one_visit(at: datetime) -> None:
    doctor = a_doctor()
    person_id, origin = a_patient(doctor), episodes.Origin(new_id())
    with access.scoped(doctor):
        episodes.begin_visit(doctor, an_opening(person_id, origin=origin), at=at)
        with pytest.raises(Conflict, match="已经登记过到院"):
            episodes.begin_visit(doctor, an_opening(person_id, origin=origin), at=at)


def test_a_chain_is_on_one_episode_only(at: datetime) -> None:
    doctor = a_doctor()
    person_id, chain_id = a_patient(doctor), new_id()
    one, two = (a_visit(doctor, person_id, code, at=at) for code in ("I20.0", "S72.0"))
    here = doctor.institution_id
    with access.scoped(doctor):
        for _ in range(2):
            episodes.link_chain(doctor, one.episode_id, chain_id=chain_id, institution_id=here, at=at)
        with pytest.raises(Conflict):
            episodes.link_chain(doctor, two.episode_id, chain_id=chain_id, institution_id=here, at=at)


def _let_in(ward: Actor, doctor: Actor, person_id: UUID, handoff_id: UUID, at: datetime) -> None:
    """What accepting a referral does: the record opens to the ward."""
    RecordAccess.objects.create(
        person_id=person_id,
        institution_id=ward.institution_id,
        reason="handoff",
        for_kind="handoffs.handoff",
        for_id=handoff_id,
        valid_from=at,
        granted_by=doctor.user_id,
    )
