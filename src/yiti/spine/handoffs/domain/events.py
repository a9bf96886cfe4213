"""What handoffs tell higher rooms after commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from yiti.kernel.events import Event


@dataclass(frozen=True)
class HandoffMoved(Event):
    """A handoff was opened (`step` is `open`) or a step of its table was taken."""

    kind: ClassVar[str] = "handoffs.HandoffMoved"
    handoff_id: UUID
    handoff_kind: str
    person_id: UUID
    seq: int
    step: str
    side: str
    from_state: str
    to_state: str
    moved_at: datetime


@dataclass(frozen=True)
class HandoffOverdue(Event):
    """The wait in a state has run over its limit."""

    kind: ClassVar[str] = "handoffs.HandoffOverdue"
    handoff_id: UUID
    handoff_kind: str
    state: str
    due_at: datetime


@dataclass(frozen=True)
class HandoffEscalated(Event):
    """A wait long overdue has been reported upwards."""

    kind: ClassVar[str] = "handoffs.HandoffEscalated"
    handoff_id: UUID
    handoff_kind: str
    state: str
    due_at: datetime
