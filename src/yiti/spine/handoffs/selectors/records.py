"""One handoff, its chain and its talk, as the sides see them; and what is open for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import heard, joined, listed
from yiti.kernel.workflow import Side, Step
from yiti.registry.residents import public as residents
from yiti.spine.handoffs.domain import (
    TOLD,
    Action,
    Alert,
    HandoffKind,
    HandoffRow,
    HistoryRow,
    Logged,
    Look,
    MessageRow,
    Nature,
    permission_for,
    sides_of,
    undone,
)
from yiti.spine.handoffs.models import Handoff, HandoffMessage
from yiti.spine.handoffs.selectors.reading import detail, log_of, logs_of, readable, with_destinations


@access.selector
def available(actor: Actor, handoff_id: UUID) -> list[Action]:
    """The steps the actor may take now, in the order of the table; none for those on no side.

    At most one is primary. Raises NotFound.
    """
    row = detail(actor, handoff_id)
    theirs = sides_of(row, actor)
    steps = [step for step in row.kind.workflow.steps if row.state in step.sources]
    able = [step for step in steps if any(_may(actor, row, step, side) for side in step.by & theirs)]
    log = log_of(handoff_id) if any(step.undoes for step in able) else []
    return _actions(row.kind, [step for step in able if step.undoes is None or _can_be_undone(step, log)])


def _may(actor: Actor, row: HandoffRow, step: Step, side: Side) -> bool:
    return actor.can(permission_for(row, step.name, side))


def _can_be_undone(step: Step, log: Sequence[Logged]) -> bool:
    try:
        undone(step, log)
    except Conflict:
        return False
    return True


def _actions(kind: HandoffKind, steps: Sequence[Step]) -> list[Action]:
    faces = [(step, kind.steps[step.name]) for step in steps]
    primary = next((step.name for step, face in faces if face.primary), None)
    return [
        Action(
            step=step.name,
            label=face.label,
            primary=step.name == primary,
            consequence=face.consequence,
            needs=step.needs,
            url_name=face.url_name,
            as_page=face.as_page,
        )
        for step, face in faces
    ]


@access.selector
def history(actor: Actor, handoff_id: UUID) -> list[HistoryRow]:
    """The two-sided time line, newest first: each line stands on the side that did it. Raises NotFound."""
    row = detail(actor, handoff_id)
    log = log_of(handoff_id)
    was_told = any(event.nature is Nature.ALERT and event.remark for event in log)
    roles = {str(name): name for name in accounts.role_names().values()} if was_told else {}
    return [_line(row.kind, event, roles) for event in reversed(log)]


def _line(kind: HandoffKind, event: Logged, roles: Mapping[str, str]) -> HistoryRow:
    said = (_remark(kind, event, roles), event.comment, _who(event))
    return HistoryRow(
        seq=event.seq,
        side=event.side,
        at=event.at,
        title=kind.title(event.nature, event.step),
        text=joined(" · ", said),
        tone=_tone(kind, event),
    )


def _remark(kind: HandoffKind, event: Logged, roles: Mapping[str, str]) -> str:
    """The second line as a phrase: of an alert the roles it was reported to, else the room's own."""
    if event.nature is not Nature.ALERT:
        return kind.hear(event.remark)
    return heard(event.remark, [TOLD], lambda told: _roles(told, roles))


def _roles(told: str, roles: Mapping[str, str]) -> str:
    return listed([roles.get(each, each) for each in told.split("、")])


def _who(event: Logged) -> str:
    """Who did it; who urged may stand on no side, so the institution is said too."""
    if event.nature is Nature.URGED:
        return f"{event.institution_name} {event.user_name}"
    return "" if event.side is Side.SYSTEM else event.user_name


def _tone(kind: HandoffKind, event: Logged) -> Look:
    if event.nature is Nature.URGED:
        return Look.WAIT
    if event.nature is Nature.ALERT:
        return Look.WAIT if event.step == Alert.DUE_SOON else Look.LATE
    return Look.DRAFT if event.nature is Nature.NOTE else kind.states[event.to_state].look


@access.selector
def logs(actor: Actor, ids: Collection[UUID]) -> dict[UUID, list[Logged]]:
    """The events of several handoffs by id, oldest first; those the actor may not read are missing."""
    rows = readable(actor, Handoff.objects.filter(id__in=ids))
    return logs_of([row.id for row in rows])


@access.selector
def messages(actor: Actor, handoff_id: UUID) -> list[MessageRow]:
    """The talk between the sides, oldest first. Raises NotFound."""
    detail(actor, handoff_id)
    found = HandoffMessage.objects.filter(handoff_id=handoff_id).order_by("at", "id")
    columns = ("id", "side", "at", "user_name", "institution_name", "text", "user_id")
    return [
        MessageRow(id_, Side(side), at, name, place, text, is_mine=user_id == actor.user_id)
        for id_, side, at, name, place, text, user_id in found.values_list(*columns)
    ]


@access.selector
def chain(actor: Actor, chain_id: UUID) -> list[HandoffRow]:
    """The handoffs of one way up and down, oldest first, as far as the actor may see them."""
    found = Handoff.objects.filter(chain_id=chain_id).order_by("opened_at", "id")
    return readable(actor, found)


@access.selector
def open_for_person(actor: Actor, person_id: UUID) -> list[HandoffRow]:
    """What is open for a person and whose, under any of their ids, oldest first: shown before a new one
    is begun. Raises NotFound for a person nobody knows."""
    found = Handoff.objects.of_persons(residents.aliases(person_id)).open().order_by("opened_at", "id")
    return with_destinations(readable(actor, found))


@access.selector
def sent_about(
    actor: Actor,
    person_ids: Collection[UUID],
    *,
    kinds: Collection[str],
    since: datetime | None,
    before: datetime | None,
    limit: int,
) -> tuple[list[HandoffRow], int]:
    """Handoffs of these kinds about a person (all ids of one), newest first, and how many there are.

    Those sent from `since` on and before `before`, where these are given; at most `limit` rows.
    """
    found = Handoff.objects.of_persons(person_ids).filter(kind__in=kinds, sent_at__isnull=False)
    if since is not None:
        found = found.filter(sent_at__gte=since)
    if before is not None:
        found = found.filter(sent_at__lt=before)
    rows = readable(actor, found.order_by("-sent_at", "-id")[:limit])
    return with_destinations(rows), found.count()
