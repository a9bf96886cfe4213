"""Use cases of the desk: take work as mine, take a plain step, talk to the other side, read the bell."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.commands.addressing import RECORD
from yiti.spine.handoffs.commands.logging import insert_once, ring, who
from yiti.spine.handoffs.commands.moving import advance
from yiti.spine.handoffs.domain import (
    COMMENT,
    TAKE,
    Moved,
    acting_side,
    addressees,
    sides_of,
)
from yiti.spine.handoffs.domain.texts import LONGEST_COMMENT, clean_text
from yiti.spine.handoffs.models import BellMark, HandoffMessage
from yiti.spine.handoffs.selectors import detail


@access.command
def take(*, actor: Actor, handoff_id: UUID, revision: int, at: datetime) -> Moved:
    """Take a handoff as one's own work, for the side the actor stands on.

    Raises what `advance` raises, and Conflict for an account that belongs to nobody at work.
    """
    if actor.staff_id is None:
        raise Conflict(N_("这个账号没有岗位，不能认领"))
    side = acting_side(detail(actor, handoff_id), TAKE, actor)
    moved = advance(
        actor, handoff_id, TAKE, at=at, revision=revision, details={f"{side}_staff_id": actor.staff_id}
    )
    _note(actor, "handoffs.take", moved, at)
    return moved


@access.command
def take_step(
    *, actor: Actor, handoff_id: UUID, step: str, revision: int, comment: str, at: datetime
) -> Moved:
    """Take a step that brings nothing but perhaps a comment.

    Raises NotFound for a step that a room has a page of its own for (it does more than move the
    handoff), and what `advance` raises.
    """
    face = detail(actor, handoff_id).kind.steps.get(step)
    if face is None or face.url_name:
        raise NotFound
    moved = advance(actor, handoff_id, step, at=at, revision=revision, details={COMMENT: comment})
    _note(actor, "handoffs.take_step", moved, at, step=step)
    return moved


@access.command
def add_message(
    *, actor: Actor, handoff_id: UUID, text: str, at: datetime, message_id: UUID | None = None
) -> UUID:
    """Say something to the other side. The same `message_id` again adds nothing.

    Raises NotFound for those who stand on no side, InvalidInput for an empty or overlong text.
    """
    actor.require("handoffs.read")
    row = detail(actor, handoff_id)
    theirs = sides_of(row, actor)
    if not theirs:
        raise NotFound
    said = clean_text(text, longest=LONGEST_COMMENT, field="text")
    if not said:
        raise InvalidInput(N_("请写点内容再发送"), field="text")
    message = HandoffMessage(
        id=message_id or new_id(),
        handoff_id=row.id,
        side=next(side for side in Side if side in theirs),
        at=at,
        text=said,
        **who(actor),
    )
    if not insert_once(message):
        if HandoffMessage.objects.filter(id=message.id, handoff_id=row.id, user_id=actor.user_id).exists():
            return message.id
        raise Conflict
    ring(message, addressees(row, set(Side) - theirs))
    _note(actor, "handoffs.add_message", Moved(row), at)
    return message.id


@access.command
def read_bell(*, actor: Actor, at: datetime) -> None:
    """Remember that the user has read the bell up to now."""
    BellMark.objects.update_or_create(user_id=actor.user_id, defaults={"read_until": at})
    audit.note(actor, "handoffs.read_bell", kind="handoffs.bell", record_id=None, at=at)


def _note(actor: Actor, action: str, moved: Moved, at: datetime, *, step: str = "") -> None:
    """The audit row of a change; a repeat has changed nothing."""
    if not moved.repeated:
        row = moved.handoff
        audit.note(
            actor,
            action,
            kind=RECORD,
            record_id=row.id,
            person_id=row.person_id,
            at=at,
            detail={"step": step} if step else None,
        )
