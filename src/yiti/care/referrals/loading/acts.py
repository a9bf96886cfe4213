"""What may happen to a referral in a story: each act is a step of the table with what it leaves behind.

Pure but for the words of codes. Whose side takes the step and what it needs is checked by the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.domain import Follower, OutcomeSpec, Reason, Tables, Trip, remarks
from yiti.kernel.workflow import Side
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs.public import SYSTEM_HAND, Hand, LoadedStep

REQUESTER, PERFORMER, FOLLOWER, SYSTEM = Side.REQUESTER, Side.PERFORMER, Side.FOLLOWER, Side.SYSTEM


@dataclass(frozen=True, slots=True)
class Act:
    """A step of a story; `columns` are those of the referral's own row that it sets, `reason` its code."""

    taken: LoadedStep
    columns: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def _act(step: str, side: Side, at: datetime, by: Hand, **details: Any) -> Act:
    return Act(LoadedStep(step, side, at, by, details))


# --- the way up ---------------------------------------------------------------------------------
def approved(at: datetime, by: Hand) -> Act:
    """The referral centre agrees that the person leaves the county."""
    return _act("approve", PERFORMER, at, by)


def accepted(at: datetime, by: Hand, *, bed: str = "", department_id: UUID | None = None) -> Act:
    """Accepted, with the label of the bed that was held."""
    where = {"performer_department_id": department_id} if department_id else {}
    step = LoadedStep("accept", PERFORMER, at, by, {"remark": remarks.held(bed), **where})
    return Act(step, {"bed_label": bed})


def returned(at: datetime, by: Hand, reason: Reason) -> Act:
    """Sent back for what was missing."""
    return _with_reason("return", PERFORMER, at, by, reason, Tables.RETURN)


def supplied(at: datetime, by: Hand, comment: str) -> Act:
    """Sent again with what was missing, in words."""
    return _act("supply", REQUESTER, at, by, comment=comment)


def declined(at: datetime, by: Hand, reason: Reason) -> Act:
    """Refused, with a code of `decline-reason`."""
    return _with_reason("decline", PERFORMER, at, by, reason, Tables.DECLINE)


def cancelled(at: datetime, by: Hand, reason: Reason) -> Act:
    """Taken back, with a code of `cancel-reason`."""
    return _with_reason("cancel", REQUESTER, at, by, reason, Tables.CANCEL)


def _with_reason(step: str, side: Side, at: datetime, by: Hand, reason: Reason, table: Tables) -> Act:
    details = {
        "reason_code": reason.code,
        "remark": terminology.label(table, reason.code),
        "comment": reason.text,
    }
    return Act(LoadedStep(step, side, at, by, details), reason=reason.code)


def expired(at: datetime) -> Act:
    """Unanswered until its time was over."""
    return _act("expire", SYSTEM, at, SYSTEM_HAND)


def departed(at: datetime, by: Hand, trip: Trip) -> Act:
    """On the way; `trip.expected_at` is when the person should have come."""
    transport = terminology.label(Tables.TRANSPORT, trip.transport_code)
    details = {
        "transport_code": trip.transport_code,
        "due_at": trip.expected_at,
        "remark": remarks.travels(transport, trip.vehicle, trip.escort),
    }
    columns = {
        "transport_code": trip.transport_code,
        "departed_at": at,
        "expected_arrival_at": trip.expected_at,
        "vehicle": trip.vehicle,
        "escort": trip.escort,
        "escort_phone": trip.escort_phone,
    }
    return Act(LoadedStep("depart", REQUESTER, at, by, details), columns)


def arrived(at: datetime, by: Hand) -> Act:
    """The person has come."""
    return _act("arrive", PERFORMER, at, by)


def not_come(at: datetime, by: Hand) -> Act:
    """The person never came."""
    return _act("no_show", PERFORMER, at, by)


def admitted(at: datetime, by: Hand, *, ward: str, bed: str, bed_id: UUID, visit_id: UUID) -> Act:
    """Taken into a bed; the stay is a visit that is loaded already."""
    details = {"bed_id": bed_id, "remark": remarks.lies_in(ward, bed)}
    return Act(LoadedStep("admit", PERFORMER, at, by, details), {"bed_label": bed, "visit_id": visit_id})


def outcome_sent(at: datetime, by: Hand, outcome: OutcomeSpec) -> Act:
    """The outcome goes back to the sender."""
    words = (
        terminology.label(Tables.OUTCOME, outcome.outcome),
        terminology.label(Tables.WAY, outcome.way),
    )
    details = {"outcome_code": outcome.outcome, "remark": remarks.came_of_it(*words)}
    columns = {
        "outcome_code": outcome.outcome,
        "outcome_summary": outcome.summary,
        "discharge_way": outcome.way,
        "outcome_at": at,
    }
    return Act(LoadedStep("send_outcome", PERFORMER, at, by, details), columns)


# --- the way down ---------------------------------------------------------------------------------
def received(at: datetime, by: Hand, follower: Follower, name: str) -> Act:
    """Taken on, with who does the first follow-up."""
    details = {
        "follower_institution_id": follower.institution_id,
        "follower_staff_id": follower.staff_id,
        "remark": remarks.follower(name),
    }
    return Act(LoadedStep("receive", PERFORMER, at, by, details))


def followed_up(at: datetime, by: Hand, *, visit_id: UUID, side: Side = FOLLOWER) -> Act:
    """The first follow-up is done: a visit that is loaded already."""
    step = LoadedStep("follow_up", side, at, by, {"visit_id": visit_id})
    return Act(step, {"first_visit_id": visit_id})


# --- both ---------------------------------------------------------------------------------
def closed(at: datetime, by: Hand, side: Side) -> Act:
    """Closed by hand."""
    return _act("close", side, at, by)


def closed_by_system(at: datetime, *, because: str = "") -> Act:
    """A way up that is closed with the way down that answers it."""
    return _act("close", SYSTEM, at, SYSTEM_HAND, remark=because)


def died(at: datetime) -> Act:
    """Ended by the person's death."""
    return _act("die", SYSTEM, at, SYSTEM_HAND)
