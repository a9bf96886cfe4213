"""The engine: the one function that moves a handoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import NOBODY, Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.commands.addressing import (
    ensure_people,
    open_record,
    parties_of,
    readers_of,
    set_addresses,
)
from yiti.spine.handoffs.commands.logging import Entry, append, ring
from yiti.spine.handoffs.commands.timing import timers_for
from yiti.spine.handoffs.domain import (
    COMMENT,
    DUE,
    REMARK,
    Alert,
    Details,
    HandoffMoved,
    Logged,
    Moved,
    Nature,
    acting_side,
    addressees,
    addresses_in,
    digest,
    kind,
    next_state,
    resumed_at,
    stale,
    steps_since,
    told_sides,
    undone,
)
from yiti.spine.handoffs.domain.texts import LONGEST_COMMENT, LONGEST_REMARK, clean_text
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.selectors import as_row, log_of


def advance(
    actor: Actor,
    handoff_id: UUID,
    step: str,
    *,
    at: datetime,
    revision: int | None = None,
    details: Details | None = None,
) -> Moved:
    """Take a step of a handoff's table on behalf of the actor (participant).

    `revision` is the one the page showed. `details` are what the step needs, the holders it sets
    (`ADDRESSES`), `due_at` where the sides have agreed when the next wait ends, and the words `comment`
    (a person's) and `remark` (the room's).

    The same step with the same details by the same person at the same revision answers as the first
    time (`Moved.repeated`). Raises NotFound for a stranger or an unknown step, NotPermitted for the
    wrong side or a missing permission, StaleRevision (who has done what) when somebody else was
    faster, Conflict (with the present state) when the step does not lead out of it, InvalidInput
    (field named) for missing or wrong details.
    """
    access.ensure_in_transaction()
    row = locked(actor, handoff_id)
    wanted, log, now = details or {}, log_of(handoff_id), as_row(row)
    mark = digest(step, wanted)
    since = [] if revision is None else steps_since(log, revision)
    if since and (since[0].user_id, since[0].digest) == (actor.user_id, mark):
        return Moved(now, repeated=True)
    side = acting_side(now, step, actor)
    if since:
        raise stale(now.kind, since)
    target = next_state(now.kind, now.state, step, side, wanted)
    _move(actor, row, _Change(step, target, side, wanted, mark, log), at=at)
    return Moved(as_row(row))


@dataclass(frozen=True, slots=True)
class _Change:
    """A step that is allowed now, with what it brings."""

    step: str
    target: str
    side: Side
    details: Details
    digest: str
    log: list[Logged]

    def text(self, name: str, longest: int) -> str:
        """One of the words that came with it."""
        return clean_text(str(self.details.get(name) or ""), longest=longest, field=name)


def locked(actor: Actor, handoff_id: UUID) -> Handoff:
    """The handoff, locked until the end of the transaction. Raises NotFound for a stranger."""
    found = Handoff.objects.select_for_update()
    if actor.user_id != NOBODY:
        found = found.filter(parties__contains=[actor.institution_id])
    row = found.filter(id=handoff_id).first()
    if row is None:
        raise NotFound
    return row


def _move(actor: Actor, row: Handoff, change: _Change, *, at: datetime) -> None:
    """Decide everything, then write the event, the handoff, and what follows. Nothing else does."""
    found = kind(row.kind).workflow.find(row.state, change.step)
    assert found is not None  # next_state has found it
    taken_back, readers = undone(found, change.log), readers_of(row)
    entry = Entry(
        Nature.STEP,
        change.step,
        row.state,
        change.target,
        change.side,
        due_at=row.due_at,
        comment=change.text(COMMENT, LONGEST_COMMENT),
        remark=change.text(REMARK, LONGEST_REMARK),
        undoes=taken_back.seq if taken_back else None,
        digest=change.digest,
    )
    given = addresses_in(kind(row.kind), change.step, change.details)
    set_addresses(row, given)
    ensure_people(actor, row, given, on=local_date(at))
    if change.target != row.state:
        since = resumed_at(change.log, taken_back) if taken_back else at
        enter(row, change.target, at=at, since=since, agreed=change.details.get(DUE))
    row.parties = parties_of(row)
    event = append(actor, row, entry, at=at)
    row.save(force_update=True)
    open_record(actor, row, readers, at=at)
    announce(row, event)


def enter(row: Handoff, state: str, *, at: datetime, since: datetime, agreed: datetime | None = None) -> None:
    """Put a locked or new handoff into a state: whose turn it is, and the clock of the wait that began
    at `since` and is `agreed` to end, if it is. A step that leaves the state as it is does not come
    here, so the clock goes on.

    Raises InvalidInput where it would be the turn of a follower nobody has named, or the wait would end
    before it begins.
    """
    waiting = kind(row.kind).waiting(state)
    if agreed is not None and agreed <= since:
        raise InvalidInput(N_("这个时间已经过了，请往后填"), field=DUE)
    if waiting and waiting.side is Side.FOLLOWER and row.follower_institution_id is None:
        raise InvalidInput(N_("请先指定谁来随访"), field="follower_institution_id")
    row.state, row.state_since = state, since
    row.waits_for = waiting.side if waiting else ""
    row.closed_at = None if waiting else max(at, row.opened_at)  # clocks of two hosts may differ
    row.sent_at = None if state in kind(row.kind).private else row.sent_at or at
    timers = timers_for(row, state, since, agreed)
    row.alert = Alert.NONE
    row.soon_at, row.due_at, row.escalate_at = timers.soon_at, timers.due_at, timers.escalate_at
    row.clock_step, row.clock_at = timers.step, timers.step_at
    row.wake_at = timers.next_at(Alert.NONE)


def announce(row: Handoff, event: HandoffEvent) -> None:
    """Ring the bells and tell higher rooms."""
    now, side = as_row(row), Side(event.side)
    told = told_sides(now.kind, event.step, event.to_state, side, before=event.from_state)
    ring(event, addressees(now, told))
    outbox.record(
        HandoffMoved(
            handoff_id=row.id,
            handoff_kind=row.kind,
            person_id=row.person_id,
            seq=event.seq,
            step=event.step,
            side=event.side,
            from_state=event.from_state,
            to_state=event.to_state,
            moved_at=event.at,
        )
    )
