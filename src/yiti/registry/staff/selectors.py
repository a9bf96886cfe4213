"""Reads of staff. Directory facts (who works where) are open to every signed-in user; what the edge
asks about the person signing in takes ids, because there is no Actor yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import Actor
from yiti.registry.facilities import public as facilities
from yiti.registry.staff.domain import PostingRow, StaffRow, Title
from yiti.registry.staff.models import Posting, StaffMember


def _current(on: date) -> QuerySet[Posting]:
    """Postings in force on a day."""
    return Posting.objects.filter(valid_from__lte=on).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def _rows(found: QuerySet[Posting]) -> list[PostingRow]:
    postings = list(found.select_related("staff"))
    places = facilities.institutions({p.institution_id for p in postings})
    rooms = facilities.departments_by_id({p.department_id for p in postings if p.department_id})
    names = accounts.role_names()
    return [
        PostingRow(
            id=p.id,
            staff_id=p.staff_id,
            staff_name=p.staff.name,
            institution_id=p.institution_id,
            institution_name=places[p.institution_id].name,
            institution_level=places[p.institution_id].level,
            department_id=p.department_id,
            department_name=rooms[p.department_id].name if p.department_id else "",
            role=p.role_id,
            role_name=names[p.role_id],
            is_primary=p.is_primary,
        )
        for p in postings
    ]


def postings_of_user(user_id: UUID, on: date) -> list[PostingRow]:
    """The hats a user may wear on a day: the primary one first, then the oldest."""
    found = _current(on).filter(staff__user_id=user_id)
    return _rows(found.order_by("-is_primary", "valid_from", "id"))


@access.selector
def people_at(actor: Actor, institution_id: UUID, *, on: date, roles: Collection[str] = ()) -> list[PostingRow]:
    """Who works at an institution on a day, by staff code; with `roles`, only in these roles."""
    found = _current(on).filter(institution_id=institution_id)
    if roles:
        found = found.filter(role_id__in=roles)
    return _rows(found.order_by("staff__code", "id"))


@access.selector
def staff(actor: Actor, ids: Collection[UUID]) -> dict[UUID, StaffRow]:
    """People at work by id; unknown ids are left out."""
    return {
        s.id: StaffRow(s.id, s.user_id, s.code, s.name, Title(s.title), s.phone)
        for s in StaffMember.objects.filter(id__in=ids)
    }
