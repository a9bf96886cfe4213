"""Locking before writing: the visit or episode in the actor's scope, or the person as a whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound, StaleRevision
from yiti.kernel.text import N_
from yiti.spine.episodes.domain.preparing import VisitKey, Writer
from yiti.spine.episodes.models import Episode, Visit


def writer(actor: Actor, at: datetime) -> Writer:
    """The actor as the one who writes now."""
    return Writer(actor.user_id, actor.name, actor.institution_id, actor.staff_id, at)


def key_of(visit: Visit) -> VisitKey:
    """What facts need to know of their visit."""
    return VisitKey(visit.id, visit.person_id)


def lock_person(person_id: UUID) -> None:
    """Let one transaction at a time decide on the episodes and the drug list of a person.

    By name, since there is no row of this room that stands for a person.
    """
    access.lock_by_name(f"episodes:{person_id}")


def lock_visit(actor: Actor, visit_id: UUID) -> Visit:
    """A visit of the actor's institution. Raises NotFound."""
    found = Visit.objects.select_for_update().filter(id=visit_id, institution_id=actor.institution_id).first()
    if found is None:
        raise NotFound
    return found


def lock_open_visit(actor: Actor, visit_id: UUID) -> Visit:
    """A visit of the actor's institution that has not ended. Raises NotFound, Conflict."""
    found = lock_visit(actor, visit_id)
    if found.ended_at is not None:
        raise Conflict(N_("就诊已经结束，只能改正写错的内容"))
    return found


def lock_episode(episode_id: UUID, revision: int | None = None) -> Episode:
    """An episode of a person whose record is open to the actor. Raises NotFound, StaleRevision."""
    found = Episode.objects.select_for_update().filter(id=episode_id).first()
    if found is None:
        raise NotFound
    if revision is not None and found.revision != revision:
        raise StaleRevision
    return found


def touch_episode(episode_id: UUID, at: datetime) -> None:
    """Note that something happened in the episode."""
    Episode.objects.filter(id=episode_id).update(
        last_active_at=Greatest(F("last_active_at"), at), revision=F("revision") + 1
    )
