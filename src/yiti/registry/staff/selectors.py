"""Reads of staff. Directory facts (who works where) are open to every signed-in user; what the edge
asks about the person signing in takes ids, because there is no Actor yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.staff.domain import (
    LicenceKind,
    LicenceRow,
    ListedStaff,
    PostingRow,
    StaffProfile,
    StaffRow,
    StaffSort,
    StandInRow,
    TeamKind,
    TeamRow,
    Title,
)
from yiti.registry.staff.models import Licence, Posting, StaffMember, StandIn, TeamMember

_ORDER = {StaffSort.CODE: ("code",), StaffSort.NAME: ("initials", "code")}


def _on(on: date) -> Q:
    """In force on a day; the last day counts."""
    return Q(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)


def _current(on: date) -> QuerySet[Posting]:
    """Postings in force on a day."""
    return Posting.objects.filter(_on(on))


_POSTING = (
    "id", "staff_id", "staff__name", "institution_id", "department_id", "role_id", "is_primary", "valid_from",
    "valid_until",
)  # fmt: skip


def _rows(found: QuerySet[Posting]) -> list[PostingRow]:
    return _with_names(list(found.values_list(*_POSTING)))


def _with_names(postings: Sequence[tuple[Any, ...]]) -> list[PostingRow]:
    places = facilities.institutions({institution for _, _, _, institution, *_ in postings})
    rooms = facilities.departments_by_id({room for _, _, _, _, room, *_ in postings if room})
    names = accounts.role_names()
    return [
        PostingRow(
            id=id_,
            staff_id=staff_id,
            staff_name=name,
            institution_id=institution,
            institution_name=places[institution].name,
            institution_level=places[institution].level,
            department_id=room,
            department_name=rooms[room].name if room else "",
            role=role,
            role_name=names[role],
            is_primary=is_primary,
            valid_from=since,
            valid_until=until,
        )
        for id_, staff_id, name, institution, room, role, is_primary, since, until in postings
    ]


def postings_of_user(user_id: UUID, on: date) -> list[PostingRow]:
    """The hats a user may wear on a day: the primary one first, then the oldest."""
    return _with_names(_hats(user_id, on))


@access.kept
def _hats(user_id: UUID, on: date) -> QuerySet[Posting, Any]:
    found = _current(on).filter(staff__user_id=user_id)
    return found.order_by("-is_primary", "valid_from", "id").values_list(*_POSTING)


@access.selector
def people_at(
    actor: Actor, institution_id: UUID, *, on: date, roles: Collection[str] = ()
) -> list[PostingRow]:
    """Who works at an institution on a day, by staff code; with `roles`, only in these roles."""
    found = _current(on).filter(institution_id=institution_id)
    if roles:
        found = found.filter(role_id__in=roles)
    return _rows(found.order_by("staff__code", "id"))


@access.selector
def postings_in_roles(actor: Actor, roles: Collection[str], *, on: date) -> list[PostingRow]:
    """Everybody who works in one of these roles on a day, by staff code."""
    return _rows(_current(on).filter(role_id__in=roles).order_by("staff__code", "id"))


@access.selector
def staff(actor: Actor, ids: Collection[UUID]) -> dict[UUID, StaffRow]:
    """People at work by id; unknown ids are left out."""
    return {each.id: _row(each) for each in StaffMember.objects.filter(id__in=ids)}


def _row(found: StaffMember) -> StaffRow:
    return StaffRow(found.id, found.user_id, found.code, found.name, Title(found.title), found.phone)


@access.selector
def list_staff(actor: Actor, query: web.TableQuery[StaffSort], on: date) -> tuple[list[ListedStaff], int]:
    """A page of the people at work, and how many there are in all; seven queries at most.

    Filters: `q` (a part of the name, the beginning of the initials or of the staff code), `institution`
    (its code: people with a posting in force there on that day).
    """
    found = StaffMember.objects.all()
    if text := query.filters.get("q"):
        found = found.filter(
            Q(name__contains=text) | Q(initials__startswith=text.lower()) | Q(code__startswith=text.upper())
        )
    if code := query.filters.get("institution"):
        place = _place(code)
        here = (
            _current(on).filter(institution_id=place, staff=OuterRef("pk"))
            if place
            else Posting.objects.none()
        )
        found = found.filter(Exists(here))
    total = found.count()
    shown = query.within(total)
    order = _ORDER[query.sort]
    ordered = found.order_by(*(f"-{name}" for name in order) if query.descending else order)
    members = list(ordered[shown.offset : shown.offset + shown.size])
    postings = defaultdict(list)
    for posting in _rows(_current(on).filter(staff__in=members).order_by("-is_primary", "valid_from", "id")):
        postings[posting.staff_id].append(posting)
    return [
        ListedStaff(_row(m), next(iter(postings[m.id]), None), len(postings[m.id])) for m in members
    ], total


def _place(code: str) -> UUID | None:
    try:
        return facilities.institution_by_code(code).id
    except NotFound:
        return None


@access.selector
def profile(actor: Actor, staff_id: UUID, on: date) -> StaffProfile:
    """Everything about one person at work; teams are those of that day. Raises NotFound."""
    member = StaffMember.objects.filter(id=staff_id).first()
    if member is None:
        raise NotFound
    return StaffProfile(
        staff=_row(member),
        postings=tuple(_rows(Posting.objects.filter(staff=member).order_by("-valid_from", "id"))),
        licences=tuple(_licences(member)),
        teams=tuple(_teams(member, on)),
        stand_ins=tuple(_stand_ins(member, on)),
    )


def _licences(member: StaffMember) -> Iterator[LicenceRow]:
    columns = ("kind", "number", "specialty", "valid_from", "valid_until")
    for kind, *rest in Licence.objects.filter(staff=member).order_by("kind").values_list(*columns):
        yield LicenceRow(LicenceKind(kind), *rest)


def _stand_ins(member: StaffMember, on: date) -> Iterator[StandInRow]:
    found = StandIn.objects.filter(staff=member, valid_until__gte=on).select_related("stand_in")
    for each in found.order_by("valid_from", "id"):
        yield StandInRow(each.id, _row(each.stand_in), each.valid_from, each.valid_until)


def absent_colleagues(staff_id: UUID, institution_id: UUID, on: date) -> frozenset[UUID]:
    """Whose work is this person's on a day, of those who are posted to the institution. One query."""
    return frozenset(id_ for (id_,) in _absent(staff_id, institution_id, on))


