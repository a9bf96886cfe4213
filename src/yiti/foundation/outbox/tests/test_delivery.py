"""Events: with the change or not at all, at least once, and a failure waits without blocking others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.outbox import commands
from yiti.foundation.outbox import public as outbox
from yiti.foundation.outbox.domain import from_payload, to_payload
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.errors import Conflict
from yiti.kernel.events import Event
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor


@dataclass(frozen=True)
class BellRang(Event):
    kind: ClassVar[str] = "test.BellRang"
    bell_id: UUID
    rang_at: datetime
    day: date
    times: int
    by: str | None


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    """A listener of `BellRang`, gone after the test."""
    seen: list[Event] = []
    outbox.subscribe(BellRang, seen.append)
    yield seen
    commands._handlers.pop(BellRang.kind)
    commands._types.pop(BellRang.kind)


def _ring(at: datetime, times: int = 1) -> BellRang:
    event = BellRang(new_id(), at, at.date(), times, None)
    with access.scoped(an_actor()):
        outbox.record(event)
    return event


def test_an_event_comes_back_as_it_was(at: datetime) -> None:
    event = BellRang(new_id(), at, at.date(), 3, "唐桂花")
    assert from_payload(BellRang, to_payload(event)) == event


def test_an_event_carries_only_plain_values(at: datetime) -> None:
    with pytest.raises(TypeError):
        to_payload(BellRang(new_id(), at, at.date(), 1.5, None))  # type: ignore[arg-type]


def test_an_event_reaches_its_handler_once(committed_db: None, at: datetime, heard: list[Event]) -> None:
    event = _ring(at)
    assert outbox.deliver_waiting(lambda: at) == 1
    assert outbox.deliver_waiting(lambda: at) == 0
    assert heard == [event]


def test_events_arrive_in_the_order_they_were_recorded(
    committed_db: None, at: datetime, heard: list[Event]
) -> None:
    events = [_ring(at, times) for times in range(5)]
    outbox.deliver_waiting(lambda: at)
    assert heard == events


def test_an_event_of_a_change_that_failed_never_arrives(
    committed_db: None, at: datetime, heard: list[Event]
) -> None:
    with pytest.raises(Conflict), access.scoped(an_actor()):  # noqa: PT012  the event and what undoes it
        outbox.record(BellRang(new_id(), at, at.date(), 1, None))
        raise Conflict
    assert outbox.deliver_waiting(lambda: at) == 0


def test_a_failing_handler_keeps_the_event_and_lets_others_pass(committed_db: None, at: datetime) -> None:
    answers = iter([RuntimeError("首次失败"), None, None])
    seen: list[Event] = []

    def handler(event: Event) -> None:
        answer = next(answers)
        if answer is not None:
            raise answer
        seen.append(event)

    outbox.subscribe(BellRang, handler)
    try:
        first, second = _ring(at), _ring(at)
        assert outbox.deliver_waiting(lambda: at) == 1
        assert seen == [second]
        assert "首次失败" in OutboxEvent.objects.get(handled_at__isnull=True).last_error
        assert outbox.deliver_waiting(lambda: at + timedelta(seconds=30)) == 0
        assert outbox.deliver_waiting(lambda: at + timedelta(minutes=2)) == 1
        assert seen == [second, first]
    finally:
        commands._handlers.pop(BellRang.kind)
        commands._types.pop(BellRang.kind)


def test_two_events_cannot_share_a_name(heard: list[Event]) -> None:
    @dataclass(frozen=True)
    class Impostor(Event):
        kind: ClassVar[str] = "test.BellRang"

    with pytest.raises(ValueError, match="two events"):
        outbox.subscribe(Impostor, heard.append)
