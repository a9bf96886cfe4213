"""Visits taken out of an episode, and episodes put together."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, StaleRevision
from yiti.kernel.ids import new_id
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain, EpisodeJoin, Visit
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


def three_visits(doctor: Actor, at: datetime) -> list[Visit]:
    """Three visits in one episode, three days ago, two days ago, yesterday; its revision is 3."""
    person_id = a_patient(doctor)
    return [a_visit(doctor, person_id, "I20.0", at=at - days * DAY) for days in (3, 2, 1)]


def split(doctor: Actor, visits: list[Visit], at: datetime, revision: int = 3, **changes: object) -> UUID:
    """Split the last of them out."""
    values: dict[str, object] = {
        "visit_ids": frozenset({visits[-1].id}),
        "problem": "左髋部摔伤",
        "reason": "和胸闷不是一回事",
        **changes,
    }
    spec = episodes.SplitSpec(**values)  # type: ignore[arg-type]
    return episodes.split_episode(
        actor=doctor, episode_id=visits[0].episode_id, split=spec, revision=revision, at=at
    )


def test_a_visit_is_split_out_into_an_episode_of_its_own(at: datetime) -> None:
    doctor = a_doctor()
    visits = three_visits(doctor, at)
    new = split(doctor, visits, at)
    moved = the_visit(doctor, visits[-1].id)
    assert moved.episode_id == new
    made, left = the_episode(doctor, moved), the_episode(doctor, visits[0])
    assert (made.problem, made.opened_at, made.last_active_at) == ("左髋部摔伤", at - DAY, at - DAY)
    assert left.last_active_at == at - 2 * DAY
    line = EpisodeJoin.objects.get(visit=moved, act="split")
    assert (line.from_episode_id, line.reason) == (left.id, "和胸闷不是一回事")
    assert OutboxEvent.objects.filter(kind="episodes.EpisodeSplit").count() == 1


REFUSED_SPLIT: dict[str, tuple[dict[str, object], type[DomainError], str | None]] = {
    "no visits": ({"visit_ids": frozenset()}, InvalidInput, "visits"),
    "a visit of something else": ({"visit_ids": frozenset({new_id()})}, InvalidInput, "visits"),
    "no problem": ({"problem": " "}, InvalidInput, "problem"),
    "no reason": ({"reason": " "}, InvalidInput, "reason"),
    "another state": ({"revision": 1}, StaleRevision, None),
}


@pytest.mark.parametrize(("change", "error", "field"), REFUSED_SPLIT.values(), ids=REFUSED_SPLIT.keys())
def test_a_refused_split_moves_nothing(
    change: dict[str, object], error: type[DomainError], field: str | None, at: datetime
) -> None:
    doctor = a_doctor()
    visits = three_visits(doctor, at)
    with pytest.raises(error) as refused:
        split(doctor, visits, at, **change)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert {the_visit(doctor, visit.id).episode_id for visit in visits} == {visits[0].episode_id}


def test_something_stays_behind(at: datetime) -> None:
    doctor = a_doctor()
    visits = three_visits(doctor, at)
    with pytest.raises(Conflict, match="至少要留一次"):
        split(doctor, visits, at, visit_ids=frozenset(visit.id for visit in visits))


def test_only_ones_own_visits_are_split_out(at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    visits = three_visits(doctor, at)
    a_visit(county, visits[0].person_id, "I20.0", at=at)
    with pytest.raises(Conflict, match="本机构"):
        split(county, visits, at, revision=4)


def two_episodes(doctor: Actor, at: datetime) -> tuple[Visit, Visit]:
    """Two visits for two problems of one person; each episode has revision 1."""
    person_id = a_patient(doctor)
    return a_visit(doctor, person_id, "R07.4", at=at - DAY), a_visit(doctor, person_id, "I20.0", at=at)


def join(doctor: Actor, into: Visit, gone: Visit, at: datetime, **changes: object) -> None:
    """Put the episode of one visit into that of the other."""
    values: dict[str, object] = {"reason": "同一次发病", "revisions": (1, 1), **changes}
    episodes.join_episodes(
        actor=doctor,
        into_id=into.episode_id,
        from_id=gone.episode_id,
        at=at,
        **values,  # type: ignore[arg-type]
    )


def test_two_episodes_become_one(at: datetime) -> None:
    doctor = a_doctor()
    first, second = two_episodes(doctor, at)
    chain_id = new_id()
    with access.scoped(doctor):
        episodes.link_chain(
            doctor, first.episode_id, chain_id=chain_id, institution_id=doctor.institution_id, at=at
        )
    join(doctor, second, first, at)
    moved = the_visit(doctor, first.id)
    into = the_episode(doctor, second)
    assert moved.episode_id == into.id
    assert (into.opened_at, into.last_active_at) == (at - DAY, at)
    gone = episodes.episode(doctor, first.episode_id)
    assert (gone.state, gone.merged_into_id) == ("closed", into.id)
    with access.scoped(doctor):
        assert EpisodeChain.objects.get(chain_id=chain_id).episode_id == into.id
    line = EpisodeJoin.objects.get(visit=moved, act="joined")
    assert (line.from_episode_id, line.reason) == (gone.id, "同一次发病")
    assert OutboxEvent.objects.filter(kind="episodes.EpisodesJoined").count() == 1


def test_a_refused_join_moves_nothing(at: datetime) -> None:
    doctor = a_doctor()
    first, second = two_episodes(doctor, at)
    somebody_else = a_visit(doctor, a_patient(doctor), "I20.0", at=at)
    with pytest.raises(InvalidInput):
        join(doctor, second, first, at, reason=" ")
    with pytest.raises(InvalidInput):
        join(doctor, first, first, at)
    with pytest.raises(StaleRevision):
        join(doctor, second, first, at, revisions=(1, 4))
    with pytest.raises(NotFound):
        join(doctor, second, somebody_else, at)
    assert the_visit(doctor, first.id).episode_id == first.episode_id


def test_what_has_gone_up_in_another_episode_goes_nowhere_else(at: datetime) -> None:
    doctor = a_doctor()
    first, second = two_episodes(doctor, at)
    third = a_visit(doctor, first.person_id, "S72.0", at=at)
    join(doctor, second, first, at)
    with pytest.raises(Conflict, match="已经并入"):
        join(doctor, third, first, at, revisions=(1, 2))
    with pytest.raises(Conflict, match="已经关闭"):
        join(doctor, first, third, at, revisions=(2, 1))


def test_only_those_who_treat_the_person_join_episodes(at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    first, second = two_episodes(doctor, at)
    a_visit(county, first.person_id, "M54.5", at=at)
    with pytest.raises(Conflict, match="本机构"):
        join(county, second, first, at)
