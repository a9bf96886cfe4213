"""Answering an up-referral: approve it, accept it with a bed, take that back, hand it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.commands.routing import PLACE, lead_chain, places
from yiti.care.referrals.commands.steps import change_up, note, take, up_of
from yiti.care.referrals.domain import BED_WORK, Reception, Target, Way, clean_target, remarks, way_between
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.places import referral_centre
from yiti.care.referrals.selectors.rulebook import BED_HOLD, VALIDITY, approval_for, runs_out
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotPermitted
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs


@access.command
def approve(
    *, actor: Actor, handoff_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """Agree that a referral goes out: it is then handed on to its target, or, where the target lies outside,
    stays with the referral centre. Raises NotPermitted unless the actor works in the role the rule names
    (decision 30), and what `handoffs.advance` raises."""
    up = up_of(handoff_id)
    ensure_approver(actor, up)
    place = facilities.institution(up.target_institution_id)
    moved = take(
        actor,
        handoff_id,
        "approve",
        revision=revision,
        at=at,
        comment=comment,
        **({} if place.is_external else _performed_by(place.id, up.target_department_id)),
    )
    if not moved.repeated:
        change_up(handoff_id, valid_until=validity_ends(moved.handoff, at))
        note(actor, "approve", moved.handoff, at, rule=up.approval_rule)
    return moved.handoff


def ensure_approver(actor: Actor, up: UpReferral) -> None:
    """Raise NotPermitted unless the actor works in the role that must agree to this referral."""
    if up.approver_role and actor.role != up.approver_role:
        raise NotPermitted("referrals.approve")


def validity_ends(row: handoffs.HandoffRow, at: datetime) -> datetime:
    """Until when a referral that waits for an answer since `at` is good (转诊时限)."""
    return runs_out(VALIDITY, at, urgency=row.urgency, region=region_of(row))


def region_of(row: handoffs.HandoffRow) -> str:
    """The region of whoever performs a referral: its time limits count."""
    assert row.performer_institution_id is not None  # this room never names a performer in words
    return facilities.institution(row.performer_institution_id).region_code


def _performed_by(institution_id: UUID, department_id: UUID | None) -> dict[str, Any]:
    return {"performer_institution_id": institution_id, "performer_department_id": department_id}


@access.command
def accept(
    *,
    actor: Actor,
    handoff_id: UUID,
    reception: Reception,
    revision: int,
    at: datetime,
    comment: str = "",
) -> handoffs.HandoffRow:
    """Accept a referral (WS/T 529 接诊) and hold a bed for the time rule `referral.bed_hold` gives; or name
    the department only, where no bed is needed. Visits here join the episode from now on.

    Raises what `handoffs.advance` raises, Conflict when somebody else was faster with the bed (the referral
    then waits as before), InvalidInput (field named) for a bed or department of another institution.
    """
    up = up_of(handoff_id)
    outside = facilities.institution(up.target_institution_id).is_external
    bed = _bed(actor, reception.bed_id, outside=outside)
    moved = take(
        actor,
        handoff_id,
        "accept",
        revision=revision,
        at=at,
        comment=comment,
        bed_id=reception.bed_id,
        remark=remarks.held(bed.label if bed else ""),
        **_desk(reception, bed),
    )
    if moved.repeated:
        return moved.handoff
    row = moved.handoff
    if bed is not None:
        hold(actor, row, bed.id, at=at, since=at)
    change_up(handoff_id, bed_label=bed.label if bed else "")
    if not outside:
        lead_chain(actor, row.episode_id, row.chain_id, [actor.institution_id], at=at)
    note(actor, "accept", row, at, bed=bed.label if bed else None)
    return row


def _bed(actor: Actor, bed_id: UUID | None, *, outside: bool) -> facilities.BedRow | None:
    if bed_id is None:
        return None
    bed = facilities.bed(bed_id)
    if outside or bed.institution_id != actor.institution_id:
        raise InvalidInput(N_("这张床不在接收方，请重新选"), field="bed_id")
    return bed


def _desk(reception: Reception, bed: facilities.BedRow | None) -> dict[str, Any]:
    """Who receives: the ward of the bed, else the department named; the person where one is named."""
    department_id = bed.department_id if bed else reception.department_id
    desk = {"performer_department_id": department_id, "performer_staff_id": reception.staff_id}
    return {name: value for name, value in desk.items() if value is not None}


def hold(actor: Actor, row: handoffs.HandoffRow, bed_id: UUID, *, at: datetime, since: datetime) -> None:
    """Hold a bed for a referral from `at`, for the rule's time counted from `since`."""
    until = runs_out(BED_HOLD, since, urgency=row.urgency, region=region_of(row))
    facilities.hold_bed(actor, bed_id, for_kind=BED_WORK, for_id=row.id, at=at, until=until)


