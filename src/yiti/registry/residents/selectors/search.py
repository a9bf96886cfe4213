"""Finding people as one types, over the whole county.

Measured under the app role with 300,000 cards: see `docs/algorithms/finding-people.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import (
    CardHit,
    CardRow,
    Clause,
    KeyKind,
    Word,
    after_prefix,
    parse_query,
)
from yiti.registry.residents.domain.places import fits_place
from yiti.registry.residents.models import Card, CardKey
from yiti.registry.residents.selectors.cards import card_rows
from yiti.registry.residents.selectors.identity import identities
from yiti.registry.residents.selectors.records import person_rows, record_columns

_MOST_LOOKED_AT = 60  # of each way of fitting; ranked, then cut to the limit
_MOST_VILLAGES = 40  # an institution that serves more has no use for "own people first"
_SHORTEST_VILLAGE = 2

_WHOLE_NUMBERS = frozenset({KeyKind.ID, KeyKind.PHONE})
_TAILS = frozenset({KeyKind.ID_TAIL, KeyKind.PHONE_TAIL})
_TELLING = _WHOLE_NUMBERS | {KeyKind.NAME}


@dataclass(frozen=True, slots=True)
class _Found:
    card_id: UUID
    value: str
    way: int
    is_exact: bool


@access.selector
def search_cards(
    actor: Actor, text: str, *, limit: int = 12, village_id: UUID | None = None
) -> list[CardHit]:
    """Cards that fit what a person typed (see `parse_query`), best first, at most `limit`.

    A whole name or number before a part of it, people of the institution's own villages before
    others, living before dead. A merged card stands as the one it was merged into. At most twelve
    queries; each looks at a bounded number of keys, so a short text costs no more than a long one.
    """
    actor.require("residents.search")
    words = parse_query(text)
    if not words:
        return []
    own = _own_villages(actor)
    here = {village_id} if village_id else None
    found = _find(words, own, here)
    if not found and here is None:
        found = _find_with_village(words, own)
    return _hits(found, own, limit)


def _own_villages(actor: Actor) -> frozenset[UUID]:
    try:
        villages = facilities.villages_of(actor.institution_id)
    except NotFound:
        return frozenset()
    return frozenset(each.id for each in villages) if len(villages) <= _MOST_VILLAGES else frozenset()


def _find(words: tuple[Word, ...], own: Collection[UUID], here: Collection[UUID] | None) -> list[_Found]:
    """Cards that all words fit, in `here` only if given; the best of `own` villages are among them."""
    if any(not word.ways for word in words):
        return []
    found = _run(words, here)
    if own and here is None and len(found) >= _MOST_LOOKED_AT:
        found += _run(words, own)
    return found


def _find_with_village(words: tuple[Word, ...], own: Collection[UUID]) -> list[_Found]:
    """One word names a village, the others (if any) the person."""
    for place, word in enumerate(words):
        villages = _villages_called(word.text)
        if not villages:
            continue
        others = words[:place] + words[place + 1 :]
        found = _find(others, own, villages) if others else _people_of(villages)
        if found:
            return found
    return []


def _villages_called(text: str) -> frozenset[UUID]:
    if len(text) < _SHORTEST_VILLAGE:
        return frozenset()
    villages = facilities.regions_in("", facilities.RegionLevel.VILLAGE)
    return frozenset(each.id for each in villages if fits_place(each.name, text))


def _people_of(villages: Collection[UUID]) -> list[_Found]:
    found = Card.objects.filter(village_id__in=villages, merged_into__isnull=True).order_by("initials", "id")
    rows = found.values_list("id", "initials")[:_MOST_LOOKED_AT]
    return [_Found(id_, initials, 0, is_exact=False) for id_, initials in rows]


def _run(words: tuple[Word, ...], villages: Collection[UUID] | None) -> list[_Found]:
    """One statement: each way of the most telling word drives, the other words are checked."""
    ordered = sorted(words, key=_commonness)
    shape = tuple(
        tuple(tuple((clause.kind, clause.is_prefix) for clause in way) for way in word.ways)
        for word in ordered
    )
    values = [clause.value for word in ordered for way in word.ways for clause in way]
    ends = [end for value in values for end in (value, after_prefix(value))]
    rows = _asking(shape, villages is not None)(*ends, *([] if villages is None else [villages]))
    firsts = [way[0] for way in ordered[0].ways]
    return [_Found(id_, value, way, _is_exact(firsts[way], value)) for id_, value, way in rows]


def _commonness(word: Word) -> tuple[int, int]:
    kinds = {clause.kind for way in word.ways for clause in way}
    rank = 0 if kinds & _WHOLE_NUMBERS else 1 if kinds & _TAILS else 2
    return rank, -len(word.text)


# Of words: each way in which one may fit, and of a way each clause: its kind, and whether it is a beginning.
_Shape = tuple[tuple[tuple[tuple[KeyKind, bool], ...], ...], ...]


@lru_cache(maxsize=256)
def _asking(shape: _Shape, is_within: bool) -> Callable[..., list[tuple[UUID, str, int]]]:  # noqa: FBT001
    """The query of words of this shape, within some villages or anywhere."""
    return access.kept(partial(_asked, shape, is_within))


def _asked(shape: _Shape, is_within: bool, *given: Any) -> QuerySet[CardKey, tuple[UUID, str, int]]:  # noqa: FBT001
    """`given` are the beginning and the end of each clause in order, and last the villages."""
    ends = iter(given)
    driver, *others = [
        [
            [_fits(kind, next(ends), next(ends), is_prefix=is_prefix) for kind, is_prefix in way]
            for way in word
        ]
        for word in shape
    ]
    villages = given[-1] if is_within else None
    ways = [_driven(way, number, others, villages) for number, way in enumerate(driver)]
    return ways[0].union(*ways[1:], all=True) if len(ways) > 1 else ways[0]


def _driven(
    way: list[Q], number: int, others: Iterable[list[list[Q]]], villages: Collection[UUID] | None
) -> QuerySet[CardKey, tuple[UUID, str, int]]:
    first, *rest = way
    keys = CardKey.objects.filter(first)
    for clause in rest:
        keys = keys.filter(_has(clause))
    for word in others:
        keys = keys.filter(reduce(or_, (Q(*map(_has, each)) for each in word)))
    if villages is not None:
        keys = keys.filter(Exists(Card.objects.filter(pk=OuterRef("card_id"), village_id__in=villages)))
    numbered = keys.annotate(way=Value(number, IntegerField()))
    return numbered.order_by("value").values_list("card_id", "value", "way")[:_MOST_LOOKED_AT]


def _fits(kind: KeyKind, value: str, after: str, *, is_prefix: bool) -> Q:
    return Q(kind=kind, value__gte=value, value__lt=after) if is_prefix else Q(kind=kind, value=value)


def _has(fits: Q) -> Exists:
    return Exists(CardKey.objects.filter(fits, card_id=OuterRef("card_id")))


def _is_exact(first: Clause, value: str) -> bool:
    """A whole name or number; whole initials or four digits are still many people's."""
    return first.kind in _TELLING and first.value == value


