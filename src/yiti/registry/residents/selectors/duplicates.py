"""Pairs of cards that may be one person, as whoever may merge reviews them: cards of the county, records
where open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import (
    KeyKind,
    PairCount,
    PairRow,
    PairSide,
    PairSort,
    PairState,
    after_prefix,
)
from yiti.registry.residents.domain.keys import name_key
from yiti.registry.residents.domain.matching import COMPARED
from yiti.registry.residents.models import CardKey, DuplicatePair, RecordAccess
from yiti.registry.residents.selectors.cards import card_rows
from yiti.registry.residents.selectors.records import persons_apart

Query = web.TableQuery[PairSort]

_ORDER = {
    PairSort.POINTS: ("points", "found_at"),
    PairSort.FOUND: ("found_at", "points"),
    PairSort.PERSON: ("one__initials", "points"),
}
_PREFIXED = (KeyKind.NAME, KeyKind.PINYIN, KeyKind.INITIALS)
_WHOLE = (KeyKind.ID_TAIL, KeyKind.PHONE_TAIL)


@access.selector
def pairs(actor: Actor, query: Query) -> tuple[list[PairRow], int]:
    """A page of likely pairs and how many there are in all; ten queries at most. Filters are `PAIR_FILTERS`.
    Of those that wait, those come first that the actor's institution can decide.

    Needs `residents.merge`. Names are masked where the record is closed to the actor.
    """
    actor.require("residents.merge")
    state = query.filters.get("state", PairState.OPEN)
    found = _filtered(DuplicatePair.objects.filter(state=state), query)
    total = found.count()
    shown = query.within(total)
    first, second = _ORDER[query.sort]
    sign = "-" if query.descending else ""
    place = ["-mine"] if state == PairState.OPEN else []
    found = found.annotate(mine=_is_decided_here(actor))
    ordered = found.order_by(*place, f"{sign}{first}", f"-{second}", "id")
    return _rows(actor, ordered[shown.offset : shown.offset + shown.size]), total


def _filtered(found: QuerySet[DuplicatePair], query: Query) -> QuerySet[DuplicatePair]:
    if text := name_key(query.filters.get("q", "")):
        found = found.filter(Exists(_named(text, "one_id")) | Exists(_named(text, "other_id")))
    villages = _villages(query)
    if villages is not None:
        found = found.filter(Q(one__village_id__in=villages) | Q(other__village_id__in=villages))
    return found


def _named(text: str, side: str) -> QuerySet[CardKey]:
    begins = Q(kind__in=_PREFIXED, value__gte=text, value__lt=after_prefix(text))
    ends = Q(kind__in=_WHOLE, value=text.upper())
    return CardKey.objects.filter(begins | ends, card_id=OuterRef(side))


def _villages(query: Query) -> list[UUID] | None:
    """The villages asked for; None for the whole county. An id that nothing has asks for none."""
    asked = {name: _id(query.filters[name]) for name in ("village", "institution") if name in query.filters}
    if not asked:
        return None
    served = asked.get("institution")
    villages = [each.id for each in _served(served)] if served else None
    if "village" not in asked:
        return villages or []
    village = asked["village"]
    return [village] if village and (villages is None or village in villages) else []


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _served(institution_id: UUID) -> list[facilities.RegionRow]:
    try:
        return facilities.villages_of(institution_id)
    except NotFound:
        return []


@access.selector
def pair_counts(actor: Actor) -> list[PairCount]:
    """The tabs of the list: what waits, and what was decided. One query."""
    actor.require("residents.merge")
    rows = dict(DuplicatePair.objects.values_list("state").annotate(n=Count("id")).order_by())
    keys = {PairState.OPEN: "", PairState.MERGED: "merged", PairState.DIFFERENT: "different"}
    return [PairCount(key, state.zh, rows.get(state, 0)) for state, key in keys.items()]


@access.selector
@access.counted
def count_open_pairs(actor: Actor) -> QuerySet[DuplicatePair, Any]:
    """How many pairs wait for a decision of the actor's institution: those of which both records are open to
    it."""
    return DuplicatePair.objects.filter(_is_decided_here(actor), state=PairState.OPEN).values("pk")


def _is_decided_here(actor: Actor) -> Q:
    """Whether both records are open to the actor's institution, and not by an emergency only."""
    lasting = RecordAccess.objects.lasting(actor.institution_id)
    one, other = (lasting.filter(person_id=OuterRef(side)) for side in ("one_id", "other_id"))
    return Q(Exists(one), Exists(other))


@access.selector
def pair(actor: Actor, pair_id: UUID) -> PairRow:
    """One pair with both sides. Raises NotFound."""
    actor.require("residents.merge")
    found = DuplicatePair.objects.filter(pk=pair_id)
    rows = _rows(actor, found.annotate(mine=_is_decided_here(actor)))
    if not rows:
        raise NotFound
    return rows[0]


@access.selector
def next_pair(actor: Actor, after: PairRow) -> UUID | None:
    """The pair that stands below this one among those that wait for the actor's institution, in the order of
    the list."""
    waiting = DuplicatePair.objects.filter(_is_decided_here(actor), state=PairState.OPEN)
    earlier = Q(found_at__lt=after.found_at) | Q(found_at=after.found_at, pk__gt=after.id)
    below = waiting.filter(Q(points__lt=after.points) | Q(earlier, points=after.points))
    return below.order_by("-points", "-found_at", "pk").values_list("pk", flat=True).first()


def _rows(actor: Actor, found: QuerySet[DuplicatePair]) -> list[PairRow]:
    """Pairs with `mine`. Both sides as they stand apart, also where they are merged by now."""
    rows = list(found)
    ids = {id_ for row in rows for id_ in (row.one_id, row.other_id)}
    cards = card_rows(ids)
    records = persons_apart(actor, ids)
    return [
        PairRow(
            id=row.pk,
            one=PairSide(cards[row.one_id], records.get(row.one_id)),
            other=PairSide(cards[row.other_id], records.get(row.other_id)),
            points=row.points,
            levels={name: getattr(row, f"{name}_level") for name in COMPARED},
            state=PairState(row.state),
            found_at=row.found_at,
            decided_at=row.decided_at,
            decided_by_name=row.decided_by_name,
            reason=row.reason,
            may_decide=row.mine,  # type: ignore[attr-defined] # annotated
        )
        for row in rows
    ]
