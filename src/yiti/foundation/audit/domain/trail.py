"""The words of the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

Detail = dict[str, str | int | bool | None]


class Outcome(StrEnum):
    """How a request ended (FHIR AuditEvent.outcome in our words)."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request was about: a record by (kind, id), and the person it belongs to, if any."""

    kind: str
    record_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the trail is asked for. `since` and `until` are aware, `until` is not within.

    `users` and `people` are those whom the text names otherwise than by what stands in the rows; `user_id`
    is one user and nobody else.
    """

    text: str = ""
    user_id: UUID | None = None
    outcome: str = ""
    users: Collection[UUID] = ()
    people: Collection[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One institution, the ids of one person, and a stretch of time; `until` is not within."""

    people: Collection[UUID]
    institution_id: UUID
    since: datetime
    until: datetime

    def holds(self, person_id: UUID | None, institution_id: UUID, at: datetime) -> bool:
        """Whether somebody of that institution looked at this person within the stretch."""
        is_theirs = person_id in self.people and institution_id == self.institution_id
        return is_theirs and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """What one user was refused on one day: how many acts, and which (marked words or phrases)."""

    user_id: UUID
    day: date
    user_name: str
    institution_name: str
    count: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookRow:
    """One line of 谁看过 (who has looked) or of the auditor's list."""

    id: UUID
    at: datetime
    user_id: UUID
    user_name: str
    institution_name: str
    action: str
    purpose: str
    outcome: str
    kind: str
    record_id: UUID | None
    person_id: UUID | None
    address: str | None
    what: str  # the action in a marked word
