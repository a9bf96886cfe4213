"""An event as a row: fields become text and come back as what the dataclass says they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, get_type_hints
from uuid import UUID

from yiti.kernel.events import Event

Handler = Callable[[Event], None]
MOST_TRIES = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox: how many events, since when, and how many are no longer tried."""

    waiting: int
    oldest_at: datetime | None
    given_up: int


_BACK: dict[Any, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def to_payload(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values; raises TypeError for a field of another kind."""
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def _plain(value: Any) -> str | int | None:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an event cannot carry {type(value).__name__}")


def from_payload(event_type: type[Event], payload: dict[str, Any]) -> Event:
    """The event that `to_payload` was given."""
    hints = get_type_hints(event_type)
    return event_type(**{name: _typed(hints[name], value) for name, value in payload.items()})


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    kinds = getattr(hint, "__args__", (hint,))
    back = next((_BACK[k] for k in kinds if k in _BACK), None)
    return back(value) if back else value
