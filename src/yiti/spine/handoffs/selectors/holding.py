"""`holders` of the domain as conditions on the table: whose turn it is, and in whose hands."""

from __future__ import annotations

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import all_kinds
from yiti.spine.handoffs.domain.lists import Desk
from yiti.spine.handoffs.models import Handoff

SIDES = (Side.REQUESTER, Side.PERFORMER, Side.FOLLOWER)
NOTHING = Q(pk__in=())


def turn_of(side: Side, institution_id: UUID) -> Q:
    """It is this institution's turn, on this side. What a performer outside the system does is entered
    by the requester."""
    own = Q(**{f"{side}_institution": institution_id})
    if side is Side.REQUESTER:
        outside = Q(waits_for=Side.PERFORMER, performer_institution__isnull=True)
        return own & (Q(waits_for=side) | outside)
    return own & Q(waits_for=side)


def held(actor: Actor, side: Side, desk: Desk) -> Q:
    """The actor's institution has this side, and inside it this desk holds it (see `holders`).

    Somebody posted to no department stands for all of them.
    """
    here = Q(**{f"{side}_institution": actor.institution_id})
    if side is not Side.REQUESTER:
        here &= Q(sent_at__isnull=False)
    if desk is Desk.MINE:
        return here & Q(**{f"{side}_staff__in": actor.hands}) if actor.hands else NOTHING
    free = here & Q(**{f"{side}_staff__isnull": True})
    if side is Side.FOLLOWER:
        return free if desk is Desk.UNCLAIMED else NOTHING
    in_department = Q(**{f"{side}_department__isnull": False})
    if side is Side.PERFORMER:
        in_department &= ~_answered_at_desk()
    if desk is Desk.UNCLAIMED:
        return free & ~in_department
    if actor.department_id is not None:
        in_department &= Q(**{f"{side}_department": actor.department_id})
    return free & in_department


def held_by(staff_id: UUID, institution_id: UUID) -> Q:
    """Somebody at an institution has it in hand, on whichever side."""
    found = [Q(**{f"{side}_staff": staff_id, f"{side}_institution": institution_id}) for side in SIDES]
    return reduce(or_, found)


def open_holders() -> set[tuple[UUID, UUID]]:
    """Everybody (staff id, institution id) who has open work in hand. One query."""
    columns = [(f"{side}_staff_id", f"{side}_institution_id") for side in SIDES]
    first, *rest = (
        Handoff.objects.open().filter(Q(**{f"{person}__isnull": False})).values_list(person, place)
        for person, place in columns
    )
    return set(first.union(*rest))


def _answered_at_desk() -> Q:
    wanted = NOTHING
    for kind in all_kinds():
        if kind.desk_states:
            wanted |= Q(kind=kind.code, state__in=kind.desk_states)
    return wanted


def at_desk(actor: Actor, desk: Desk) -> Q:
    """This desk of the actor's institution holds one of the sides."""
    return reduce(or_, (held(actor, side, desk) for side in SIDES))


def waits_for_me(actor: Actor) -> Q:
    """The actor can act now: it is the institution's turn on a side for which the actor holds the
    permission, and it is in the actor's hands, the department's, or nobody's in particular."""
    wanted = NOTHING
    for side in SIDES:
        if able := _able(actor, side):
            in_hand = reduce(or_, (held(actor, side, desk) for desk in Desk))
            wanted |= able & turn_of(side, actor.institution_id) & in_hand
    return wanted


def _able(actor: Actor, side: Side) -> Q | None:
    """The states in which the actor has the permission that this side needs when it is its turn."""
    found = [
        Q(kind=kind.code, state__in=states)
        for kind in all_kinds()
        if (states := sorted(s for s in kind.workflow.open_states if actor.can(kind.permission_in(s, side))))
    ]
    return reduce(or_, found) if found else None
