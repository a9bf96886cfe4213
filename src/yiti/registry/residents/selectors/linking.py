"""What the nights have learned of the index, and the index itself as columns for the next one.

No actor is asked for: what is read here stands in cards and keys, which are the county's, and leaves only
as pairs and counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from yiti.kernel.identity import Sex
from yiti.registry.residents.domain import KeyKind
from yiti.registry.residents.domain.linking.model import Model, Weights
from yiti.registry.residents.domain.linking.people import COMPARISONS, Written, stated
from yiti.registry.residents.domain.matching import Commonness
from yiti.registry.residents.models import Card, CardKey, LinkModel, LinkShare, LinkWeight

_CHUNK = 20_000


def link_model() -> Model:
    """The model of the last night; what is stated where no night has passed or a level is new. Two
    queries."""
    found = LinkModel.objects.first()
    if found is None:
        return stated(0)
    rows = LinkWeight.objects.filter(model=found).values_list("comparison", "level", "agree", "chance")
    learned = {(comparison, level): (agree, chance) for comparison, level, agree, chance in rows}
    start = stated(found.people)
    weights = {
        each.name: _weights(each.name, each.levels, learned, start.weights[each.name]) for each in COMPARISONS
    }
    return Model(weights, found.prior, found.people)


def _weights(
    name: str, levels: Sequence[str], learned: dict[tuple[str, str], tuple[float, float]], start: Weights
) -> Weights:
    pairs = [
        learned.get((name, level), each)
        for level, *each in zip(levels, start.agree, start.chance, strict=True)
    ]
    return Weights(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))


def fitted_at() -> datetime | None:
    """When the index was last gone through."""
    return LinkModel.objects.values_list("fitted_at", flat=True).first()


#: Properties that are counted by keys at the desk, and those that the night has counted.
COUNTED = {
    KeyKind.NAME: "name",
    KeyKind.PINYIN: "sound",
    KeyKind.BIRTH: "birth",
    KeyKind.ID: "number",
    KeyKind.PHONE: "phone",
}
SHARED = ("family", "village")

_COUNT = """
SELECT kind, value, count(*) FROM residents_cardkey WHERE (kind, value) IN (
    SELECT * FROM unnest(%s::text[], %s::text[])
) GROUP BY kind, value
"""


def commonness(keys: Iterable[tuple[str, str]], *, family: str, village: str) -> Commonness:
    """How many people have each of these values. Two queries."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    asked = [(kind, value) for kind, value in keys if kind in COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [[kind for kind, _ in asked], [value for _, value in asked]])
        for kind, value, people in cursor.fetchall():
            found[COUNTED[KeyKind(kind)]][value] = people
    shares = LinkShare.objects.filter(property__in=SHARED, value__in=[family, village])
    for name, value, people in shares.values_list("property", "value", "people"):
        found[name][value] = people
    return {name: found[name] for name in (*COUNTED.values(), *SHARED)}


def whole_index() -> tuple[list[UUID], Written]:
    """Every card, merged ones too, with what it is compared by: one pass for the cards and one for each kind
    of key, read as they come."""
    ids: list[UUID] = []
    years, sexes, villages = [], [], []
    cards = Card.objects.order_by("pk").values_list("pk", "birth_year", "sex", "village_id")
    for id_, year, sex, village in cards.iterator(_CHUNK):
        ids.append(id_)
        years.append(str(year or ""))
        sexes.append("" if sex == Sex.UNKNOWN else sex)
        villages.append(str(village or ""))
    places = {id_: place for place, id_ in enumerate(ids)}
    written = Written(
        names=_single(KeyKind.NAME, places),
        births=_single(KeyKind.BIRTH, places),
        years=years,
        sexes=sexes,
        villages=villages,
        sounds=_several(KeyKind.PINYIN, places),
        numbers=_several(KeyKind.ID, places),
        number_tails=_several(KeyKind.ID_TAIL, places),
        phones=_several(KeyKind.PHONE, places),
        phone_tails=_several(KeyKind.PHONE_TAIL, places),
    )
    return ids, written


def _single(kind: KeyKind, places: dict[UUID, int]) -> list[str]:
    found = [""] * len(places)
    for card_id, value in _keys(kind):
        if card_id in places:  # not of a person registered since the cards were read
            found[places[card_id]] = value
    return found


def _several(kind: KeyKind, places: dict[UUID, int]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * len(places)
    for card_id, value in _keys(kind):
        if card_id in places:
            found[places[card_id]] = (*found[places[card_id]], value)
    return found


def _keys(kind: KeyKind) -> Iterable[tuple[UUID, str]]:
    keys = CardKey.objects.filter(kind=kind).order_by("value", "card_id").values_list("card_id", "value")
    return keys.iterator(_CHUNK)
