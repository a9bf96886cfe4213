"""What referrals do when lower rooms tell them something. Each bears a repeat."""

from __future__ import annotations

from typing import cast

from yiti.care.referrals.commands import follow_discharge, settle
from yiti.care.referrals.domain import KINDS
from yiti.kernel.actor import SYSTEM
from yiti.kernel.events import Event
from yiti.spine.episodes.public import PersonDischarged
from yiti.spine.handoffs.public import HandoffMoved


def on_handoff_moved(event: Event) -> None:
    """A referral came to its end, by whoever's hand or by the clock: what hung on it is let go."""
    moved = cast("HandoffMoved", event)
    if moved.handoff_kind in KINDS:
        settle(actor=SYSTEM, handoff_id=moved.handoff_id, at=moved.moved_at)


def on_person_discharged(event: Event) -> None:
    """A ward discharged somebody who had come by referral: the bed is free and the outcome goes back."""
    discharged = cast("PersonDischarged", event)
    follow_discharge(actor=SYSTEM, visit_id=discharged.visit_id, at=discharged.discharged_at)
