"""Taking visits out of an episode, and putting two episodes together: with a reason, in the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands.courses import EPISODE
from yiti.spine.episodes.commands.locks import key_of, lock_episode, writer
from yiti.spine.episodes.commands.opening import next_number
from yiti.spine.episodes.commands.writing import clean_reason
from yiti.spine.episodes.domain import EpisodesJoined, EpisodeSplit, EpisodeState, JoinAct
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.preparing import Move
from yiti.spine.episodes.domain.specs import SplitSpec
from yiti.spine.episodes.domain.texts import clean_line
from yiti.spine.episodes.models import Episode, EpisodeChain, EpisodeJoin, Visit

LONGEST_PROBLEM = 120


@access.command
def split_episode(*, actor: Actor, episode_id: UUID, split: SplitSpec, revision: int, at: datetime) -> UUID:
    """Make visits of the actor's institution an episode of their own; gives its id.

    Raises NotFound, StaleRevision, InvalidInput without problem, reason or visits, Conflict for visits of
    another institution or when nothing would stay behind.
    """
    actor.require("episodes.write")
    episode = lock_episode(episode_id, revision)
    moved = _chosen(actor, episode, split.visit_ids)
    named = clean_line(split.problem, longest=LONGEST_PROBLEM, field="problem")
    if not named:
        raise InvalidInput(N_("请写新过程是什么问题"), field="problem")
    made = _sibling(actor, episode, moved, problem=named, at=at)
    _move(actor, moved, made, JoinAct.SPLIT, reason=clean_reason(split.reason), at=at)
    _recount(episode)
    outbox.record(EpisodeSplit(episode.id, made.id, episode.person_id, at))
    audit.note(
        actor,
        "episodes.split_episode",
        kind=EPISODE,
        record_id=made.id,
        person_id=episode.person_id,
        at=at,
        detail={"from": episode.number, "visits": len(moved)},
    )
    return made.id


def _chosen(actor: Actor, episode: Episode, visit_ids: Collection[UUID]) -> list[Visit]:
    there = list(Visit.objects.select_for_update().filter(episode=episode).order_by("started_at", "id"))
    moved = [visit for visit in there if visit.id in visit_ids]
    if not moved or len(moved) != len(set(visit_ids)):
        raise InvalidInput(N_("请选要分出去的就诊"), field="visits")
    if any(visit.institution_id != actor.institution_id for visit in moved):
        raise Conflict(N_("只能分出本机构的就诊"), field="visits")
    if len(moved) == len(there):
        raise Conflict(N_("至少要留一次就诊在原来的过程里"), field="visits")
    return moved


def _sibling(actor: Actor, episode: Episode, moved: list[Visit], *, problem: str, at: datetime) -> Episode:
    return Episode.objects.create(
        id=new_id(),
        number=next_number(at),
        person_id=episode.person_id,
        problem=problem,
        institution_id=moved[0].institution_id,
        opened_at=moved[0].started_at,
        last_active_at=max(visit.ended_at or visit.started_at for visit in moved),
    )


@access.command
def join_episodes(
    *,
    actor: Actor,
    into_id: UUID,
    from_id: UUID,
    reason: str,
    revisions: tuple[int, int],
    at: datetime,
) -> None:
    """Put all visits and referral chains of one episode into another of the same person.

    `revisions` are those of `into` and `from` as seen. Raises NotFound (also for two persons),
    StaleRevision, InvalidInput without a reason, Conflict when `into` is closed, `from` has gone up in
    another one, or neither has a visit of the actor's institution.
    """
    actor.require("episodes.write")
    into, gone = _lock_both(into_id, from_id, revisions)
    moved = list(Visit.objects.select_for_update().filter(episode=gone).order_by("started_at", "id"))
    _ensure_joinable(actor, into, gone)
    _move(actor, moved, into, JoinAct.JOINED, reason=clean_reason(reason), at=at)
    EpisodeChain.objects.filter(episode=gone).update(episode=into)
    Episode.objects.filter(id=gone.id).update(
        state=EpisodeState.CLOSED,
        closed_at=gone.closed_at or at,
        closed_by=gone.closed_by or actor.user_id,
        close_reason=gone.close_reason or N_("并入另一个过程"),
        merged_into=into,
        revision=F("revision") + 1,
    )
    Episode.objects.filter(id=into.id).update(opened_at=min(into.opened_at, gone.opened_at))
    _recount(into)
    outbox.record(EpisodesJoined(gone.id, into.id, into.person_id, at))
    audit.note(
        actor,
        "episodes.join_episodes",
        kind=EPISODE,
        record_id=into.id,
        person_id=into.person_id,
        at=at,
        detail={"from": gone.number, "visits": len(moved)},
    )


def _lock_both(into_id: UUID, from_id: UUID, revisions: tuple[int, int]) -> tuple[Episode, Episode]:
    if into_id == from_id:
        raise InvalidInput(N_("请选另一个过程"), field="episode")
    seen = dict(zip((into_id, from_id), revisions, strict=True))
    locked = {each: lock_episode(each, seen[each]) for each in sorted(seen)}
    into, gone = locked[into_id], locked[from_id]
    if gone.person_id not in residents.aliases(into.person_id):
        raise NotFound
    return into, gone


def _ensure_joinable(actor: Actor, into: Episode, gone: Episode) -> None:
    if into.state == EpisodeState.CLOSED:
        raise Conflict(N_("要并入的过程已经关闭"), field="episode")
    if gone.merged_into_id is not None:
        raise Conflict(N_("这个过程已经并入另一个"), field="episode")
    if not Visit.objects.filter(episode__in=[into, gone], institution_id=actor.institution_id).exists():
        raise Conflict(N_("只能合并有本机构就诊的过程"))


def _move(
    actor: Actor, moved: Iterable[Visit], into: Episode, act: JoinAct, *, reason: str, at: datetime
) -> None:
    """Write the log, then move."""
    visits = list(moved)
    EpisodeJoin.objects.bulk_create(
        EpisodeJoin(
            **rows.join_columns(
                key_of(visit),
                Move(act, into.id, visit.episode_id, reason),
                row_id=new_id(),
                writer=writer(actor, at),
            )
        )
        for visit in visits
    )
    Visit.objects.filter(id__in=[visit.id for visit in visits]).update(
        episode=into, revision=F("revision") + 1
    )


def _recount(episode: Episode) -> None:
    """Bring the last activity of an episode to that of the visits it has now."""
    last = Visit.objects.filter(episode=episode).aggregate(begun=Max("started_at"), ended=Max("ended_at"))
    moments = [moment for moment in last.values() if moment is not None]
    Episode.objects.filter(id=episode.id).update(last_active_at=max(moments), revision=F("revision") + 1)
