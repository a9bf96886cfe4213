"""Visits end, stays end by discharge, and the clock closes what nobody touches."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, StaleRevision
from yiti.kernel.tests.builders import an_actor
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import RecordAccess
from yiti.spine.episodes import handlers
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Discharge, Visit
from yiti.spine.episodes.tests.builders import (
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
    the_episode,
    the_visit,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)
WELL = episodes.DischargeSpec(
    episodes.DischargeWay.TO_PRIMARY, episodes.Outcome.IMPROVED, "胸痛缓解，回三排卫生院康复"
)


def a_stay(ward: Actor, at: datetime) -> Visit:
    """Somebody in hospital."""
    return a_visit(ward, a_patient(ward), "I21.4", at=at, kind=episodes.VisitKind.INPATIENT)


def discharge(ward: Actor, stay: Visit, at: datetime, spec: episodes.DischargeSpec = WELL) -> None:
    """Discharge from the state the page showed first."""
    episodes.discharge(actor=ward, visit_id=stay.id, spec=spec, revision=1, at=at)


def test_a_visit_ends_once_and_the_record_stays_open_for_the_days_of_the_rule(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    for _ in range(2):
        episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at + DAY)
    ended = the_visit(doctor, visit.id)
    assert (ended.ended_at, ended.ended_by, ended.revision) == (at + DAY, doctor.user_id, 2)
    given = RecordAccess.objects.get(for_kind="episodes.visit", for_id=visit.id)
    assert given.valid_until == at + 31 * DAY
    assert OutboxEvent.objects.filter(kind="episodes.VisitEnded").count() == 1
    assert the_episode(doctor, visit).last_active_at == at + DAY


def test_another_state_of_the_visit_is_stale(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    with pytest.raises(StaleRevision):
        episodes.end_visit(actor=doctor, visit_id=visit.id, revision=7, at=at)
    assert the_visit(doctor, visit.id).ended_at is None


def test_a_visit_does_not_end_before_it_began(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    with pytest.raises(InvalidInput):
        episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at - DAY)


def test_a_stay_ends_only_by_discharge(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    with pytest.raises(Conflict, match="办出院"):
        episodes.end_visit(actor=ward, visit_id=stay.id, revision=1, at=at)


def test_discharge_ends_the_stay_and_says_how(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    for _ in range(2):
        discharge(ward, stay, at + 7 * DAY)
    found = episodes.visit_detail(ward, stay.id, at).discharge
    assert found is not None
    assert (found.way, found.outcome, found.discharged_at) == ("3", "2", at + 7 * DAY)
    assert the_visit(ward, stay.id).ended_at == at + 7 * DAY
    event = OutboxEvent.objects.get(kind="episodes.PersonDischarged")
    assert (event.payload["way"], event.payload["outcome"]) == ("3", "2")


WRONG = {
    "a death only in the way": ("5", "2", "抢救无效", "outcome"),
    "a death only in the outcome": ("1", "4", "抢救无效", "outcome"),
    "no summary": ("1", "1", "  ", "summary"),
    "a summary too long": ("1", "1", "好" * 2001, "summary"),
}


@pytest.mark.parametrize(("way", "outcome", "summary", "field"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_discharge_names_its_field_and_ends_nothing(
    way: str, outcome: str, summary: str, field: str, at: datetime
) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    spec = episodes.DischargeSpec(episodes.DischargeWay(way), episodes.Outcome(outcome), summary)
    with pytest.raises(InvalidInput) as refused:
        discharge(ward, stay, at + DAY, spec)
    assert refused.value.field == field
    assert the_visit(ward, stay.id).ended_at is None


REFUSED: dict[str, tuple[str, type[DomainError]]] = {
    "somebody of another institution": ("stranger", NotFound),
    "somebody without the permission": ("clerk", NotFound),
}


@pytest.mark.parametrize(("who", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_others_discharge_nobody(who: str, error: type[DomainError], at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    actors = {
        "stranger": a_doctor(),
        "clerk": an_actor("residents.read", institution_id=ward.institution_id),
    }
    with pytest.raises(error):
        discharge(actors[who], stay, at + DAY)
    assert the_visit(ward, stay.id).ended_at is None


def test_an_outpatient_is_not_discharged(at: datetime) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    with pytest.raises(InvalidInput, match="只有住院"):
        discharge(doctor, visit, at + DAY)


def test_a_discharge_can_be_corrected_but_not_into_a_death(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    discharge(ward, stay, at + DAY)
    found = episodes.visit_detail(ward, stay.id, at).discharge
    assert found is not None
    why = episodes.Correction(found.stamp.id, "选错了")
    died = episodes.DischargeSpec(episodes.DischargeWay.DIED, episodes.Outcome.DIED, "死亡")
    with pytest.raises(InvalidInput, match="死亡不能在这里改"):
        episodes.correct_discharge(actor=ward, visit_id=stay.id, correction=why, spec=died, at=at + DAY)
    home = episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.CURED, "痊愈")
    episodes.correct_discharge(actor=ward, visit_id=stay.id, correction=why, spec=home, at=at + 2 * DAY)
    now = episodes.visit_detail(ward, stay.id, at).discharge
    assert now is not None
    assert (now.way, now.discharged_at, now.stamp.reason) == ("1", at + DAY, "选错了")
    with access.scoped(ward):
        assert Discharge.objects.count() == 2


def test_a_referrals_command_discharges_too(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    with access.scoped(ward):
        episodes.end_visit_by_discharge(ward, stay.id, WELL, at=at + DAY)
        with pytest.raises(Conflict, match="已经办过出院"):
            episodes.end_visit_by_discharge(ward, stay.id, WELL, at=at + DAY)
    assert the_visit(ward, stay.id).ended_at == at + DAY


def test_a_death_in_hospital_closes_the_episode_and_is_recorded_as_a_death(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_stay(ward, at)
    died = episodes.DischargeSpec(episodes.DischargeWay.DIED, episodes.Outcome.DIED, "心源性休克，抢救无效")
    discharge(ward, stay, at + DAY, died)
    assert the_episode(ward, stay).state == "closed"


def test_a_discharge_that_is_no_death_records_none(at: datetime) -> None:
    gone = episodes.PersonDischarged(
        UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), way="1", outcome="1", discharged_at=at
    )
    handlers.on_person_discharged(gone)


# ---- closing ----------------------------------------------------------------------------------


def close(doctor: Actor, visit: Visit, at: datetime, reason: str = "痊愈", revision: int = 2) -> None:
    """Close the episode of a visit that has ended."""
    episodes.close_episode(actor=doctor, episode_id=visit.episode_id, reason=reason, revision=revision, at=at)


def an_ended_visit(doctor: Actor, at: datetime, **changes: object) -> Visit:
    """A visit that is over."""
    visit = a_visit(doctor, a_patient(doctor), "I20.0", at=at, **changes)  # type: ignore[arg-type]
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at)
    return visit


def test_an_episode_that_is_over_is_closed_and_not_joined_any_more(at: datetime) -> None:
    doctor = a_doctor()
    visit = an_ended_visit(doctor, at)
    close(doctor, visit, at)
    closed = the_episode(doctor, visit)
    assert (closed.state, closed.closed_at, closed.close_reason) == ("closed", at, "痊愈")
    assert a_visit(doctor, visit.person_id, "I20.0", at=at + DAY).episode_id != visit.episode_id
    assert OutboxEvent.objects.filter(kind="episodes.EpisodeClosed").count() == 1


def test_an_episode_is_not_closed_twice_nor_blindly_nor_with_a_visit_going_on(at: datetime) -> None:
    doctor = a_doctor()
    going_on = a_visit(doctor, a_patient(doctor), at=at)
    with pytest.raises(Conflict, match="没结束的就诊"):
        close(doctor, going_on, at, revision=1)
    visit = an_ended_visit(doctor, at)
    with pytest.raises(StaleRevision):
        close(doctor, visit, at, revision=1)
    with pytest.raises(InvalidInput):
        close(doctor, visit, at, reason=" ")
    close(doctor, visit, at)
    with pytest.raises(Conflict, match="已经关闭"):
        close(doctor, visit, at, revision=3)


def test_an_episode_on_a_referral_is_not_closed(at: datetime) -> None:
    doctor = a_doctor()
    visit = an_ended_visit(doctor, at)
    with access.scoped(doctor):
        episodes.link_chain(
            doctor, visit.episode_id, chain_id=UUID(int=9), institution_id=doctor.institution_id, at=at
        )
    with pytest.raises(Conflict, match="没关闭的转诊"):
        close(doctor, visit, at)


def test_an_episode_is_kept_for_the_long_term_and_back(at: datetime) -> None:
    doctor = a_doctor()
    visit = an_ended_visit(doctor, at)
    for revision, keep, state in ((2, True, "long_term"), (3, False, "open")):
        episodes.set_long_term(
            actor=doctor, episode_id=visit.episode_id, is_long_term=keep, revision=revision, at=at
        )
        assert the_episode(doctor, visit).state == state
    with pytest.raises(StaleRevision):
        episodes.set_long_term(
            actor=doctor, episode_id=visit.episode_id, is_long_term=True, revision=2, at=at
        )


def a_system_at(institution_id: UUID) -> Actor:
    """The system, able to see this institution's records as the worker sees all."""
    return an_actor("system", institution_id=institution_id)


