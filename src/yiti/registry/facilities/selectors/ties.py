from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from yiti.registry.facilities.domain import (
    AllianceKind,
    AllianceRow,
    AllianceTie,
    ConsortiumRow,
    Level,
    MemberRole,
    MemberRow,
    Party,
    Tie,
    compute_tie,
)
from yiti.registry.facilities.models import (
    AllianceMembership,
    Consortium,
    ConsortiumMembership,
    Institution,
    valid_on,
)

_PLACE = {MemberRole.HEAD: 0, MemberRole.SPECIALISED_HEAD: 1, MemberRole.MEMBER: 2, MemberRole.BRANCH: 2}


def consortia() -> list[ConsortiumRow]:
    """The consortia of the county, by code."""
    rows = Consortium.objects.order_by("code").values_list("id", "code", "name")
    return [ConsortiumRow(*row) for row in rows]


def consortium_of(institution_id: UUID, on: date) -> ConsortiumRow | None:
    """The consortium an institution is in on that day, or None."""
    found = ConsortiumMembership.objects.filter(valid_on(on), institution_id=institution_id)
    row = found.values_list("consortium_id", "consortium__code", "consortium__name").first()
    return ConsortiumRow(*row) if row else None


def membership(institution_id: UUID, on: date) -> MemberRow | None:
    """An institution's place in its consortium on that day, or None."""
    found = _members(ConsortiumMembership.objects.filter(valid_on(on), institution_id=institution_id))
    return found[0] if found else None


def members(consortium_id: UUID, on: date) -> list[MemberRow]:
    """The members on that day: head, specialised heads, then the others by level and code."""
    found = _members(ConsortiumMembership.objects.filter(valid_on(on), consortium_id=consortium_id))
    return sorted(found, key=lambda row: (_PLACE[row.role], -row.level.rank))


def _members(found: QuerySet[ConsortiumMembership]) -> list[MemberRow]:
    rows = found.order_by("institution__code").values_list(
        "institution_id",
        "institution__name",
        "institution__level",
        "consortium_id",
        "role",
        "valid_from",
        "valid_until",
    )
    return [
        MemberRow(id_, name, Level(level), consortium, MemberRole(role), start, end)
        for id_, name, level, consortium, role, start, end in rows
    ]


def alliances_of(institution_id: UUID, on: date) -> list[AllianceRow]:
    """The alliances an institution is in on that day, by name."""
    found = AllianceMembership.objects.filter(valid_on(on), institution_id=institution_id)
    rows = found.order_by("alliance__name").values_list("alliance__name", "is_lead", "scopes", "valid_from")
    return [AllianceRow(name, is_lead, tuple(scopes), start) for name, is_lead, scopes, start in rows]


def tie(one_id: UUID, other_id: UUID, on: date) -> Tie:
    """The tie of `other_id` as `one_id` sees it on that day."""
    return ties(one_id, [other_id], on)[other_id]


def ties(one_id: UUID, other_ids: Collection[UUID], on: date) -> dict[UUID, Tie]:
    """The ties of several institutions as `one_id` sees them; four queries for any number."""
    places = {
        row[0]: (row[1], MemberRole(row[2]))
        for row in ConsortiumMembership.objects.filter(
            valid_on(on), institution_id__in={one_id, *other_ids}
        ).values_list("institution_id", "consortium_id", "role")
    }
    head_id = _head_of(places[one_id][0], on) if one_id in places else None
    wanted = {one_id, *other_ids, *({head_id} if head_id else ())}
    managers = dict(Institution.objects.filter(id__in=wanted).values_list("id", "managed_by_id"))
    alliances = _alliances(wanted, on)

    def party(id_: UUID) -> Party:
        consortium_id, role = places.get(id_, (None, None))
        return Party(
            institution_id=id_,
            managed_by_id=managers.get(id_),
            consortium_id=consortium_id,
            role=role,
            alliances=alliances[id_],
            head_alliances=alliances[head_id] if id_ == one_id and head_id else {},
        )

    one = party(one_id)
    return {id_: compute_tie(one, party(id_)) for id_ in other_ids}


def _head_of(consortium_id: UUID, on: date) -> UUID | None:
    found = ConsortiumMembership.objects.filter(
        valid_on(on), consortium_id=consortium_id, role=MemberRole.HEAD
    )
    head: UUID | None = found.values_list("institution_id", flat=True).first()
    return head


def _alliances(ids: Collection[UUID], on: date) -> Mapping[UUID, dict[UUID, AllianceTie]]:
    found: dict[UUID, dict[UUID, AllianceTie]] = defaultdict(dict)
    rows = AllianceMembership.objects.filter(valid_on(on), institution_id__in=ids)
    for id_, alliance, name, kind, is_lead in rows.order_by("alliance__code").values_list(
        "institution_id", "alliance_id", "alliance__name", "alliance__kind", "is_lead"
    ):
        found[id_][alliance] = AllianceTie(name, AllianceKind(kind), is_lead)
    return found
