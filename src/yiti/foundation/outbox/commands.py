"""Recording events in the transaction of the change, and handing them on after it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from prometheus_client import Counter

from yiti.foundation.access import public as access
from yiti.foundation.jobs import public as jobs
from yiti.foundation.outbox.domain import MOST_TRIES, Handler, from_payload, to_payload
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.events import Event

log = logging.getLogger(__name__)

FAILURES = Counter("yiti_outbox_failures_total", "Events that a handler failed on", ["kind"])
LEASE = timedelta(seconds=60)  # grows with every try

_types: dict[str, type[Event]] = {}
_handlers: dict[str, list[Handler]] = defaultdict(list)


def record(event: Event) -> None:
    """Record an event to be handled at least once after this transaction commits (participant)."""
    access.ensure_in_transaction()
    OutboxEvent.objects.create(kind=event.kind, payload=to_payload(event))
    transaction.on_commit(jobs.wake_outbox, robust=True)


def subscribe(event_type: type[Event], *handlers: Handler) -> None:
    """Name the handlers of an event; called by `config/events.py` only."""
    known = _types.setdefault(event_type.kind, event_type)
    if known is not event_type:
        raise ValueError(f"two events call themselves {event_type.kind}")
    _handlers[event_type.kind].extend(handlers)


def deliver_waiting(now: Callable[[], datetime]) -> int:
    """Hand every waiting event to its handlers, oldest first; how many were handled.

    `now` is the worker's clock. A handler is a use case with a transaction of its own, so an event
    is leased, handled, and marked in three steps; a worker that dies in between leaves a lease that
    runs out, and the handlers see the event again.
    """
    handled = 0
    while (row := _lease(now())) is not None:
        handled += _deliver(row, now)
    return handled


def _lease(at: datetime) -> OutboxEvent | None:
    with transaction.atomic(durable=True):
        row = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(handled_at__isnull=True, tries__lt=MOST_TRIES)
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lt=at))
            .order_by("id")
            .first()
        )
        if row is not None:
            row.tries += 1
            row.leased_until = at + LEASE * row.tries
            row.save(update_fields=["tries", "leased_until"])
        return row


def _deliver(row: OutboxEvent, now: Callable[[], datetime]) -> bool:
    try:
        event = from_payload(_types[row.kind], row.payload)
        for handler in _handlers[row.kind]:
            handler(event)
    except Exception as error:
        FAILURES.labels(row.kind).inc()
        log.exception(
            "an event was not handled", extra={"event_id": row.id, "kind": row.kind, "tries": row.tries}
        )
        OutboxEvent.objects.filter(id=row.id).update(last_error=repr(error)[:2000])
        return False
    OutboxEvent.objects.filter(id=row.id).update(handled_at=now(), last_error="")
    return True