def free_bed(actor: Actor, row: handoffs.HandoffRow, at: datetime) -> None:
    """Nobody comes (any more): the bed that was held is free."""
    facilities.release_bed(actor, for_kind=BED_WORK, for_id=row.id, at=at)


@access.command
def undo_accept(*, actor: Actor, handoff_id: UUID, revision: int, at: datetime) -> handoffs.HandoffRow:
    """Take an acceptance back as long as nothing has followed: the bed is free, the referral waits again
    and its clock goes on. Raises what `handoffs.advance` raises."""
    moved = take(actor, handoff_id, "undo_accept", revision=revision, at=at)
    if not moved.repeated:
        row = moved.handoff
        free_bed(actor, row, at)
        episodes.end_chain(actor, row.chain_id, institution_id=row.performer_institution_id, at=at)
        change_up(handoff_id, bed_label="")
        note(actor, "undo_accept", row, at)
    return moved.handoff


@access.command
def redirect_up(
    *, actor: Actor, handoff_id: UUID, target: Target, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """Hand a referral on to where it belongs; the sender's waiting time goes on.

    Raises Conflict where the rules ask for approval and the actor is not in the role that gives it,
    InvalidInput (field named) for an unfit target, and what `handoffs.advance` raises.
    """
    target = clean_target(target)
    up, row = up_of(handoff_id), handoffs.detail(actor, handoff_id)
    on = local_date(at)
    start, place = places(row.requester_institution_id, target, on)
    way = way_between(start.level.rank, place.level.rank, leaves_county=place.is_external)
    if way is Way.DOWN or _same_place(up, target):
        raise InvalidInput(N_("请选另一个合适的机构或科室"), field=PLACE)
    approval, rule = approval_for(start, place, way=way, urgency=row.urgency, on=on)
    if approval.required and actor.role != approval.approver:
        raise Conflict(N_("转到这里要由县转诊中心审批，请先改派给县转诊中心"))
    centre = referral_centre(start, on) if place.is_external else None
    moved = take(
        actor,
        handoff_id,
        "redirect",
        revision=revision,
        at=at,
        comment=comment,
        remark=remarks.redirected(place.short_name),
        **(
            _performed_by(centre.institution.id, centre.department_id)
            if centre
            else _performed_by(place.id, target.department_id)
        ),
    )
    if not moved.repeated:
        change_up(handoff_id, way=way, **target_columns(target))
        note(actor, "redirect_up", moved.handoff, at, to=place.name, rule=rule)
    return moved.handoff


def _same_place(up: UpReferral, target: Target) -> bool:
    before = (up.target_institution_id, up.target_department_id)
    return before == (target.institution_id, target.department_id)


def target_columns(target: Target) -> dict[str, Any]:
    """The columns that say where the person is to go."""
    return {
        "target_institution_id": target.institution_id,
        "target_department_id": target.department_id,
        "target_specialty": target.specialty,
        "target_department_text": target.department_text,
    }
