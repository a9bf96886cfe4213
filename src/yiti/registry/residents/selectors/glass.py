"""Emergency openings: the auditor's list, and what the bell says of them.

Row security decides which are seen: the auditor sees all of them, an institution those of people whose
record is open to it, and everybody their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain.glass import (
    MOST_COUNTED,
    STANDING,
    WAITING,
    GlassAsked,
    GlassNews,
    GlassNotice,
    GlassRow,
    GlassSort,
    Verdict,
)
from yiti.registry.residents.models import BreakGlass, Card, GlassMark, RecordAccess
from yiti.registry.residents.selectors.identity import identities

Tell = Callable[[Mapping[str, Any], str, datetime | None], dict[str, Any]]
EVERY_GLASS = GlassAsked()
_SHOWN = 20
_ORDERS = {
    GlassSort.AT: ("opened_at",),
    GlassSort.USER: ("opened_by_name", "opened_at"),
    GlassSort.INSTITUTION: ("institution__name", "opened_at"),
    GlassSort.STATE: ("review__verdict", "opened_at"),
}
_COLUMNS = {
    "id": "id",
    "person_id": "person_id",
    "masked_name": "person__masked_name",
    "institution_id": "institution_id",
    "user_id": "opened_by",
    "user_name": "opened_by_name",
    "reason": "reason_text",
    "opened_at": "opened_at",
    "until": "valid_until",
    "verdict": "review__verdict",
    "note": "review__note",
    "reviewed_at": "review__reviewed_at",
    "reviewed_by_name": "review__reviewed_by_name",
}


@access.selector
def glasses(
    actor: Actor,
    asked: GlassAsked = EVERY_GLASS,
    *,
    sort: GlassSort = GlassSort.AT,
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> list[GlassRow]:
    """Emergency openings for the auditor (permission `audit.read`), newest first unless asked otherwise.

    Five queries at most.
    """
    way = "-" if descending else ""
    order = [f"{way}{column}" for column in (*_ORDERS[sort], "id")]
    return _rows(actor, _asked(actor, asked).order_by(*order)[offset : offset + limit])


@access.selector
def count_glasses(actor: Actor, asked: GlassAsked = EVERY_GLASS) -> int:
    """How many rows `glasses` has."""
    return _asked(actor, asked).count()


@access.selector
@access.counted
def count_unreviewed(actor: Actor) -> QuerySet[BreakGlass, Any]:
    """How many emergency openings nobody has reviewed, at most `MOST_COUNTED`."""
    return _asked(actor, GlassAsked(state=WAITING)).values("pk")[:MOST_COUNTED]


@access.selector
def glass(actor: Actor, glass_id: UUID) -> GlassRow:
    """One emergency opening, for the auditor. Raises NotFound."""
    found = _rows(actor, _asked(actor, EVERY_GLASS).filter(pk=glass_id))
    if not found:
        raise NotFound
    return found[0]


@access.selector
def glass_places(actor: Actor) -> list[tuple[UUID, str]]:
    """The institutions that have opened records in an emergency, by name."""
    ids = _asked(actor, EVERY_GLASS).order_by().values_list("institution_id", flat=True).distinct()
    places = facilities.institutions(set(ids))
    return sorted(((id_, place.name) for id_, place in places.items()), key=lambda each: each[1])


def _asked(actor: Actor, asked: GlassAsked) -> QuerySet[BreakGlass]:
    actor.require("audit.read")
    rows = BreakGlass.objects.all()
    if asked.state:
        state = Q(review__isnull=True) if asked.state == WAITING else Q(review__verdict=asked.state)
        rows = rows.filter(state)
    if asked.institution_id:
        rows = rows.filter(institution_id=asked.institution_id)
    if asked.since:
        rows = rows.filter(opened_at__gte=asked.since)
    if asked.until:
        rows = rows.filter(opened_at__lt=asked.until)
    if asked.text:
        named = Q(opened_by_name__contains=asked.text) | Q(reason_text__contains=asked.text)
        rows = rows.filter(named | Q(person_id__in=asked.people))
    return rows


def _rows(actor: Actor, found: QuerySet[BreakGlass]) -> list[GlassRow]:
    values = [dict(zip(_COLUMNS, row, strict=True)) for row in found.values_list(*_COLUMNS.values())]
    places = facilities.institutions({row["institution_id"] for row in values})
    looks = audit.count_looks_within(actor, _spans(values))
    return [
        GlassRow(
            **row | {"verdict": Verdict(row["verdict"]) if row["verdict"] else None} | _review(row),
            institution_name=places[row["institution_id"]].name,
            looks=looks[row["id"]],
        )
        for row in values
    ]


def _review(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"note": row["note"] or "", "reviewed_by_name": row["reviewed_by_name"] or ""}


def _spans(values: Iterable[Mapping[str, Any]]) -> dict[UUID, audit.Span]:
    """The time in which each opening could be looked with, over all ids of its person."""
    rows = list(values)
    members = identities({row["person_id"] for row in rows})
    return {
        row["id"]: audit.Span(
            people=members.members[members.canonical[row["person_id"]]],
            institution_id=row["institution_id"],
            since=row["opened_at"],
            until=row["until"],
        )
        for row in rows
    }


@access.selector
def glass_looks(actor: Actor, row: GlassRow, *, limit: int, offset: int = 0) -> list[audit.LookRow]:
    """The looks that were made with an emergency opening, newest first (permission `audit.read`)."""
    span = _spans([{"id": row.id, **_span_of(row)}])[row.id]
    return audit.looks_within(actor, span, limit=limit, offset=offset)


def _span_of(row: GlassRow) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "institution_id": row.institution_id,
        "opened_at": row.opened_at,
        "until": row.until,
    }


# --- the bell -------------------------------------------------------------------------------------
@access.selector
def glass_news(actor: Actor) -> GlassNews:
    """What the actor should know of emergency openings, newest first. Seven queries at most."""
    mark = _read_until(actor)
    opened = _of_ours(actor).order_by("-opened_at").values_list(*_NEWS)[:_SHOWN]
    judged = _own(actor).order_by("-review__reviewed_at").values_list(*_NEWS)[:_SHOWN]
    rows = [*_told(opened, _opening_told, mark), *_told(judged, _review_told, mark)]
    latest = sorted(rows, key=lambda row: row.at, reverse=True)[:_SHOWN]
    return GlassNews(tuple(latest), count_glass_news(actor))


@access.selector
@access.counted
def count_glass_news(actor: Actor) -> QuerySet[BreakGlass, Any]:
    """How much of `glass_news` is new, at most `MOST_COUNTED`. One query."""
    read = GlassMark.objects.filter(user_id=actor.user_id)
    opened = _of_ours(actor).exclude(Exists(read.filter(read_until__gte=OuterRef("opened_at"))))
    judged = _own(actor).exclude(Exists(read.filter(read_until__gte=OuterRef("review__reviewed_at"))))
    return opened.values("pk").union(judged.values("pk"), all=True)[:MOST_COUNTED]


def _read_until(actor: Actor) -> datetime | None:
    return GlassMark.objects.filter(user_id=actor.user_id).values_list("read_until", flat=True).first()


def _of_ours(actor: Actor) -> QuerySet[BreakGlass]:
    """Openings elsewhere of people whom the actor's institution looked after at that moment."""
    ours = RecordAccess.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("opened_at")),
        person_id=OuterRef("person_id"),
        institution_id=actor.institution_id,
        reason__in=STANDING,
        valid_from__lte=OuterRef("opened_at"),
    )
    return BreakGlass.objects.exclude(institution_id=actor.institution_id).filter(Exists(ours))


