"""What must hold of a county's data at any moment, asked of every room that knows (`yiti check`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from time import monotonic
from typing import Any

from yiti.foundation.administration import public as administration
from yiti.foundation.administration.public import Fault
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import SYSTEM
from yiti.kernel.clock import now
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs


def faults() -> list[Fault]:
    """Everything that is broken. Connected as the worker, who sees all handoffs."""
    return list(_faults())


def check_up() -> None:
    """Look for faults and keep what was found: hourly work."""
    began = monotonic()
    found = faults()
    administration.note_checkup(actor=SYSTEM, faults=found, seconds=monotonic() - began, at=now())


_PROMISES: dict[str, Callable[[], Mapping[Any, Iterable[str]]]] = {
    "Every history is a path of its table": lambda: handoffs.broken_histories(SYSTEM),
    "Open work stands in one work list of each side": lambda: handoffs.misplaced(SYSTEM),
    "No bed has two holders": lambda: {id_: [how] for id_, how in facilities.double_booked().items()},
    "Every event reaches its handlers": lambda: {id_: [how] for id_, how in outbox.given_up().items()},
    "The trail is as it was written": lambda: audit.broken_seals(SYSTEM),
}


def _faults() -> Iterator[Fault]:
    for promise, ask in _PROMISES.items():
        for what, found in ask().items():
            for how in found:
                yield Fault(promise, str(what), how)
