"""What of the referrals is late or soon will be, and who has it in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.domain import KINDS
from yiti.care.referrals.selectors import parts
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.spine.handoffs import public as handoffs

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A referral that is late or soon will be, and who has it in hand. The person's name is masked for
    those who only oversee; `may_open`: its page is there for the actor; `urged_at`: not to be urged yet."""

    handoff: handoffs.HandoffRow
    clock: handoffs.ClockWords
    owner: str
    may_open: bool
    urged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first lines, latest first, and how many there are in all: late, due soon, open."""

    lines: tuple[WaitingLine, ...] = ()
    late: int = 0
    due_soon: int = 0
    open: int = 0


def waiting(actor: Actor, chosen: Collection[UUID], at: datetime) -> Waiting:
    """What of the referrals that touch these institutions is late or soon will be."""
    asked = handoffs.SentAsked(kinds=KINDS, institutions=chosen, pressed=True)
    query = web.TableQuery(handoffs.SentSort.DUE, descending=False, filters={}, page=1, size=_SHOWN)
    rows, total = handoffs.sent_rows(actor, asked, query, at=at)
    late = handoffs.count_sent(actor, replace(asked, overdue=True), at=at)
    everything = replace(asked, pressed=False, open=True)
    return Waiting(
        lines=_lines(actor, rows, at),
        late=late,
        due_soon=total - late,
        open=handoffs.count_sent(actor, everything, at=at),
    )


def may_open(actor: Actor, row: handoffs.HandoffRow) -> bool:
    """Whether the page of a referral is there for the actor: those who only oversee have none."""
    sides = {row.requester_institution_id, row.performer_institution_id, row.follower_institution_id}
    return actor.can("referrals.read") and actor.institution_id in sides


def _lines(actor: Actor, rows: Sequence[handoffs.WorkRow], at: datetime) -> tuple[WaitingLine, ...]:
    owners = _owners(actor, [row.handoff for row in rows])
    urged = handoffs.recent_urges(actor, list(owners), at)
    return tuple(
        WaitingLine(
            handoff=row.handoff,
            clock=row.clock,
            owner=owners[row.handoff.id],
            may_open=may_open(actor, row.handoff),
            urged_at=urged.get(row.handoff.id),
        )
        for row in rows
        if row.clock is not None
    )


def _owners(actor: Actor, rows: Sequence[handoffs.HandoffRow]) -> dict[UUID, str]:
    """Who has each referral in hand now: `县人民医院 李秀萍`. Three queries for any number."""
    held = {row.id: handoffs.turn_holder(row) for row in rows}
    names = parts.Directory(
        actor,
        places=[holder.institution_id for holder in held.values() if holder],
        rooms=[h.id for h in held.values() if h and h.post is handoffs.Post.DEPARTMENT],
        people=[h.id for h in held.values() if h and h.post is handoffs.Post.PERSON],
    )
    return {id_: names.holder(holder) if holder else "" for id_, holder in held.items()}
