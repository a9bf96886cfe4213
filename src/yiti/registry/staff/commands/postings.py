"""Ending a posting, and who does the work of somebody who is away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.staff.models import Posting, StaffMember, StandIn

LONGEST_ABSENCE = timedelta(days=180)


@access.command
def end_posting(
    *, actor: Actor, posting_id: UUID, last_day: date, successor_id: UUID | None = None, at: datetime
) -> None:
    """End a posting on a day; the person keeps the account and other postings. The work in hand goes to
    the successor after that day, without one back to the desk.

    Raises NotFound, Conflict when it has ended already, InvalidInput for a day before it began or a
    successor who does not work there.
    """
    actor.require("staff.manage")
    posting = Posting.objects.select_for_update().filter(pk=posting_id).first()
    if posting is None:
        raise NotFound
    if posting.valid_until is not None and posting.valid_until < local_date(at):
        raise Conflict(N_("这个岗位已经结束"))
    if last_day < posting.valid_from:
        raise InvalidInput(N_("结束日期早于开始日期"), field="last_day")
    if successor_id is not None:
        _ensure_there(successor_id, posting.staff_id, posting.institution_id, at, field="successor")
    posting.valid_until, posting.successor_id = last_day, successor_id
    posting.save(update_fields=["valid_until", "successor"])
    audit.note(
        actor,
        "staff.end_posting",
        kind="staff.posting",
        record_id=posting.id,
        at=at,
        detail={"last_day": last_day.isoformat(), "successor": str(successor_id or "")},
    )


@access.command
def appoint_stand_in(
    *, actor: Actor, staff_id: UUID, stand_in_id: UUID, first_day: date, last_day: date, at: datetime
) -> None:
    """Let a colleague do somebody's work from one day to another: one's own absence, or another's with
    `staff.manage`.

    Raises NotFound, InvalidInput (field named) for days that are over or in the wrong order, for more than
    `LONGEST_ABSENCE`, and for somebody who works at none of the same institutions.
    """
    member = _absent(actor, staff_id)
    _ensure_days(first_day, last_day, local_date(at))
    places = Posting.objects.filter(_in_force(first_day), staff=member).values("institution_id")
    colleagues = Posting.objects.filter(_in_force(first_day), staff_id=stand_in_id, institution_id__in=places)
    if stand_in_id == staff_id or not colleagues.exists():
        raise InvalidInput(N_("代班的人要在同一机构上班，请重新选"), field="stand_in")
    made = StandIn.objects.create(
        staff=member, stand_in_id=stand_in_id, valid_from=first_day, valid_until=last_day
    )
    _note(actor, "staff.appoint_stand_in", made, at)


@access.command
def end_stand_in(*, actor: Actor, staff_id: UUID, stand_in_id: UUID, at: datetime) -> None:
    """Take up one's work again, or call an absence off. Raises NotFound."""
    member = _absent(actor, staff_id)
    found = StandIn.objects.filter(pk=stand_in_id, staff=member).first()
    if found is None:
        raise NotFound
    _note(actor, "staff.end_stand_in", found, at)
    found.delete()


def _absent(actor: Actor, staff_id: UUID) -> StaffMember:
    """The one who is away, locked. Raises NotFound for a stranger without the permission."""
    if staff_id != actor.staff_id:
        actor.require("staff.manage")
    member = StaffMember.objects.select_for_update().filter(pk=staff_id).first()
    if member is None:
        raise NotFound
    return member


def _ensure_days(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise InvalidInput(N_("结束日期早于开始日期"), field="last_day")
    if last_day < today:
        raise InvalidInput(N_("这段日子已经过去了"), field="last_day")
    if last_day - first_day > LONGEST_ABSENCE:
        raise InvalidInput(N_("代班最长 180 天；更久请停用岗位、交接工作"), field="last_day")


def _ensure_there(staff_id: UUID, leaver_id: UUID, institution_id: UUID, at: datetime, *, field: str) -> None:
    there = Posting.objects.filter(
        _in_force(local_date(at)), staff_id=staff_id, institution_id=institution_id
    )
    if staff_id == leaver_id or not there.exists():
        raise InvalidInput(N_("接手的人要在同一机构上班，请重新选"), field=field)


def _in_force(on: date) -> Q:
    return Q(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)


def _note(actor: Actor, action: str, row: StandIn, at: datetime) -> None:
    detail: audit.Detail = {
        "stand_in": str(row.stand_in_id),
        "first_day": row.valid_from.isoformat(),
        "last_day": row.valid_until.isoformat(),
    }
    audit.note(actor, action, kind="staff.member", record_id=row.staff_id, at=at, detail=detail)
