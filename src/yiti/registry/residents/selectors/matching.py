"""Who in the index may be the person at the desk (duplicate warning)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.identity import Sex
from yiti.registry.residents.domain import (
    REPEATED,
    REPEATED_WITHIN,
    CardRow,
    Key,
    KeyKind,
    MatchFacts,
    MatchPolicy,
    MatchRow,
    MatchScore,
    PersonSpec,
    after_prefix,
    compute_matches,
    repeated_columns,
    sound_keys,
    spec_keys,
)
from yiti.registry.residents.domain.linking.blocking import LARGEST_BLOCK
from yiti.registry.residents.models import Resident
from yiti.registry.residents.selectors.cards import card_rows
from yiti.registry.residents.selectors.identity import identities
from yiti.registry.residents.selectors.linking import COUNTED, learned
from yiti.registry.residents.selectors.records import persons

_MOST_SHOWN = 5


def match_policy(on: date) -> MatchPolicy:
    """Limits in force on a day (rules `residents.matching.*`)."""
    limits = {
        each.name: rules.find(f"residents.matching.{each.name}", on).integer() for each in fields(MatchPolicy)
    }
    return MatchPolicy(**limits)


@access.selector
def matches(actor: Actor, spec: PersonSpec, *, at: datetime) -> list[MatchRow]:
    """People in the index who may be this one, likeliest first, at most five; twelve queries at most.

    Compared over the whole county by search keys; the name is shown in full only where the actor
    may open the record. Whom the actor registered a moment ago in the same words stands first, whatever
    is known of them. The profile is expected clean (`clean_profile`); what is empty is unknown.
    """
    actor.require("residents.write")
    new = _facts(spec_keys(spec), spec)
    policy = match_policy(local_date(at))
    likely = weighed(new, besides=spec.id, least=policy.show_from)
    likely |= dict.fromkeys(_repeated(actor, spec, at), REPEATED)
    return _rows(actor, likely, policy)


def _facts(keys: Collection[tuple[str, str]], spec: PersonSpec) -> MatchFacts:
    born = spec.profile.birth.day
    return MatchFacts.of_keys(
        keys, birth_year=born.year if born else None, sex=spec.profile.sex, village_id=spec.village_id
    )


def weighed(new: MatchFacts, *, besides: UUID, least: int) -> dict[UUID, MatchScore]:
    """The cards that may be somebody at the desk, each with its score of at least so many points: two
    queries, one where there is nobody to compare with. To be called in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN_ONCE)
    known = _candidates(new, besides=besides)
    if not known:
        return {}
    model, commonness = learned(new.keys, family=new.name[:1], village=str(new.village_id or ""))
    return compute_matches(new, known, model, commonness, least=least)


# To make a plan takes longer than to follow it, and it is the same for everybody: by equality in one index.
# So there is one text for all, whatever is known of them.
_PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"
# Nobody knows beforehand how many people a family name has: without LIMIT a plan may begin with all of them.
_FACTS = """
WITH found (place, card_id) AS (
    SELECT place, alike.card_id
    FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS asked (kind, value, place)
    CROSS JOIN LATERAL (
        SELECT card_id FROM residents_cardkey AS keys
        WHERE keys.kind = asked.kind AND keys.value = asked.value LIMIT {most}
    ) AS alike
    UNION ALL (
        SELECT 0, born.card_id FROM residents_cardkey AS born CROSS JOIN LATERAL (
            SELECT FROM residents_cardkey AS named
            WHERE named.card_id = born.card_id AND named.kind = 'na'
                AND named.value >= %(family)s AND named.value < %(after)s
            LIMIT 1
        ) AS named WHERE born.kind = 'bd' AND born.value = %(birth)s LIMIT {most}
    )
), telling AS (
    SELECT DISTINCT card_id FROM found WHERE card_id <> %(besides)s AND place IN (
        SELECT place FROM found GROUP BY place HAVING count(*) < {most}
    )
)
SELECT card.id, birth_year, sex, village_id, array_agg(kind), array_agg(value) FROM telling
JOIN residents_card AS card ON card.id = telling.card_id
JOIN residents_cardkey AS keys ON keys.card_id = card.id AND kind = ANY(%(compared)s)
GROUP BY card.id
"""
_FACTS_OF_BLOCKS = _FACTS.format(most=LARGEST_BLOCK)
_KINDS = [*COUNTED, KeyKind.ID_TAIL, KeyKind.PHONE_TAIL]


def _candidates(new: MatchFacts, *, besides: UUID) -> dict[UUID, MatchFacts]:
    """What the cards are compared by that share a block of `linking.people.BLOCKS` with the new person, of
    blocks that tell somebody: one query."""
    asked = list(_keys(new))
    family = new.name[:1]
    values: dict[str, Any] = {
        "kinds": [kind for kind, _ in asked],
        "values": [value for _, value in asked],
        "family": family,
        "after": after_prefix(family),
        "birth": new.birth if family else "",
        "besides": besides,
        "compared": _KINDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS_OF_BLOCKS, values)
        return {
            id_: MatchFacts.of_keys(
                zip(kinds, keys, strict=True), birth_year=year, sex=Sex(sex), village_id=village
            )
            for id_, year, sex, village, kinds, keys in cursor.fetchall()
        }


def _keys(new: MatchFacts) -> Iterator[Key]:
    """The blocks that are one search key: number, phone, sound with village and with year."""
    yield from ((KeyKind.ID, number) for number in sorted(new.numbers))
    yield from ((KeyKind.PHONE, phone) for phone in sorted(new.phones))
    for sound in sorted(new.sounds):
        yield from sound_keys(sound, year=new.birth_year, village_id=new.village_id)


def _repeated(actor: Actor, spec: PersonSpec, at: datetime) -> set[UUID]:
    """Whom the actor registered within the hour: somebody who went back and pressed once more."""
    mine = Resident.objects.filter(registered_by=actor.user_id, registered_at__gt=at - REPEATED_WITHIN)
    return set(mine.filter(**repeated_columns(spec)).exclude(pk=spec.id).values_list("pk", flat=True))


def _rows(actor: Actor, likely: Mapping[UUID, MatchScore], policy: MatchPolicy) -> list[MatchRow]:
    """Merged cards count as the one they were merged into, with their best score."""
    if not likely:
        return []
    canonical = identities(likely).canonical
    best: dict[UUID, MatchScore] = {}
    for id_, score in sorted(likely.items(), key=lambda item: -item[1].score):
        best.setdefault(canonical[id_], score)
    shown = dict(list(best.items())[:_MOST_SHOWN])
    cards: Mapping[UUID, CardRow] = card_rows(shown)
    open_to_actor = persons(actor, set(shown))
    return [
        MatchRow(
            card=cards[id_],
            name=open_to_actor[id_].name if id_ in open_to_actor else cards[id_].masked_name,
            may_open=id_ in open_to_actor,
            score=score.score,
            reasons=score.reasons,
            is_strong=score.score >= policy.strong_from,
        )
        for id_, score in shown.items()
    ]