def _hits(found: list[_Found], own: Collection[UUID], limit: int) -> list[CardHit]:
    """The best of what was found: ranked by their cards, and only then are records looked at."""
    if not found:
        return []
    cards, best = _by_person(found)
    ranked = sorted(best.items(), key=lambda item: _rank(cards[item[0]], item[1], own))[:limit]
    identity = identities([id_ for id_, _ in ranked])
    villages = {row.village_id: row.village_name for row in cards.values()}
    people = person_rows(identity, record_columns(identity), villages)
    return [
        CardHit(cards[id_], people.get(id_), each.is_exact, cards[id_].village_id in own)
        for id_, each in ranked
    ]


def _by_person(found: list[_Found]) -> tuple[dict[UUID, CardRow], dict[UUID, _Found]]:
    """Cards, and the best way in which each fits. A merged one stands as the one it was merged into."""
    cards = card_rows({each.card_id for each in found})
    merged = [id_ for id_, row in cards.items() if row.merged_into_id]
    canonical = identities(merged).canonical if merged else {}
    missing = set(canonical.values()) - set(cards)
    if missing:
        cards |= card_rows(missing)
    best: dict[UUID, _Found] = {}
    for each in found:
        id_ = canonical.get(each.card_id, each.card_id)
        if id_ not in best or _fit(each) < _fit(best[id_]):
            best[id_] = each
    return cards, best


def _fit(found: _Found) -> tuple[bool, int, str]:
    return not found.is_exact, found.way, found.value


def _rank(card: CardRow, found: _Found, own: Collection[UUID]) -> tuple[object, ...]:
    is_exact_first, *fit = _fit(found)
    return is_exact_first, card.village_id not in own, card.is_deceased, *fit, card.birth_year or 0, card.id
