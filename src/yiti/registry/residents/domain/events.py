"""What residents tells higher rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from yiti.kernel.events import Event


@dataclass(frozen=True)
class PersonRegistered(Event):
    """A person was added to the index."""

    kind: ClassVar[str] = "residents.PersonRegistered"
    person_id: UUID
    institution_id: UUID
    registered_at: datetime


@dataclass(frozen=True)
class PersonMerged(Event):
    """Two records turned out to be one person: reads of either go to `kept_id`."""

    kind: ClassVar[str] = "residents.PersonMerged"
    merge_id: UUID
    absorbed_id: UUID
    kept_id: UUID
    merged_at: datetime


@dataclass(frozen=True)
class PersonUnmerged(Event):
    """A merge was taken back: they are two people."""

    kind: ClassVar[str] = "residents.PersonUnmerged"
    merge_id: UUID
    absorbed_id: UUID
    kept_id: UUID
    unmerged_at: datetime


@dataclass(frozen=True)
class PersonDied(Event):
    """A death was recorded."""

    kind: ClassVar[str] = "residents.PersonDied"
    person_id: UUID
    deceased_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class RecordOpenedByBreakGlass(Event):
    """An institution opened a record in an emergency, until `until`; somebody must look at why."""

    kind: ClassVar[str] = "residents.RecordOpenedByBreakGlass"
    break_glass_id: UUID
    person_id: UUID
    institution_id: UUID
    user_id: UUID
    opened_at: datetime
    until: datetime
