from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.facilities.domain import (
    EquipmentRow,
    InstitutionRow,
    InstitutionSort,
    InstitutionTab,
    Kind,
    Level,
    ListedInstitution,
    MemberRole,
    OperationRow,
    Tier,
)
from yiti.registry.facilities.models import (
    Bed,
    ConsortiumMembership,
    Department,
    Equipment,
    Institution,
    InstitutionOperation,
    valid_on,
)
from yiti.registry.facilities.models.institutions import InstitutionQuerySet
from yiti.registry.facilities.selectors.regions import regions
from yiti.registry.terminology import public as terminology

_FIRST_PLACE = [
    kind for kind in Kind if kind.facts.tier in (Tier.VILLAGE, Tier.TOWNSHIP, Tier.TOWNSHIP_CENTRAL)
]
BY_LEVEL = ("is_external", "level_rank", "kind_rank", "region__code", "code")
_ORDER: dict[InstitutionSort, tuple[str, ...]] = {
    InstitutionSort.LEVEL: BY_LEVEL,
    InstitutionSort.NAME: ("pinyin", "code"),
    InstitutionSort.KIND: ("kind_rank", "region__code", "code"),
    InstitutionSort.REGION: ("region__code", *BY_LEVEL),
}


def institution_rows(found: QuerySet[Institution]) -> list[InstitutionRow]:
    """The rows of a query, in its order."""
    return [_row(*each) for each in found.values_list(*_COLUMNS)]


_COLUMNS = (
    "kind", "level", "grade", "id", "code", "credit_code", "name", "short_name", "region_id", "region__code",
    "region__name", "managed_by_id", "phone", "profile", "latitude", "longitude", "is_external",
    "facts_checked", "opened_date", "closed_date",
)  # fmt: skip
_AS_THEY_ARE = tuple(name.replace("__", "_") for name in _COLUMNS[3:])


def _row(kind: str, level: str, grade: str, *rest: Any) -> InstitutionRow:
    return InstitutionRow(
        kind=Kind(kind),
        level=Level(level),
        grade=terminology.as_term(grade, "hospital-grade"),
        **dict(zip(_AS_THEY_ARE, rest, strict=True)),
    )


def institution(institution_id: UUID) -> InstitutionRow:
    """One institution. Raises `NotFound`."""
    found = institutions([institution_id])
    if not found:
        raise NotFound
    return found[institution_id]


def institution_by_code(code: str) -> InstitutionRow:
    """One institution by its code. Raises `NotFound`."""
    found = institution_rows(Institution.objects.filter(code=code))
    if not found:
        raise NotFound
    return found[0]


def institutions(ids: Collection[UUID]) -> dict[UUID, InstitutionRow]:
    """Institutions by id, by code, in one query; ids nobody has are missing."""
    return dict(sorted(_institutions(ids).items(), key=lambda found: found[1].code))


@access.once
def _institutions(ids: Collection[UUID]) -> dict[UUID, InstitutionRow]:
    return {row.id: row for row in (_row(*each) for each in _by_id(ids))}


@access.kept
def _by_id(ids: Collection[UUID]) -> QuerySet[Institution, Any]:
    return Institution.objects.filter(id__in=ids).values_list(*_COLUMNS)


def search_institutions(text: str, on: date, limit: int = 12) -> list[InstitutionRow]:
    """Open institutions whose name, code, pinyin or initials contain the text; higher levels first."""
    if not text.strip():
        return []
    return institution_rows(Institution.objects.open_on(on).matching(text).in_order(*BY_LEVEL)[:limit])


def managed_by(institution_id: UUID, on: date) -> list[InstitutionRow]:
    """The open institutions this one runs (镇村一体化)."""
    return institution_rows(
        Institution.objects.open_on(on).filter(managed_by_id=institution_id).in_order(*BY_LEVEL)
    )


def serving(village_id: UUID, on: date) -> list[InstitutionRow]:
    """The open institutions whose people live in a village, by code: its own clinic and the hospitals of
    its township, of kinds that treat in the first place, and whoever runs that clinic (镇村一体化). Three
    queries at most."""
    village = regions([village_id]).get(village_id)
    if village is None:
        return []
    open_ = Institution.objects.open_on(on)
    around = [village.id, *filter(None, [village.parent_id])]
    near = institution_rows(open_.filter(kind__in=_FIRST_PLACE, is_external=False, region_id__in=around))
    managers = {row.managed_by_id for row in near if row.region_id == village_id and row.managed_by_id}
    managers -= {row.id for row in near}
    others = institution_rows(open_.filter(id__in=managers)) if managers else []
    return sorted([*near, *others], key=lambda row: row.code)


