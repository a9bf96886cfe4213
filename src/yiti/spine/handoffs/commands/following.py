"""What becomes of open handoffs when two records turn out to be one person, or the person dies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.registry.residents import public as residents
from yiti.spine.handoffs.commands.addressing import RECORD
from yiti.spine.handoffs.commands.logging import Entry, append, ring
from yiti.spine.handoffs.commands.moving import advance
from yiti.spine.handoffs.domain import Fact, Nature, addressees, kind
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.selectors import as_row


@access.command
def follow_merge(*, actor: Actor, fact: Fact, person_id: UUID, merge_id: UUID, at: datetime) -> None:
    """Tell both sides of each open handoff of a person that records were merged, or parted again.

    The rows keep their person: reads go by all ids of a person (decision 9). A repeat adds nothing.
    """
    for row in _locked_open([person_id]):
        mark = f"{fact}:{merge_id}"
        if not HandoffEvent.objects.filter(handoff=row, digest=mark).exists():
            _note(actor, row, fact, mark, at=at)


@access.command
def follow_death(*, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Take the step each kind has for a death, in every open handoff of the person; where a kind has
    none, keep the fact in the log. A repeat finds nothing left to do."""
    for row in _locked_open(residents.aliases(person_id)):
        found = kind(row.kind)
        if found.on_death and found.workflow.find(row.state, found.on_death):
            advance(actor, row.id, found.on_death, at=at)
            _audit(actor, row, Fact.DIED, at)
        elif not HandoffEvent.objects.filter(handoff=row, digest=Fact.DIED).exists():
            _note(actor, row, Fact.DIED, Fact.DIED, at=at)


def _locked_open(person_ids: Collection[UUID]) -> list[Handoff]:
    found = Handoff.objects.of_persons(person_ids).open()
    return list(found.select_for_update().order_by("id"))


def _note(actor: Actor, row: Handoff, fact: Fact, mark: str, *, at: datetime) -> None:
    entry = Entry(Nature.NOTE, fact, row.state, row.state, Side.SYSTEM, due_at=row.due_at, digest=mark)
    event = append(actor, row, entry, at=at)
    row.save(force_update=True)
    ring(event, addressees(as_row(row), Side))
    _audit(actor, row, fact, at)


def _audit(actor: Actor, row: Handoff, fact: Fact, at: datetime) -> None:
    audit.note(
        actor, f"handoffs.follow_{fact}", kind=RECORD, record_id=row.id, person_id=row.person_id, at=at
    )
