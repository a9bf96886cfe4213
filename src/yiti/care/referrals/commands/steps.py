"""What every step of a referral does besides its own part: move the handoff, check what it is, leave a row
in the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.domain import KINDS
from yiti.care.referrals.models import CodedReason, DownReferral, UpReferral
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs

RECORD = "referrals.referral"
"""What audit rows call a referral; the id is the handoff's."""


def take(
    actor: Actor, handoff_id: UUID, step: str, *, revision: int, at: datetime, **details: Any
) -> handoffs.Moved:
    """Take a step of a referral. Raises what `handoffs.advance` raises, and NotFound for a handoff of
    another kind."""
    moved = handoffs.advance(actor, handoff_id, step, at=at, revision=revision, details=details)
    if moved.handoff.kind_code not in KINDS:
        raise NotFound
    return moved


def note(
    actor: Actor, action: str, row: handoffs.HandoffRow, at: datetime, **detail: str | int | bool | None
) -> None:
    """The audit row of a change."""
    audit.note(
        actor,
        f"referrals.{action}",
        kind=RECORD,
        record_id=row.id,
        person_id=row.person_id,
        at=at,
        detail={"number": row.number, **detail},
    )


def up_of(handoff_id: UUID) -> UpReferral:
    """The up-referral of a handoff the actor may see. Raises NotFound."""
    found = UpReferral.objects.filter(handoff_id=handoff_id).first()
    if found is None:
        raise NotFound
    return found


def down_of(handoff_id: UUID) -> DownReferral:
    """The down-referral of a handoff the actor may see. Raises NotFound."""
    found = DownReferral.objects.filter(handoff_id=handoff_id).first()
    if found is None:
        raise NotFound
    return found


def change_up(handoff_id: UUID, **columns: Any) -> None:
    """Change columns of an up-referral whose handoff this transaction has locked. Raises NotFound."""
    if not UpReferral.objects.filter(handoff_id=handoff_id).update(**columns):
        raise NotFound


def keep_reason(
    row: handoffs.HandoffRow, step: str, code: str, *, at: datetime, suggests: UUID | None = None
) -> None:
    """Keep the coded reason of the step just taken."""
    CodedReason.objects.create(
        handoff_id=row.id,
        seq=row.revision,
        step=step,
        code=code,
        given_at=at,
        suggested_institution_id=suggests,
    )


def reason_words(table: str, code: str) -> str:
    """The words of a reason that must be chosen from a list. Raises InvalidInput (`reason_code`)."""
    terminology.ensure_choice(table, code, field="reason_code")
    return terminology.label(table, code)
