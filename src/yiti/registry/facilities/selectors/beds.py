from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from yiti.foundation.access import public as access
from yiti.foundation.rules import public as rules
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.facilities.domain import (
    BedFeature,
    BedRow,
    BedUseRow,
    BoardNote,
    BoardRow,
    DepartmentRow,
    NoteKind,
    UseKind,
)
from yiti.registry.facilities.models import Bed, BedBoardNote, BedUse, Department
from yiti.registry.facilities.selectors.institutions import bed_counts
from yiti.registry.facilities.selectors.rulebook import stale_after

_DEPARTMENT = ("id", "institution_id", "code", "name", "specialty", "phone", "is_active")
_ONLY_SERVING = ("30", "31", "32")  # of `specialty`: laboratory, pathology, imaging
_BED = (
    "id",
    "label",
    "features",
    "is_active",
    "department_id",
    "department__name",
    "department__institution_id",
)


def _bed_row(row: tuple[object, ...]) -> BedRow:
    id_, label, features, *rest = row
    return BedRow(id_, label, tuple(features), *rest)  # type: ignore[arg-type]


def departments(institution_id: UUID) -> list[DepartmentRow]:
    """The departments in service of an institution, in its own order."""
    found = Department.objects.filter(institution_id=institution_id, is_active=True).order_by(
        "position", "code"
    )
    return [DepartmentRow(*row) for row in found.values_list(*_DEPARTMENT)]


def department(department_id: UUID) -> DepartmentRow:
    """One department, in service or not. Raises `NotFound`."""
    row = Department.objects.filter(id=department_id).values_list(*_DEPARTMENT).first()
    if row is None:
        raise NotFound
    return DepartmentRow(*row)


def receiving_departments(institution_id: UUID) -> list[DepartmentRow]:
    """The departments in service that receive patients, in the hospital's order: those with beds or with a
    specialty that is no laboratory and no imaging; all where the institution names none of them."""
    beds = Bed.objects.filter(department=OuterRef("pk"), is_active=True)
    only_serving = reduce(or_, (Q(specialty__startswith=code) for code in _ONLY_SERVING))
    found = Department.objects.filter(institution_id=institution_id, is_active=True).filter(
        Exists(beds) | (~Q(specialty="") & ~only_serving)
    )
    rows = [DepartmentRow(*row) for row in found.order_by("position", "code").values_list(*_DEPARTMENT)]
    return rows or departments(institution_id)


@access.once
def departments_by_id(ids: Collection[UUID]) -> dict[UUID, DepartmentRow]:
    """Departments by id, in one query; ids nobody has are missing."""
    return {row[0]: DepartmentRow(*row) for row in _departments_of(ids)}


@access.kept
def _departments_of(ids: Collection[UUID]) -> QuerySet[Department, Any]:
    return Department.objects.filter(id__in=ids).values_list(*_DEPARTMENT)


def bed(bed_id: UUID) -> BedRow:
    """One bed, in service or not. Raises `NotFound`."""
    row = Bed.objects.filter(id=bed_id).values_list(*_BED).first()
    if row is None:
        raise NotFound
    return _bed_row(row)


def free_beds(institution_id: UUID, department_id: UUID | None, at: datetime) -> list[BedRow]:
    """Beds one can ask for at that moment, by department and label."""
    found = Bed.objects.free_at(at).filter(department__institution_id=institution_id)
    if department_id is not None:
        found = found.filter(department_id=department_id)
    return [
        _bed_row(row)
        for row in found.order_by("department__position", "department__code", "label").values_list(*_BED)
    ]


def count_free_beds(institution_ids: Collection[UUID], at: datetime) -> dict[UUID, int | None]:
    """Free beds by institution, None where it has no beds registered; two queries for any number."""
    beds, free = bed_counts(institution_ids, at)
    return {each: free.get(each, 0) if each in beds else None for each in institution_ids}