@access.kept
def _absent(staff_id: UUID, institution_id: UUID, on: date) -> QuerySet[StandIn, Any]:
    posted = _current(on).filter(staff=OuterRef("staff"), institution_id=institution_id)
    return StandIn.objects.filter(_on(on), Exists(posted), stand_in_id=staff_id).values_list("staff_id")


@access.selector
def leavers(
    actor: Actor, holders: Collection[tuple[UUID, UUID]], on: date
) -> dict[tuple[UUID, UUID], UUID | None]:
    """Of people at institutions (staff id, institution id) those who do not work there on a day, with who
    takes their work over: the successor of the last posting there, if that one works there. Two queries."""
    places = {place for _person, place in holders}
    pairs = ("staff_id", "institution_id")
    there = set(_current(on).filter(institution_id__in=places).values_list(*pairs))
    gone = [pair for pair in holders if pair not in there]
    ended = Posting.objects.filter(staff_id__in={person for person, _place in gone}, successor__isnull=False)
    successors = {(p.staff_id, p.institution_id): p.successor_id for p in ended.order_by("valid_until")}
    heirs = {pair: successors.get(pair) for pair in gone}
    return {pair: heir if (heir, pair[1]) in there else None for pair, heir in heirs.items()}


def _teams(member: StaffMember, on: date) -> Iterator[TeamRow]:
    found = list(
        TeamMember.objects.filter(_on(on), staff=member, team__is_active=True)
        .select_related("team")
        .order_by("team__name")
    )
    places = facilities.institutions({each.team.institution_id for each in found})
    for each in found:
        team = each.team
        name = places[team.institution_id].name
        yield TeamRow(team.id, team.name, TeamKind(team.kind), name, each.is_leader)


@access.selector
def posting(actor: Actor, posting_id: UUID) -> PostingRow:
    """One posting. Raises NotFound."""
    found = _rows(Posting.objects.filter(id=posting_id))
    if not found:
        raise NotFound
    return found[0]
