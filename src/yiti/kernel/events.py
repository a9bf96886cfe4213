"""Events: what a room tells higher rooms after its transaction has committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events. Subclasses are frozen dataclasses of UUID, str, int, bool, date or
    aware datetime fields, named in the past tense; `kind` is stable once published
    (`room.Name`), because rows of the outbox outlive the code that wrote them."""

    kind: ClassVar[str]
