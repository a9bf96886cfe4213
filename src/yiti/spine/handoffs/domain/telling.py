"""Who hears of what happened to a handoff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain.kinds import HandoffKind
from yiti.spine.handoffs.domain.rows import HandoffRow, Holder, Post, holders


@dataclass(frozen=True, slots=True)
class Addressee:
    """Those at an institution who should know: one person, or a department, or all; `permission` and
    `roles`, where given, narrow it to those who hold the permission or work in one of the roles."""

    institution_id: UUID
    department_id: UUID | None = None
    staff_id: UUID | None = None
    permission: str = ""
    roles: tuple[str, ...] = ()


def told_sides(
    kind: HandoffKind, step: str, state: str, acting: Side, *, before: str = ""
) -> frozenset[Side]:
    """The sides that hear of a step that led from `before` to `state`.

    Whoever's turn it is, and requester and performer, except the side that acted. Work handed on within
    one side is told to its new holder alone; work handed to another institution, to the new side too; and
    so is work that passes from the desk to the ward, whose turn it now is.
    """
    sets = kind.steps[step].sets if step in kind.steps else frozenset()
    moves_place = f"{acting}_institution_id" in sets
    found = kind.workflow.find(state, step)
    stays = found is not None and found.target == state
    if stays and not moves_place and any(name.startswith(f"{acting}_") for name in sets):
        return frozenset({acting})
    if state in kind.private:
        return frozenset({Side.REQUESTER}) - {acting}
    waiting = kind.waiting(state)
    turn = waiting.side if waiting else Side.FOLLOWER
    told = frozenset({Side.REQUESTER, Side.PERFORMER, turn})
    return told if moves_place or _reaches_ward(kind, before, state, acting) else told - {acting}


def _reaches_ward(kind: HandoffKind, before: str, state: str, acting: Side) -> bool:
    waiting = kind.waiting(state)
    leaves_desk = bool(before) and kind.states[before].at_desk and not kind.states[state].at_desk
    return leaves_desk and waiting is not None and waiting.side is acting


def addressees(row: HandoffRow, sides: Iterable[Side]) -> list[Addressee]:
    """Who to ring for the holders of these sides.

    Where no single person has it in hand, those are meant who may act for that side.
    """
    wanted = set(sides)
    return [_addressee(row, holder) for holder in holders(row) if holder.side in wanted]


def _addressee(row: HandoffRow, holder: Holder) -> Addressee:
    if holder.post is Post.PERSON:
        return Addressee(holder.institution_id, staff_id=holder.id)
    department = holder.id if holder.post is Post.DEPARTMENT else None
    permission = row.kind.permission_in(row.state, holder.side)
    return Addressee(holder.institution_id, department_id=department, permission=permission)


def heads_of_late_side(row: HandoffRow, roles: tuple[str, ...]) -> list[Addressee]:
    """Those roles at the institution whose turn it is; none when it is a place outside the system."""
    waiting = row.kind.waiting(row.state)
    late = next((h for h in holders(row) if waiting and h.side is waiting.side), None)
    return [Addressee(late.institution_id, roles=roles)] if late and roles else []
