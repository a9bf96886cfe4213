"""The clock of handoffs, run by the worker every minute: warn, mark overdue, report upwards, step in."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import local_date
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.commands.addressing import RECORD
from yiti.spine.handoffs.commands.logging import Entry, append, ring
from yiti.spine.handoffs.commands.moving import advance
from yiti.spine.handoffs.commands.timing import roles_told
from yiti.spine.handoffs.domain import (
    TOLD,
    Alert,
    HandoffEscalated,
    HandoffOverdue,
    Nature,
    Timers,
    addressees,
    heads_of_late_side,
)
from yiti.spine.handoffs.models import Handoff
from yiti.spine.handoffs.selectors import as_row, awaiting_clock

log = logging.getLogger(__name__)

BATCH = 50
"""Handoffs in one transaction: small, so that nobody at a desk waits for the worker's locks."""


def run_clock(at: datetime) -> int:
    """Do what is due by `at`, earliest first; how many handoffs were looked at.

    Every batch is a transaction of its own. A second worker at the same time takes other rows; run
    again at the same moment it finds nothing. A handoff that fails is logged and tried next time.
    """
    waiting = awaiting_clock(SYSTEM, at)
    done = 0
    for start in range(0, len(waiting), BATCH):
        done += strike(actor=SYSTEM, handoff_ids=waiting[start : start + BATCH], at=at)
    return done


@access.command
def strike(*, actor: Actor, handoff_ids: Collection[UUID], at: datetime) -> int:
    """Let the clock strike for these handoffs, as far as it is still due and nobody holds them."""
    actor.require("system")
    due = Handoff.objects.awaiting_clock(at).filter(id__in=handoff_ids)
    rows = list(due.select_for_update(skip_locked=True))
    for row in rows:
        try:
            with transaction.atomic():
                _strike_one(actor, row, at)
        except Exception:
            log.exception("the clock of a handoff failed", extra={"handoff": row.id})
    return len(rows)


def _strike_one(actor: Actor, row: Handoff, at: datetime) -> None:
    timers = Timers(row.soon_at, row.due_at, row.escalate_at, row.clock_step, row.clock_at)
    if timers.step_at is not None and timers.step_at <= at:
        advance(actor, row.id, timers.step, at=at)
        done = timers.step
    else:
        reached = timers.passed(Alert(row.alert), at)
        for alert in reached:
            _raise_alert(actor, row, alert, timers.next_at(alert), at=at)
        done = ", ".join(reached)
    audit.note(
        actor,
        "handoffs.run_clock",
        kind=RECORD,
        record_id=row.id,
        person_id=row.person_id,
        at=at,
        detail={"done": done},
    )


def _raise_alert(actor: Actor, row: Handoff, alert: Alert, wake_at: datetime | None, *, at: datetime) -> None:
    roles = () if alert is Alert.DUE_SOON else roles_told(row, alert, local_date(at))
    told = _told_words(roles)
    entry = Entry(Nature.ALERT, alert, row.state, row.state, Side.SYSTEM, due_at=row.due_at, remark=told)
    event = append(actor, row, entry, at=at)
    row.alert, row.wake_at = alert, wake_at
    row.save(force_update=True)
    now = as_row(row)
    late = Side(row.waits_for)
    sides = {late} if alert is Alert.DUE_SOON else {late, Side.REQUESTER}
    ring(event, [*addressees(now, sides), *heads_of_late_side(now, roles)], alert=alert)
    if alert is not Alert.DUE_SOON:
        assert row.due_at is not None  # only a wait with a limit has these levels
        happened = HandoffOverdue if alert is Alert.OVERDUE else HandoffEscalated
        outbox.record(happened(row.id, row.kind, row.state, row.due_at))


def _told_words(roles: tuple[str, ...]) -> str:
    names = accounts.role_names() if roles else {}
    told = "、".join(names.get(role, role) for role in roles)
    return TOLD.format(roles=told) if told else ""
