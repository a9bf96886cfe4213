"""Remind whoever has a handoff in hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.commands.addressing import RECORD
from yiti.spine.handoffs.commands.logging import Entry, append, ring
from yiti.spine.handoffs.domain import URGE, Moved, Nature, addressees, sides_of, turn_holder
from yiti.spine.handoffs.models import Handoff
from yiti.spine.handoffs.selectors import as_row, recent_urges


@access.command
def urge(*, actor: Actor, handoff_id: UUID, at: datetime) -> Moved:
    """Ring the bell of whoever has a handoff in hand, and keep in its log that one did.

    For its sides and for those who oversee one of them. Nothing else of the handoff changes, so no page
    becomes stale. Within the pause of rule `handoff.urge_again` a second urge in the same wait, whoever's,
    answers as the first (`Moved.repeated`). Raises NotFound for a stranger and for a draft, Conflict when
    nobody has to act any more.
    """
    actor.require("handoffs.urge")
    row = _locked(actor, handoff_id)
    now = as_row(row)
    holder = turn_holder(now)
    if holder is None:
        raise Conflict(N_("已经办完，不用再催"))
    if recent_urges(actor, [row.id], at):
        return Moved(now, repeated=True)
    side = next((each for each in Side if each in sides_of(now, actor)), Side.SYSTEM)
    entry = Entry(Nature.URGED, URGE, row.state, row.state, side, due_at=row.due_at)
    event = append(actor, row, entry, at=at)
    row.save(update_fields=["revision"])
    ring(event, addressees(now, [holder.side]))
    audit.note(actor, "handoffs.urge", kind=RECORD, record_id=row.id, person_id=row.person_id, at=at)
    return Moved(as_row(row))


def _locked(actor: Actor, handoff_id: UUID) -> Handoff:
    """A sent handoff of the actor's institution or of one it oversees, locked. Raises NotFound."""
    theirs = Handoff.objects.select_for_update().of_sides({actor.institution_id, *actor.oversees})
    row = theirs.filter(id=handoff_id, sent_at__isnull=False).first()
    if row is None:
        raise NotFound
    return row
