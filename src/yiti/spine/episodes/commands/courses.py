"""Episodes as a whole: the referral chains on them, keeping them open, closing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands.locks import lock_episode
from yiti.spine.episodes.commands.writing import clean_reason
from yiti.spine.episodes.domain import EpisodeClosed, EpisodeState
from yiti.spine.episodes.models import Episode, EpisodeChain, Visit

EPISODE = "episodes.episode"
IDLE_DAYS = "episodes.idle_days"


def link_chain(actor: Actor, episode_id: UUID, *, chain_id: UUID, institution_id: UUID, at: datetime) -> None:
    """Say that an accepted referral chain of this episode leads to an institution: visits there join it.

    Participant; a repeat changes nothing. Raises NotFound, Conflict when the chain is on another episode
    or this one is closed.
    """
    access.ensure_in_transaction()
    episode = lock_episode(episode_id)
    if episode.state == EpisodeState.CLOSED:
        raise Conflict(N_("这个过程已经关闭"))
    if EpisodeChain.objects.filter(chain_id=chain_id).exclude(episode=episode).exists():
        raise Conflict(N_("这张转诊单属于另一个过程"))
    EpisodeChain.objects.get_or_create(
        chain_id=chain_id,
        institution_id=institution_id,
        until=None,
        defaults={"id": new_id(), "episode": episode, "person_id": episode.person_id, "since": at},
    )


def end_chain(actor: Actor, chain_id: UUID, *, at: datetime, institution_id: UUID | None = None) -> None:
    """Say that a chain leads nowhere any more (closed, cancelled, redirected), or not to that institution.

    Participant; a repeat changes nothing.
    """
    access.ensure_in_transaction()
    found = EpisodeChain.objects.filter(chain_id=chain_id, until__isnull=True)
    if institution_id is not None:
        found = found.filter(institution_id=institution_id)
    found.update(until=at)


@access.command
def set_long_term(*, actor: Actor, episode_id: UUID, is_long_term: bool, revision: int, at: datetime) -> None:
    """Keep an episode open for care without end (chronic disease), or no longer.

    Raises NotFound, StaleRevision, Conflict for a closed episode.
    """
    actor.require("episodes.write")
    episode = lock_episode(episode_id, revision)
    if episode.state == EpisodeState.CLOSED:
        raise Conflict(N_("这个过程已经关闭"))
    state = EpisodeState.LONG_TERM if is_long_term else EpisodeState.OPEN
    Episode.objects.filter(id=episode.id).update(state=state, revision=F("revision") + 1)
    audit.note(
        actor,
        "episodes.set_long_term",
        kind=EPISODE,
        record_id=episode.id,
        person_id=episode.person_id,
        at=at,
        detail={"state": state.value},
    )


@access.command
def close_episode(*, actor: Actor, episode_id: UUID, reason: str, revision: int, at: datetime) -> None:
    """Close a course of care that is over.

    Raises NotFound, StaleRevision, InvalidInput without a reason, Conflict while a visit or a referral
    of it has not ended, or when it is closed already.
    """
    actor.require("episodes.write")
    episode = lock_episode(episode_id, revision)
    if episode.state == EpisodeState.CLOSED:
        raise Conflict(N_("这个过程已经关闭"))
    if Visit.objects.filter(episode=episode, ended_at__isnull=True).exists():
        raise Conflict(N_("还有没结束的就诊，先结束就诊再关闭过程"))
    if EpisodeChain.objects.filter(episode=episode, until__isnull=True).exists():
        raise Conflict(N_("还有没关闭的转诊，先办完转诊再关闭过程"))
    close_locked(actor, episode, reason=clean_reason(reason), at=at)
    audit.note(
        actor,
        "episodes.close_episode",
        kind=EPISODE,
        record_id=episode.id,
        person_id=episode.person_id,
        at=at,
    )


def close_locked(actor: Actor, episode: Episode, *, reason: str, at: datetime) -> None:
    """Close an episode that is locked; one that is closed already stays as it is."""
    if episode.state == EpisodeState.CLOSED:
        return
    Episode.objects.filter(id=episode.id).update(
        state=EpisodeState.CLOSED,
        closed_at=at,
        closed_by=actor.user_id,
        close_reason=reason,
        revision=F("revision") + 1,
    )
    outbox.record(EpisodeClosed(episode.id, episode.person_id, at))


@access.command
def close_idle_episodes(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Close open episodes in which nothing has happened for long (rule `episodes.idle_days`); how many.

    Left open: those kept for the long term, with a visit that has not ended, or on a referral chain.
    Runs in the worker, as the system.
    """
    actor.require("system")
    days = rules.find(IDLE_DAYS, local_date(at)).integer()
    visits = Visit.objects.filter(episode=OuterRef("pk"), ended_at__isnull=True)
    chains = EpisodeChain.objects.filter(episode=OuterRef("pk"), until__isnull=True)
    found = list(
        Episode.objects.select_for_update(skip_locked=True)
        .filter(state=EpisodeState.OPEN, last_active_at__lt=at - timedelta(days=days))
        .filter(~Exists(visits), ~Exists(chains))
        .order_by("last_active_at")[:limit]
    )
    for episode in found:
        close_locked(actor, episode, reason=N_("久无就诊，自动关闭"), at=at)
    if found:
        audit.note(
            actor,
            "episodes.close_idle_episodes",
            kind=EPISODE,
            record_id=None,
            at=at,
            detail={"closed": len(found), "idle_days": days},
        )
    return len(found)


@access.command
def close_after_death(*, actor: Actor, person_id: UUID, at: datetime) -> int:
    """Close the episodes of a person recorded as dead; how many.

    Left open: those with a visit that has not ended. The ward ends it by discharge, which closes its
    episode. Runs in the worker, as the system;
    a repeat changes nothing.
    """
    actor.require("system")
    visits = Visit.objects.filter(episode=OuterRef("pk"), ended_at__isnull=True)
    found = list(
        Episode.objects.select_for_update()
        .of(residents.aliases(person_id))
        .unfinished()
        .filter(~Exists(visits))
        .order_by("id")
    )
    for episode in found:
        close_locked(actor, episode, reason=N_("死亡"), at=at)
    if found:
        audit.note(
            actor,
            "episodes.close_after_death",
            kind=EPISODE,
            record_id=None,
            person_id=person_id,
            at=at,
            detail={"closed": len(found)},
        )
    return len(found)
