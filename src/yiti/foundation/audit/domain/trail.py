"""The words of the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
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

    `users` and `people` are those whom the text names otherwise than by what stands in the rows.
    """

    text: str = ""
    outcome: str = ""
    users: Collection[UUID] = ()
    people: Collection[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LookRow:
    """One line of 谁看过 (who has looked) or of the auditor's list."""

    id: UUID
    at: datetime
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
