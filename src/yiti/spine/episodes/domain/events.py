"""What episodes tells higher rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from yiti.kernel.events import Event


@dataclass(frozen=True)
class EpisodeOpened(Event):
    """A course of care began."""

    kind: ClassVar[str] = "episodes.EpisodeOpened"
    episode_id: UUID
    person_id: UUID
    institution_id: UUID
    opened_at: datetime


@dataclass(frozen=True)
class EpisodeSplit(Event):
    """Some visits of an episode became an episode of their own."""

    kind: ClassVar[str] = "episodes.EpisodeSplit"
    from_episode_id: UUID
    new_episode_id: UUID
    person_id: UUID
    split_at: datetime


@dataclass(frozen=True)
class EpisodesJoined(Event):
    """An episode went up in another one: what names it now means `into_episode_id`."""

    kind: ClassVar[str] = "episodes.EpisodesJoined"
    from_episode_id: UUID
    into_episode_id: UUID
    person_id: UUID
    joined_at: datetime


@dataclass(frozen=True)
class EpisodeClosed(Event):
    """A course of care is over."""

    kind: ClassVar[str] = "episodes.EpisodeClosed"
    episode_id: UUID
    person_id: UUID
    closed_at: datetime


@dataclass(frozen=True)
class VisitStarted(Event):
    """A person came to an institution, or somebody from it came to the person."""

    kind: ClassVar[str] = "episodes.VisitStarted"
    visit_id: UUID
    episode_id: UUID
    person_id: UUID
    institution_id: UUID
    visit_kind: str
    started_at: datetime


@dataclass(frozen=True)
class VisitEnded(Event):
    """A visit is over."""

    kind: ClassVar[str] = "episodes.VisitEnded"
    visit_id: UUID
    episode_id: UUID
    person_id: UUID
    institution_id: UUID
    ended_at: datetime


@dataclass(frozen=True)
class PersonDischarged(Event):
    """A stay ended; `way` is a code of CV06.00.226, `outcome` one of `treatment-outcome`.

    Whoever records deaths listens for way 5.
    """

    kind: ClassVar[str] = "episodes.PersonDischarged"
    visit_id: UUID
    episode_id: UUID
    person_id: UUID
    institution_id: UUID
    way: str
    outcome: str
    discharged_at: datetime
