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
from yiti.registry.residents.models import Card, CardKey, LinkModel

_CHUNK = 20_000


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

_LEARNED = """
SELECT 'model', '', '', people, prior FROM residents_linkmodel
UNION ALL SELECT 'weight', comparison, level, agree, chance FROM residents_linkweight
UNION ALL SELECT 'share', property, value, people, 0 FROM residents_linkshare
    WHERE property IN ('family', 'village') AND value = ANY(%s)
UNION ALL SELECT 'key', kind, value, count(*), 0 FROM residents_cardkey
    WHERE (kind, value) IN (SELECT * FROM unnest(%s::text[], %s::text[])) GROUP BY kind, value
"""


def learned(
    keys: Sequence[tuple[str, str]] = (), *, family: str = "", village: str = ""
) -> tuple[Model, Commonness]:
    """The model of the last night (what is stated where no night has passed or a level is new), and how many
    people have each of these values. One query."""
    asked = [(kind, value) for kind, value in keys if kind in COUNTED]
    parts: defaultdict[str, dict[tuple[str, str], tuple[float, float]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        names = [family, village]
        cursor.execute(_LEARNED, [names, [kind for kind, _ in asked], [value for _, value in asked]])
        for part, name, value, one, other in cursor.fetchall():
            parts[part][name, value] = one, other
    found: Commonness = {name: {} for name in (*COUNTED.values(), *SHARED)}
    for (kind, value), (people, _) in parts["key"].items():
        found[COUNTED[KeyKind(kind)]][value] = int(people)
    for (name, value), (people, _) in parts["share"].items():
        found[name][value] = int(people)
    return _model(parts["model"].get(("", "")), parts["weight"]), found


def _model(whole: tuple[float, float] | None, weights: dict[tuple[str, str], tuple[float, float]]) -> Model:
    if whole is None:
        return stated(0)
    start = stated(int(whole[0]))
    fitted = {
        each.name: _weights(each.name, each.levels, weights, start.weights[each.name]) for each in COMPARISONS
    }
    return Model(fitted, whole[1], int(whole[0]))


def _weights(
    name: str, levels: Sequence[str], fitted: dict[tuple[str, str], tuple[float, float]], start: Weights
) -> Weights:
    stated_levels = zip(levels, start.agree, start.chance, strict=True)
    pairs = [fitted.get((name, level), (agree, chance)) for level, agree, chance in stated_levels]
    return Weights(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))


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
