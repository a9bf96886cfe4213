"""Holding a bed and lying in it: participants, called inside the command that gives the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.errors import ExclusionViolation
from psycopg.types.range import TimestamptzRange

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.facilities.domain import UseKind
from yiti.registry.facilities.models import Bed, BedUse

BED_TAKEN = N_("这张床刚被占用，请另选一张")


@dataclass(frozen=True, slots=True)
class LoadedStay:
    """Somebody who lies in a bed already; `for_id` names the work, such as a visit."""

    bed_id: UUID
    for_id: UUID
    since: datetime


@access.command
def load_stays(*, actor: Actor, stays: Sequence[LoadedStay], for_kind: str, at: datetime) -> int:
    """Say at once who lies where when a county is brought in; gives their number.

    Raises Conflict when two have the same bed.
    """
    actor.require("facilities.manage")
    try:
        with transaction.atomic():
            BedUse.objects.bulk_create(
                BedUse(
                    bed_id=each.bed_id,
                    kind=UseKind.STAY,
                    period=TimestamptzRange(each.since, None),
                    for_kind=for_kind,
                    for_id=each.for_id,
                )
                for each in stays
            )
    except IntegrityError as error:
        raise Conflict(BED_TAKEN, field="bed_id") from error
    detail: audit.Detail = {"stays": len(stays)}
    audit.note(actor, "facilities.load_stays", kind="facilities.bed", record_id=None, at=at, detail=detail)
    return len(stays)


def hold_bed(
    actor: Actor, bed_id: UUID, *, for_kind: str, for_id: UUID, at: datetime, until: datetime
) -> None:
    """Keep a bed from `at` until `until` for one piece of work; an earlier hold of the same work moves here.

    Participant. Raises `Conflict` when somebody else has the bed in that time or the person already lies in
    one, `NotFound` when there is no such bed in service, `InvalidInput` when `until` is not after `at`.
    The caller's transaction stays usable, and an earlier hold stays where it was.
    """
    access.ensure_in_transaction()
    if until <= at:
        raise InvalidInput(N_("留床要有以后的截止时间"), field="until")
    _place(bed_id, UseKind.HOLD, for_kind=for_kind, for_id=for_id, at=at, until=until)


def occupy_bed(actor: Actor, bed_id: UUID, *, for_kind: str, for_id: UUID, at: datetime) -> None:
    """Put the person of this work into a bed: ends the hold, or the stay in another bed, of the same work.

    Participant. Raises `Conflict` when somebody else has the bed, `NotFound` when it is not in service.
    """
    access.ensure_in_transaction()
    _place(bed_id, UseKind.STAY, for_kind=for_kind, for_id=for_id, at=at, until=None)


def release_bed(actor: Actor, *, for_kind: str, for_id: UUID, at: datetime) -> bool:
    """End the hold of this work at that moment. False when it held nothing (any more). Participant."""
    access.ensure_in_transaction()
    return _end([UseKind.HOLD], for_kind=for_kind, for_id=for_id, at=at)


def vacate_bed(actor: Actor, *, for_kind: str, for_id: UUID, at: datetime) -> bool:
    """End the stay of this work at that moment. False when nobody lay anywhere. Participant."""
    access.ensure_in_transaction()
    return _end([UseKind.STAY], for_kind=for_kind, for_id=for_id, at=at)


def _place(
    bed_id: UUID, kind: UseKind, *, for_kind: str, for_id: UUID, at: datetime, until: datetime | None
) -> None:
    """Lock the bed, end what the work had before, take the bed.

    The lock makes rivals wait for each other in line, where two inserts racing for the exclusion
    constraint could deadlock; the constraint has the last word all the same.
    """
    found = Bed.objects.select_for_update(no_key=True).filter(id=bed_id, is_active=True).first()
    if found is None:
        raise NotFound(N_("没有找到这张床"), field="bed_id")
    replaced = [UseKind.HOLD] if kind is UseKind.HOLD else list(UseKind)
    try:
        with transaction.atomic():
            _end(replaced, for_kind=for_kind, for_id=for_id, at=at)
            BedUse.objects.create(
                bed=found,
                kind=kind,
                period=TimestamptzRange(at, until),
                for_kind=for_kind,
                for_id=for_id,
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        raise Conflict(BED_TAKEN, field="bed_id") from error


def _end(kinds: list[UseKind], *, for_kind: str, for_id: UUID, at: datetime) -> bool:
    uses = BedUse.objects.select_for_update().of(for_kind, for_id).filter(kind__in=kinds)
    running = [use for use in uses if use.period and (use.period.upper is None or use.period.upper > at)]
    for use in running:
        use.period = TimestamptzRange(use.period.lower, max(at, use.period.lower))
        use.save(update_fields=["period"])
    return bool(running)
