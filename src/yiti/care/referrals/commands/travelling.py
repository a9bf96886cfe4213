"""Between acceptance and the ward: departure, arrival, the ways back, and those who never come."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yiti.care.referrals.commands.answering import free_bed, hold, region_of
from yiti.care.referrals.commands.steps import change_up, note, take, up_of
from yiti.care.referrals.domain import BED_WORK, Tables, Trip, clean_trip, remarks
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.rulebook import LONGEST_TRIP, no_show_from, runs_out
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local, local_date
from yiti.kernel.display import short_time
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs


@access.command
def depart(
    *, actor: Actor, handoff_id: UUID, trip: Trip, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """The person is on the way. Without an expected arrival the estimated way gives one; a hold that would
    end before it reaches further, so that nobody loses the bed on the road.

    Raises InvalidInput (field named), and what `handoffs.advance` raises.
    """
    up, row = up_of(handoff_id), handoffs.detail(actor, handoff_id)
    terminology.ensure_choice(Tables.TRANSPORT, trip.transport_code, field="transport_code")
    latest = runs_out(LONGEST_TRIP, at, urgency=row.urgency, region=region_of(row))
    trip = clean_trip(trip, at=at, latest=latest)
    expected_at = trip.expected_at or _estimated(up, at)
    transport = terminology.label(Tables.TRANSPORT, trip.transport_code)
    moved = take(
        actor,
        handoff_id,
        "depart",
        revision=revision,
        at=at,
        transport_code=trip.transport_code,
        due_at=expected_at,
        remark=remarks.travels(transport, trip.vehicle, trip.escort),
        comment=comment,
    )
    if moved.repeated:
        return moved.handoff
    change_up(
        handoff_id,
        transport_code=trip.transport_code,
        departed_at=at,
        expected_arrival_at=expected_at,
        vehicle=trip.vehicle,
        escort=trip.escort,
        escort_phone=trip.escort_phone,
    )
    _hold_on(actor, moved.handoff, expected_at or at, at)
    note(actor, "depart", moved.handoff, at, transport=trip.transport_code)
    return moved.handoff


def _estimated(up: UpReferral, at: datetime) -> datetime | None:
    """When the person should arrive, by the estimated way; for a second click what the first one got."""
    if up.departed_at is not None:
        return local(up.expected_arrival_at) if up.expected_arrival_at else None
    way = facilities.travel(up.from_institution_id, up.target_institution_id, local_date(at))
    return None if way.minutes is None else local(at) + timedelta(minutes=max(1, way.minutes))


def _hold_on(actor: Actor, row: handoffs.HandoffRow, since: datetime, at: datetime) -> None:
    """A bed that is still held stays held until the person should have come, if nobody else has it then."""
    use = facilities.bed_use(BED_WORK, row.id, at)
    if use is None or use.kind is not facilities.UseKind.HOLD or use.ends_at is None or use.ends_at > since:
        return
    try:
        hold(actor, row, use.bed.id, at=at, since=since)
    except Conflict:
        return  # somebody has the bed from then on: the hold ends as it was given


@access.command
def arrive(
    *, actor: Actor, handoff_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """The person has come, brought or by own means. Raises what `handoffs.advance` raises."""
    moved = take(actor, handoff_id, "arrive", revision=revision, at=at, comment=comment)
    if not moved.repeated:
        note(actor, "arrive", moved.handoff, at)
    return moved.handoff


@access.command
def undo_arrive(*, actor: Actor, handoff_id: UUID, revision: int, at: datetime) -> handoffs.HandoffRow:
    """Take an arrival back as long as nothing has followed: the referral stands again where it was, on
    the road or accepted, and that clock goes on. Raises what `handoffs.advance` raises."""
    up = up_of(handoff_id)
    if up.departed_at is None:
        moved = take(actor, handoff_id, "undo_walk_in", revision=revision, at=at)
    else:
        moved = take(
            actor, handoff_id, "undo_arrive", revision=revision, at=at, due_at=up.expected_arrival_at
        )
    if not moved.repeated:
        note(actor, "undo_arrive", moved.handoff, at)
    return moved.handoff


@access.command
def no_show(
    *, actor: Actor, handoff_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """The person has not come (IHE 360X no-show): the bed is free, the sender is told.

    Raises Conflict before rule `referral.no_show_after` has run out since the expected arrival (or, of
    somebody who never left, since acceptance), and what `handoffs.advance` raises.
    """
    up, row = up_of(handoff_id), handoffs.detail(actor, handoff_id)
    earliest = no_show_from(up.expected_arrival_at or row.state_since, region=region_of(row))
    if row.is_open and at < earliest:
        raise Conflict(N_("{time} 以后还没到，才能登记未到"), time=short_time(earliest, at))
    moved = take(actor, handoff_id, "no_show", revision=revision, at=at, comment=comment)
    if not moved.repeated:
        free_bed(actor, moved.handoff, at)
        note(actor, "no_show", moved.handoff, at)
    return moved.handoff