def _own(actor: Actor) -> QuerySet[BreakGlass]:
    """Openings by the actor that have been reviewed."""
    return BreakGlass.objects.filter(opened_by=actor.user_id, review__isnull=False)


_NEWS = (
    "person_id",
    "institution_id",
    "opened_by_name",
    "opened_at",
    "valid_until",
    "reason_text",
    "review__reviewed_by_name",
    "review__reviewed_at",
    "review__note",
    "review__verdict",
)


def _told(found: Iterable[Any], tell: Tell, mark: datetime | None) -> list[GlassNotice]:
    rows = [dict(zip(_NEWS, row, strict=True)) for row in found]
    cards = Card.objects.filter(pk__in={row["person_id"] for row in rows})
    names = dict(cards.values_list("id", "masked_name"))
    places = facilities.institutions({row["institution_id"] for row in rows})
    return [
        GlassNotice(
            person_id=row["person_id"],
            masked_name=names[row["person_id"]],
            until=row["valid_until"],
            **tell(row, places[row["institution_id"]].name, mark),
        )
        for row in rows
    ]


def _opening_told(row: Mapping[str, Any], place: str, mark: datetime | None) -> dict[str, Any]:
    at = row["opened_at"]
    return {
        "who": f"{place} {row['opened_by_name']}",
        "at": at,
        "says": row["reason_text"],
        "verdict": None,
        "is_new": mark is None or at > mark,
    }


def _review_told(row: Mapping[str, Any], place: str, mark: datetime | None) -> dict[str, Any]:
    at = row["review__reviewed_at"]
    return {
        "who": row["review__reviewed_by_name"],
        "at": at,
        "says": row["review__note"],
        "verdict": Verdict(row["review__verdict"]),
        "is_new": mark is None or at > mark,
    }
