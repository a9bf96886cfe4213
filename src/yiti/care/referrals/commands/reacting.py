"""What the worker does after a referral moved or a stay ended. Each bears a repeat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.care.referrals.commands.steps import change_up, note
from yiti.care.referrals.commands.treating import outcome_columns
from yiti.care.referrals.domain import BED_WORK, DOWN_KIND, UP_KIND, Down, OutcomeSpec, Up, remarks
from yiti.care.referrals.models import UpReferral
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

_NOBODY_COMES = frozenset({Up.DECLINED, Up.CANCELLED, Up.EXPIRED, Up.NO_SHOW, Up.DIED})
_WAY_HOME_ENDS = frozenset({Down.CLOSED, Down.DECLINED, Down.CANCELLED, Down.DIED})


@access.command
def settle(*, actor: Actor, handoff_id: UUID, at: datetime) -> None:
    """Tidy up behind a referral that has ended: visits no longer join by it, a bed still held is free
    (a death, an expiry), and with the way home the ways up of its chain are closed."""
    actor.require("system")
    row = handoffs.detail(actor, handoff_id)
    if row.kind_code == UP_KIND and row.state in _NOBODY_COMES:
        freed = facilities.release_bed(actor, for_kind=BED_WORK, for_id=row.id, at=at)
        episodes.end_chain(actor, row.chain_id, institution_id=row.performer_institution_id, at=at)
        if freed:
            note(actor, "settle", row, at, freed=True)
    elif row.kind_code == DOWN_KIND and row.state in _WAY_HOME_ENDS:
        for place_id in (row.performer_institution_id, row.follower_institution_id):
            if place_id is not None:
                episodes.end_chain(actor, row.chain_id, institution_id=place_id, at=at)
        if row.state == Down.CLOSED:
            _close_ways_up(actor, row, at)


def _close_ways_up(actor: Actor, down: handoffs.HandoffRow, at: datetime) -> None:
    """The closing village or township did not ask for the way up, so the system closes it."""
    for row in handoffs.chain(actor, down.chain_id):
        if row.kind_code == UP_KIND and row.state == Up.OUTCOME_SENT:
            handoffs.advance(actor, row.id, "close", at=at, details={"remark": down.number})
            note(actor, "close_up", row, at, because=down.number)


@access.command
def follow_discharge(*, actor: Actor, visit_id: UUID, at: datetime) -> None:
    """The ward has discharged a referred person: the bed is free, and where nobody has sent the outcome, it
    goes back as the ward wrote it (出院信息自动回传)."""
    actor.require("system")
    up = UpReferral.objects.filter(visit_id=visit_id).first()
    if up is None:
        return
    row = handoffs.detail(actor, up.handoff_id)
    found = episodes.visit_detail(actor, visit_id, at).discharge
    if row.state == Up.IN_CARE and found is not None:
        _send_back(actor, row, found, at)
    # The bed comes after the referral, as in every step: who locks them the other way round can deadlock.
    facilities.vacate_bed(actor, for_kind=BED_WORK, for_id=up.handoff_id, at=at)


def _send_back(actor: Actor, row: handoffs.HandoffRow, found: episodes.DischargeRow, at: datetime) -> None:
    """The outcome as the ward wrote it, back to the sender."""
    outcome = OutcomeSpec(found.outcome.value, found.summary, found.way.value)
    remark = remarks.came_of_it(found.outcome.zh, found.way.zh)
    details = {"outcome_code": outcome.outcome, "remark": remark}
    handoffs.advance(actor, row.id, "send_outcome", at=at, details=details)
    episodes.end_chain(actor, row.chain_id, institution_id=row.performer_institution_id, at=at)
    change_up(row.id, **outcome_columns(outcome, at))
    note(actor, "follow_discharge", row, at, outcome=outcome.outcome, way=outcome.way)