def test_the_clock_closes_what_nobody_has_touched_for_long(at: datetime) -> None:
    doctor = a_doctor()
    idle = an_ended_visit(doctor, at - 91 * DAY)
    left_open = {
        "not long enough": an_ended_visit(doctor, at - 89 * DAY),
        "long term": an_ended_visit(doctor, at - 400 * DAY, is_long_term=True),
        "a visit goes on": a_visit(doctor, a_patient(doctor), at=at - 200 * DAY),
    }
    system = a_system_at(doctor.institution_id)
    assert episodes.close_idle_episodes(actor=system, at=at) == 1
    assert episodes.close_idle_episodes(actor=system, at=at) == 0
    assert the_episode(doctor, idle).state == "closed"
    assert {
        words for words, visit in left_open.items() if the_episode(doctor, visit).state == "closed"
    } == set()


def test_a_death_closes_what_is_not_under_way(at: datetime) -> None:
    doctor = a_doctor()
    over = an_ended_visit(doctor, at, is_long_term=True)
    under_way = a_visit(doctor, over.person_id, "S72.0", at=at)
    system = a_system_at(doctor.institution_id)
    assert episodes.close_after_death(actor=system, person_id=over.person_id, at=at) == 1
    assert episodes.close_after_death(actor=system, person_id=over.person_id, at=at) == 0
    assert the_episode(doctor, over).state == "closed"
    assert the_episode(doctor, under_way).state == "open"


def test_only_the_system_closes_by_the_clock(at: datetime) -> None:
    doctor = a_doctor()
    with pytest.raises(NotFound):
        episodes.close_idle_episodes(actor=doctor, at=at)
    with pytest.raises(NotFound):
        episodes.close_after_death(actor=doctor, person_id=residents.canonical_id(a_patient(doctor)), at=at)
