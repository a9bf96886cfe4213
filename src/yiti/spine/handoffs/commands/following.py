"""What becomes of open handoffs when two records turn out to be one person, the person dies, or who has
them in hand leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import local_date
from yiti.kernel.workflow import Side
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.spine.handoffs.commands.addressing import RECORD
from yiti.spine.handoffs.commands.logging import Entry, append, ring
from yiti.spine.handoffs.commands.moving import advance
from yiti.spine.handoffs.domain import Fact, Nature, addressees, kind
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.selectors import SIDES, as_row, held_by, open_holders


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


def hand_on_of_leavers(at: datetime) -> int:
    """Take open work out of the hands of all who do not work where they have it; how many handoffs that
    was. Run by the worker every minute: nobody's work waits for somebody who is gone."""
    gone = staff.leavers(SYSTEM, open_holders(), local_date(at))
    return sum(hand_on(actor=SYSTEM, holder=pair, heir_id=heir, at=at) for pair, heir in gone.items())


@access.command
def hand_on(*, actor: Actor, holder: tuple[UUID, UUID], heir_id: UUID | None, at: datetime) -> int:
    """Take all open work out of the hands of somebody (staff id, institution id) who has left the
    institution: it goes to the heir, without one back to the desk. How many handoffs that was."""
    actor.require("system")
    staff_id, institution_id = holder
    rows = _locked(Handoff.objects.open().filter(held_by(staff_id, institution_id)))
    for row in rows:
        sides = [side for side in SIDES if getattr(row, f"{side}_staff_id") == staff_id]
        for side in sides:
            setattr(row, f"{side}_staff_id", heir_id)
        _note(actor, row, Fact.LEFT, f"{Fact.LEFT}:{staff_id}", at=at, told=sides)
    return len(rows)


def _locked_open(person_ids: Collection[UUID]) -> list[Handoff]:
    return _locked(Handoff.objects.of_persons(person_ids).open())


def _locked(found: QuerySet[Handoff]) -> list[Handoff]:
    return list(found.select_for_update().order_by("id"))


def _note(
    actor: Actor, row: Handoff, fact: Fact, mark: str, *, at: datetime, told: Iterable[Side] = Side
) -> None:
    entry = Entry(Nature.NOTE, fact, row.state, row.state, Side.SYSTEM, due_at=row.due_at, digest=mark)
    event = append(actor, row, entry, at=at)
    row.save(force_update=True)
    ring(event, addressees(as_row(row), told))
    _audit(actor, row, fact, at)


def _audit(actor: Actor, row: Handoff, fact: Fact, at: datetime) -> None:
    audit.note(
        actor, f"handoffs.follow_{fact}", kind=RECORD, record_id=row.id, person_id=row.person_id, at=at
    )