def bed_use(for_kind: str, for_id: UUID, at: datetime) -> BedUseRow | None:
    """The bed this work holds or lies in at that moment, or None."""
    use = BedUse.objects.of(for_kind, for_id).current(at).select_related("bed__department").first()
    if use is None:
        return None
    stands_in = use.bed.department
    place = BedRow(
        use.bed_id,
        use.bed.label,
        tuple(use.bed.features),
        use.bed.is_active,
        stands_in.id,
        stands_in.name,
        stands_in.institution_id,
    )
    return BedUseRow(
        use.id, place, UseKind(use.kind), use.period.lower, use.period.upper, use.for_kind, use.for_id
    )


def double_booked() -> dict[UUID, str]:
    """Beds that two have at one time, by id with ward and label; empty when the database kept its promise."""
    rivals = BedUse.objects.filter(bed=OuterRef("bed"), period__overlap=OuterRef("period")).exclude(
        id=OuterRef("id")
    )
    found = BedUse.objects.filter(Exists(rivals)).order_by("bed__department__name", "bed__label")
    rows = found.values_list("bed_id", "bed__department__name", "bed__label")
    return {bed_id: f"{ward} {label}" for bed_id, ward, label in rows}


def bed_board(institution_id: UUID, at: datetime) -> list[BoardRow]:
    """The wards of an institution with their beds at that moment, in the hospital's order.

    A ward without registered beds is left out, except of an institution outside, where one can only call.
    A line is stale when its last statement is older than rule `facilities.bed_board_stale_after`.
    """
    wards = Department.objects.filter(institution_id=institution_id, is_active=True).order_by(
        "position", "code"
    )
    lines = list(
        wards.values_list("id", "name", "phone", "institution__is_external", "institution__region__code")
    )
    ids = [line[0] for line in lines]
    counts, notes = ward_counts(ids, at), _latest_notes(ids, at)
    limit = stale_after(local_date(at), lines[0][4] if lines else rules.ANYWHERE)
    return [
        BoardRow(
            department_id=ward_id,
            department_name=name,
            department_phone=phone,
            institution_id=institution_id,
            **counts.get(ward_id, _NO_BEDS),
            note=(note := notes.get(ward_id)),
            is_stale=note is None or note.is_stale(at, limit),
        )
        for ward_id, name, phone, is_external, _ in lines
        if ward_id in counts or is_external
    ]


_NO_BEDS = {"beds": 0, "occupied": 0, "held": 0, "monitored_free": 0}


def ward_counts(department_ids: Collection[UUID], at: datetime) -> dict[UUID, dict[str, int]]:
    """Beds in service by ward: all, lain in, held, and free ones with a monitor."""
    use = BedUse.objects.current(at).filter(bed=OuterRef("pk")).values("kind")
    found = (
        Bed.objects.filter(department_id__in=department_ids, is_active=True)
        .annotate(use=Subquery(use[:1]))
        .values("department_id")
        .annotate(
            beds=Count("id"),
            occupied=Count("id", filter=Q(use=UseKind.STAY)),
            held=Count("id", filter=Q(use=UseKind.HOLD)),
            monitored_free=Count("id", filter=Q(use__isnull=True, features__contains=[BedFeature.MONITORED])),
        )
    )
    return {
        row["department_id"]: {
            "beds": row["beds"],
            "occupied": row["occupied"],
            "held": row["held"],
            "monitored_free": row["monitored_free"],
        }
        for row in found
    }


def _latest_notes(department_ids: Collection[UUID], at: datetime) -> dict[UUID, BoardNote]:
    """The last statement about each ward up to that moment."""
    found = (
        BedBoardNote.objects.filter(department_id__in=department_ids, stated_at__lte=at)
        .order_by("department_id", "-stated_at", "-id")
        .distinct("department_id")
    )
    return {
        note.department_id: BoardNote(
            NoteKind(note.kind), note.free_stated, note.stated_at, note.stated_by_name, note.spoke_with
        )
        for note in found
    }
