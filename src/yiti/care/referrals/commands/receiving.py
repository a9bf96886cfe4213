"""At home: the township receives, names who follows up, the first follow-up is done, the loop is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from yiti.care.referrals.commands.routing import PLACE, lead_chain, places
from yiti.care.referrals.commands.steps import down_of, note, take
from yiti.care.referrals.domain import Down, Follower, Target, Way, clean_target, remarks, way_between
from yiti.care.referrals.models import DownReferral
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

_FOLLOW_UPS = frozenset(
    {episodes.VisitKind.FOLLOW_UP, episodes.VisitKind.HOME, episodes.VisitKind.OUTPATIENT}
)


@access.command
def receive(
    *,
    actor: Actor,
    handoff_id: UUID,
    follower: Follower,
    revision: int,
    at: datetime,
    comment: str = "",
) -> handoffs.HandoffRow:
    """Take the person on and name who does the first follow-up; visits at both places join the episode.

    The follow-up is due at the end of the day the sender chose. Raises InvalidInput (field named) for
    somebody who does not work there, and what `handoffs.advance` raises.
    """
    down = down_of(handoff_id)
    moved = take(
        actor,
        handoff_id,
        "receive",
        revision=revision,
        at=at,
        due_at=_end_of(down, at),
        remark=_named(actor, follower),
        comment=comment,
        **_followed_by(follower),
    )
    if moved.repeated:
        return moved.handoff
    row = moved.handoff
    lead_chain(actor, row.episode_id, row.chain_id, _places(row), at=at)
    note(actor, "receive", row, at, follower=str(follower.staff_id))
    return row


def _end_of(down: DownReferral, at: datetime) -> datetime | None:
    """The end of the day of the first follow-up; None when it has passed: the rule's limit counts then."""
    end = datetime.combine(down.first_follow_up_date, time(23, 59), SHANGHAI)
    return end if end > at else None


def _named(actor: Actor, follower: Follower) -> str:
    found = staff.staff(actor, [follower.staff_id]).get(follower.staff_id)
    return remarks.follower(found.name if found else "")


def _followed_by(follower: Follower) -> dict[str, UUID]:
    return {"follower_institution_id": follower.institution_id, "follower_staff_id": follower.staff_id}


def _places(row: handoffs.HandoffRow) -> list[UUID]:
    """The institutions that care for the person now."""
    both = (row.performer_institution_id, row.follower_institution_id)
    return sorted({place for place in both if place is not None})


@access.command
def rename_follower(
    *, actor: Actor, handoff_id: UUID, follower: Follower, revision: int, at: datetime
) -> handoffs.HandoffRow:
    """Name somebody else for the first follow-up; its clock goes on. Raises as `receive`."""
    down_of(handoff_id)
    before = handoffs.detail(actor, handoff_id)
    moved = take(
        actor,
        handoff_id,
        "rename_follower",
        revision=revision,
        at=at,
        remark=_named(actor, follower),
        **_followed_by(follower),
    )
    if moved.repeated:
        return moved.handoff
    row = moved.handoff
    for place_id in set(_places(before)) - set(_places(row)):
        episodes.end_chain(actor, row.chain_id, institution_id=place_id, at=at)
    lead_chain(actor, row.episode_id, row.chain_id, _places(row), at=at)
    note(actor, "rename_follower", row, at, follower=str(follower.staff_id))
    return row


@access.command
def undo_receive(*, actor: Actor, handoff_id: UUID, revision: int, at: datetime) -> handoffs.HandoffRow:
    """Take the receipt back as long as nothing has followed. Raises what `handoffs.advance` raises."""
    down_of(handoff_id)
    moved = take(actor, handoff_id, "undo_receive", revision=revision, at=at)
    if not moved.repeated:
        _leave_chain(actor, moved.handoff, _places(moved.handoff), at)
        note(actor, "undo_receive", moved.handoff, at)
    return moved.handoff


def _leave_chain(actor: Actor, row: handoffs.HandoffRow, places_: Iterable[UUID], at: datetime) -> None:
    for place_id in places_:
        episodes.end_chain(actor, row.chain_id, institution_id=place_id, at=at)


@access.command
def redirect_down(
    *, actor: Actor, handoff_id: UUID, target: Target, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """Hand a down-referral on to where the person lives; whoever was proposed for the follow-up falls away.

    Raises InvalidInput (field named) for an unfit target, and what `handoffs.advance` raises.
    """
    down_of(handoff_id)
    row = handoffs.detail(actor, handoff_id)
    start, place = places(row.requester_institution_id, clean_target(target), local_date(at))
    way = way_between(start.level.rank, place.level.rank, leaves_county=place.is_external)
    if way is not Way.DOWN or place.id == row.performer_institution_id:
        raise InvalidInput(N_("请选另一个合适的下级机构"), field=PLACE)
    moved = take(
        actor,
        handoff_id,
        "redirect",
        revision=revision,
        at=at,
        performer_institution_id=place.id,
        performer_department_id=target.department_id,
        follower_institution_id=None,
        follower_staff_id=None,
        remark=remarks.redirected(place.short_name),
        comment=comment,
    )
    if not moved.repeated:
        note(actor, "redirect_down", moved.handoff, at, to=place.name)
    return moved.handoff


@access.command
def follow_up(
    *, actor: Actor, handoff_id: UUID, visit_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """The first follow-up is done: it is the visit `visit_id` of the person, written after the receipt by
    the follower's or the receiving institution.

    Raises InvalidInput (`visit_id`) for another visit, and what `handoffs.advance` raises.
    """
    down_of(handoff_id)
    before = handoffs.detail(actor, handoff_id)
    visit = episodes.visits(actor, [visit_id]).get(visit_id)
    if visit is None or not _is_the_follow_up(before, visit):
        raise InvalidInput(N_("请选接收以后对本人做的随访"), field="visit_id")
    moved = take(actor, handoff_id, "follow_up", revision=revision, at=at, visit_id=visit_id, comment=comment)
    if not moved.repeated:
        DownReferral.objects.filter(handoff_id=handoff_id).update(first_visit_id=visit_id)
        note(actor, "follow_up", moved.handoff, at, visit=str(visit_id))
    return moved.handoff


def _is_the_follow_up(row: handoffs.HandoffRow, visit: episodes.VisitRow) -> bool:
    since = row.state_since if row.state == Down.RECEIVED else row.opened_at
    return (
        visit.person_id in residents.aliases(row.person_id)
        and visit.institution_id in _places(row)
        and visit.kind in _FOLLOW_UPS
        and visit.started_at >= since
    )


@access.command
def close_down(
    *, actor: Actor, handoff_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """Close the loop: the way down ends, and the worker closes the way up it answers. Raises what
    `handoffs.advance` raises."""
    down_of(handoff_id)
    moved = take(actor, handoff_id, "close", revision=revision, at=at, comment=comment)
    if not moved.repeated:
        note(actor, "close_down", moved.handoff, at)
    return moved.handoff