def list_institutions(
    query: web.TableQuery[InstitutionSort], at: datetime
) -> tuple[list[ListedInstitution], int]:
    """A page of the institutions open at that moment, and how many there are in all.

    Filters: `q` (as in `search_institutions`), `tab` (`InstitutionTab`), `kind`.
    """
    found = _filtered(Institution.objects.open_on(local_date(at)), query)
    total = found.count()
    shown = query.within(total)
    order = _ORDER[query.sort]
    ordered = found.in_order(*(f"-{name}" for name in order) if query.descending else order)
    rows = institution_rows(ordered[shown.offset : shown.offset + shown.size])
    return _with_beds(rows, at), total


def institutions_with_wards(on: date) -> list[InstitutionRow]:
    """Open institutions that the bed board knows: with beds, or outside with departments to call."""
    wards = Department.objects.filter(institution=OuterRef("pk"), is_active=True)
    beds = Bed.objects.filter(department__institution=OuterRef("pk"), is_active=True)
    found = Institution.objects.open_on(on).filter(Exists(beds) | Q(Exists(wards), is_external=True))
    return institution_rows(found.in_order(*BY_LEVEL))


def count_by_tab(text: str, at: datetime) -> dict[InstitutionTab, int]:
    """How many open institutions match the text in each part of the list, in one query."""
    found = Institution.objects.open_on(local_date(at)).matching(text)
    counted = dict.fromkeys(InstitutionTab, 0)
    for level, is_external, number in found.values_list("level", "is_external").annotate(n=Count("id")):
        counted[InstitutionTab.of(Level(level), is_external=is_external)] += number
    return counted


def _filtered(found: InstitutionQuerySet, query: web.TableQuery[InstitutionSort]) -> InstitutionQuerySet:
    filters = query.filters
    if text := filters.get("q"):
        found = found.matching(text)
    if kind := filters.get("kind"):
        found = found.filter(kind=kind)
    if tab := filters.get("tab"):
        part = InstitutionTab(tab)
        found = found.filter(is_external=part is InstitutionTab.OUTSIDE, level__in=part.levels)
    return found


def _with_beds(rows: list[InstitutionRow], at: datetime) -> list[ListedInstitution]:
    ids = [row.id for row in rows]
    beds, free = bed_counts(ids, at)
    roles = {
        institution_id: MemberRole(role)
        for institution_id, role in ConsortiumMembership.objects.filter(
            valid_on(local_date(at)), institution_id__in=ids
        ).values_list("institution_id", "role")
    }
    return [
        ListedInstitution(row, roles.get(row.id), beds.get(row.id, 0), free.get(row.id, 0)) for row in rows
    ]


def bed_counts(ids: Collection[UUID], at: datetime) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Beds in service, and those free at that moment, by institution, in one query each."""
    in_service = Bed.objects.filter(
        department__institution_id__in=ids, is_active=True, department__is_active=True
    )
    return _per_institution(in_service), _per_institution(in_service.free_at(at))


def _per_institution(beds: QuerySet[Bed]) -> dict[UUID, int]:
    return dict(beds.values_list("department__institution_id").annotate(n=Count("id")).order_by())


def equipment_of(institution_id: UUID) -> list[EquipmentRow]:
    """What devices an institution has, by name."""
    found = Equipment.objects.filter(institution_id=institution_id, quantity__gt=0).order_by("name")
    return [EquipmentRow(*row) for row in found.values_list("name", "quantity", "note")]


def operations_of(institution_id: UUID, on: date) -> list[OperationRow]:
    """Operations the institution may do on that day, by code."""
    found = InstitutionOperation.objects.filter(valid_on(on), institution_id=institution_id).order_by("code")
    return [OperationRow(*row) for row in found.values_list("code", "name", "valid_from", "valid_until")]


def oversight(institution_id: UUID, on: date) -> frozenset[UUID]:
    """The institutions whose work lists and figures this one also sees, itself left out: those it runs;
    for the head of a consortium all members, and those the members run."""
    headed = ConsortiumMembership.objects.filter(
        valid_on(on), institution_id=institution_id, role=MemberRole.HEAD
    )
    members = ConsortiumMembership.objects.filter(
        valid_on(on), consortium_id__in=headed.values("consortium_id")
    )
    inside = members.values("institution_id")
    found = Institution.objects.filter(
        Q(id__in=inside) | Q(managed_by_id=institution_id) | Q(managed_by_id__in=inside)
    )
    return frozenset(found.exclude(id=institution_id).values_list("id", flat=True))
