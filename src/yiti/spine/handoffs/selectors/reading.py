"""Rows of the tables as frozen rows, and who may read a handoff at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import NOBODY, Actor
from yiti.kernel.errors import NotFound
from yiti.kernel.workflow import Side
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs.domain import (
    Destination,
    HandoffRow,
    Logged,
    Nature,
    Urgency,
    history_faults,
    kind,
    work_list_faults,
)
from yiti.spine.handoffs.models import Handoff, HandoffEvent

_MADE = ("kind_code", "urgency", "destination")
_PLAIN = tuple(f.name for f in fields(HandoffRow) if f.name not in _MADE)
_CHECKED_AT_ONCE = 1000
_LOGGED = tuple(f.name for f in fields(Logged))


def as_row(found: Handoff) -> HandoffRow:
    """A handoff as other rooms see it."""
    columns = {name: getattr(found, name) for name in _PLAIN}
    columns["subject"] = terminology.as_term(found.subject, "icd10")
    columns["person_place"] = residents.as_place(found.person_place)
    return HandoffRow(kind_code=found.kind, urgency=Urgency(found.urgency), **columns)


def with_destinations(rows: Sequence[HandoffRow]) -> list[HandoffRow]:
    """The rows of a list with where the person goes, if not to the performer. One query a kind, and
    two more where there are any."""
    bound: dict[UUID, Destination] = {}
    for code in {row.kind_code for row in rows}:
        performers = {row.id: row.performer_institution_id for row in rows if row.kind_code == code}
        bound |= kind(code).bound_for(performers)
    return [replace(row, destination=bound[row.id]) if row.id in bound else row for row in rows]


def log_of(handoff_id: UUID) -> list[Logged]:
    """The events of a handoff the caller may read, oldest first."""
    return logs_of([handoff_id])[handoff_id]


def logs_of(ids: Collection[UUID]) -> dict[UUID, list[Logged]]:
    """The events of handoffs the caller may read, oldest first. One query."""
    found = HandoffEvent.objects.filter(handoff_id__in=ids).order_by("handoff_id", "seq")
    logs: dict[UUID, list[Logged]] = {handoff_id: [] for handoff_id in ids}
    for event in found.values("handoff_id", *_LOGGED):
        handoff_id = event.pop("handoff_id")
        typed = {"nature": Nature(event["nature"]), "side": Side(event["side"])}
        logs[handoff_id].append(Logged(**{**event, **typed}))
    return logs


def readable(actor: Actor, found: Iterable[Handoff]) -> list[HandoffRow]:
    """Those the actor's institution takes or took part in, and those of persons whose record is open to
    it. What an office merely oversees the database shows too, but only the work lists give it out."""
    rows = list(found)
    if actor.user_id == NOBODY:
        return [as_row(row) for row in rows]
    foreign = {row.id: row.person_id for row in rows if actor.institution_id not in row.parties}
    opened = residents.persons(actor, set(foreign.values())) if foreign else {}
    return [as_row(row) for row in rows if row.id not in foreign or row.person_id in opened]


@access.selector
def detail(actor: Actor, handoff_id: UUID) -> HandoffRow:
    """One handoff. Raises NotFound for a missing and a stranger's one alike."""
    rows = readable(actor, Handoff.objects.filter(id=handoff_id))
    if not rows:
        raise NotFound
    return rows[0]


@access.selector
def broken_histories(actor: Actor) -> dict[UUID, list[str]]:
    """Handoffs whose log is not a path of their table ending in their state, with every fault.

    For `yiti check`, run as the worker: all of them are read. Empty when all is whole (I8).
    """
    actor.require("system")
    faults: dict[UUID, list[str]] = {}
    for rows in _batches():
        logs = logs_of([row.id for row in rows])
        for row in rows:
            faults[row.id] = history_faults(
                kind(row.kind), logs[row.id], state=row.state, revision=row.revision
            )
    return {handoff_id: found_here for handoff_id, found_here in faults.items() if found_here}


def _batches() -> Iterator[tuple[Handoff, ...]]:
    found = Handoff.objects.order_by("id").iterator(chunk_size=_CHECKED_AT_ONCE)
    while rows := tuple(islice(found, _CHECKED_AT_ONCE)):
        yield rows


@access.selector
def misplaced(actor: Actor) -> dict[UUID, list[str]]:
    """Open handoffs that do not stand in exactly one work list of each side, with every fault.

    For `yiti check`, run as the worker. Empty when all is whole.
    """
    actor.require("system")
    open_ones = Handoff.objects.filter(closed_at__isnull=True).order_by("id")
    faults = {row.id: work_list_faults(as_row(row), row.waits_for) for row in open_ones}
    return {handoff_id: found_here for handoff_id, found_here in faults.items() if found_here}


@access.selector
def count_overdue(actor: Actor, at: datetime) -> int:
    """How many open handoffs of all institutions are past their limit, for the worker."""
    actor.require("system")
    return Handoff.objects.open().filter(due_at__lt=at).count()


@access.selector
def awaiting_clock(actor: Actor, at: datetime) -> list[UUID]:
    """Handoffs whose clock must be looked at by `at`, earliest first, for the worker."""
    actor.require("system")
    return list(Handoff.objects.awaiting_clock(at).values_list("id", flat=True))
