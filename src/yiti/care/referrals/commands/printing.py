"""Printing a referral is an act of its own: who, when, which copy, the how-manieth."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.care.referrals.commands.steps import note
from yiti.care.referrals.domain import KINDS, PrintCopy
from yiti.care.referrals.models import DownReferral, PrintLog, UpReferral
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.spine.handoffs import public as handoffs


@access.command
def note_print(*, actor: Actor, handoff_id: UUID, copy: PrintCopy, at: datetime) -> int:
    """Note that the actor prints a copy; gives its number (第 n 次打印). Raises NotFound."""
    actor.require("referrals.read")
    row = handoffs.detail(actor, handoff_id)
    table = UpReferral if copy is PrintCopy.FORM else DownReferral
    if row.kind_code not in KINDS or not table.objects.select_for_update().filter(handoff_id=row.id):
        raise NotFound
    number = PrintLog.objects.filter(handoff_id=row.id, copy=copy).count() + 1
    PrintLog.objects.create(
        handoff_id=row.id,
        copy=copy,
        number=number,
        printed_at=at,
        user_id=actor.user_id,
        user_name=actor.name,
        institution_id=actor.institution_id,
        institution_name=actor.institution_name,
    )
    note(actor, "print", row, at, copy=copy.value, print=number)
    return number
