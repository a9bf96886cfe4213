"""Steps both kinds share: return for information, supply it, decline, cancel."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.commands.answering import ensure_approver, free_bed, validity_ends
from yiti.care.referrals.commands.steps import change_up, keep_reason, note, reason_words, take, up_of
from yiti.care.referrals.domain import (
    CASE_WORDS,
    UP_KIND,
    CaseText,
    Reason,
    Tables,
    Up,
    changed_parts,
    clean_case,
    remarks,
)
from yiti.care.referrals.models import UpAmendment
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs


@access.command
def return_for_information(
    *, actor: Actor, handoff_id: UUID, reason: Reason, revision: int, at: datetime
) -> handoffs.HandoffRow:
    """Ask the sender for what is missing, with a code of `return-reason` and, if need be, in words.

    Raises InvalidInput (`reason_code`), and what `handoffs.advance` raises.
    """
    words = reason_words(Tables.RETURN, reason.code)
    moved = take(
        actor,
        handoff_id,
        "return",
        revision=revision,
        at=at,
        reason_code=reason.code,
        remark=words,
        comment=reason.text,
    )
    if not moved.repeated:
        keep_reason(moved.handoff, "return", reason.code, at=at)
        _renew_validity(moved.handoff, at)
        note(actor, "return_for_information", moved.handoff, at, reason=reason.code)
    return moved.handoff


def _renew_validity(row: handoffs.HandoffRow, at: datetime) -> None:
    """The clock of 转诊时限 begins anew with a new wait; the paper says the same."""
    if row.kind_code == UP_KIND:
        change_up(row.id, valid_until=validity_ends(row, at))


@access.command
def supply_up(
    *,
    actor: Actor,
    handoff_id: UUID,
    comment: str,
    revision: int,
    at: datetime,
    case: CaseText | None = None,
) -> handoffs.HandoffRow:
    """Send an up-referral again with what was missing: in words, or by writing parts of the case anew;
    what stood there before is kept.

    Raises InvalidInput when nothing is supplied, and what `handoffs.advance` raises.
    """
    up = up_of(handoff_id)
    before = CaseText(**{name: getattr(up, name) for name in CASE_WORDS})
    after = before if case is None else clean_case(case)
    changed = changed_parts(before, after)
    rewritten = remarks.rewritten(CASE_WORDS[name] for name in changed)
    if not (comment.strip() or changed):
        raise InvalidInput(N_("请写补充了什么"), field="comment")
    moved = take(
        actor,
        handoff_id,
        "supply",
        revision=revision,
        at=at,
        comment=comment.strip() or rewritten,
        remark=rewritten if comment.strip() else "",
    )
    if moved.repeated:
        return moved.handoff
    _amend(actor, handoff_id, before, after, changed, at)
    _renew_validity(moved.handoff, at)
    note(actor, "supply_up", moved.handoff, at, changed=",".join(changed))
    return moved.handoff


def _amend(
    actor: Actor, handoff_id: UUID, before: CaseText, after: CaseText, changed: list[str], at: datetime
) -> None:
    UpAmendment.objects.bulk_create(
        UpAmendment(
            up_id=handoff_id,
            field=name,
            old=getattr(before, name),
            new=getattr(after, name),
            amended_at=at,
            amended_by=actor.user_id,
            amended_by_name=actor.name,
        )
        for name in changed
    )
    if changed:
        change_up(handoff_id, **asdict(after))


@access.command
def supply_down(
    *, actor: Actor, handoff_id: UUID, comment: str, revision: int, at: datetime
) -> handoffs.HandoffRow:
    """Send a down-referral again with what was missing, in words. Raises what `handoffs.advance` raises."""
    moved = take(actor, handoff_id, "supply", revision=revision, at=at, comment=comment.strip())
    if not moved.repeated:
        note(actor, "supply_down", moved.handoff, at)
    return moved.handoff


@access.command
def decline(
    *,
    actor: Actor,
    handoff_id: UUID,
    reason: Reason,
    revision: int,
    at: datetime,
    suggests: UUID | None = None,
) -> handoffs.HandoffRow:
    """Refuse a referral (WS/T 529 拒绝) with a code of `decline-reason`, and say where else to ask.

    Raises InvalidInput (field named), NotPermitted for a referral that waits for the approval of another
    role, and what `handoffs.advance` raises.
    """
    words = reason_words(Tables.DECLINE, reason.code)
    before = handoffs.detail(actor, handoff_id)
    if (before.kind_code, before.state) == (UP_KIND, Up.SUBMITTED):
        ensure_approver(actor, up_of(handoff_id))
    moved = take(
        actor,
        handoff_id,
        "decline",
        revision=revision,
        at=at,
        reason_code=reason.code,
        remark=_with_suggestion(words, suggests),
        comment=reason.text,
    )
    if not moved.repeated:
        keep_reason(moved.handoff, "decline", reason.code, at=at, suggests=suggests)
        note(actor, "decline", moved.handoff, at, reason=reason.code)
    return moved.handoff


def _with_suggestion(words: str, institution_id: UUID | None) -> str:
    if institution_id is None:
        return remarks.declined(words, "")
    place = facilities.institutions([institution_id]).get(institution_id)
    if place is None:
        raise InvalidInput(N_("没有这个机构，请重新选"), field="suggests")
    return remarks.declined(words, place.short_name)


@access.command
def cancel(
    *, actor: Actor, handoff_id: UUID, reason: Reason, revision: int, at: datetime
) -> handoffs.HandoffRow:
    """Take a referral back (WS/T 529 取消送转) with a code of `cancel-reason`; a held bed is free at once.

    With `wrong-person` what was written is not lost: `selectors.copy_of` gives it for the right person.
    Raises InvalidInput (`reason_code`), and what `handoffs.advance` raises.
    """
    words = reason_words(Tables.CANCEL, reason.code)
    moved = take(
        actor,
        handoff_id,
        "cancel",
        revision=revision,
        at=at,
        reason_code=reason.code,
        remark=words,
        comment=reason.text,
    )
    if not moved.repeated:
        if moved.handoff.kind_code == UP_KIND:
            free_bed(actor, moved.handoff, at)
        keep_reason(moved.handoff, "cancel", reason.code, at=at)
        note(actor, "cancel", moved.handoff, at, reason=reason.code)
    return moved.handoff
