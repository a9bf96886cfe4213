"""What must hold of a county's data at any moment, asked of every room that knows (`yiti check`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from yiti.foundation.audit import public as audit
from yiti.kernel.actor import SYSTEM
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be: which promise is broken, of what, and how."""

    promise: str
    id: UUID | str
    how: str


def faults() -> list[Fault]:
    """Everything that is broken. Connected as the worker, who sees all handoffs."""
    return list(_faults())


def _faults() -> Iterator[Fault]:
    for handoff_id, found in handoffs.broken_histories(SYSTEM).items():
        for how in found:
            yield Fault("Every history is a path of its table", handoff_id, how)
    for handoff_id, found in handoffs.misplaced(SYSTEM).items():
        for how in found:
            yield Fault("Open work stands in one work list of each side", handoff_id, how)
    for bed_id, bed in facilities.double_booked().items():
        yield Fault("No bed has two holders", bed_id, bed)
    for what, found in audit.broken_seals(SYSTEM).items():
        for how in found:
            yield Fault("The trail is as it was written", what, how)
