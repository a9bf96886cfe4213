"""Who in the index may be the person at the desk (duplicate warning)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.residents.domain import (
    REPEATED,
    REPEATED_WITHIN,
    CardRow,
    KeyKind,
    MatchFacts,
    MatchPolicy,
    MatchRow,
    MatchScore,
    PersonSpec,
    compute_match,
    profile_keys,
    repeated_columns,
)
from yiti.registry.residents.models import Card, CardKey, Resident
from yiti.registry.residents.selectors.cards import card_rows
from yiti.registry.residents.selectors.identity import identities
from yiti.registry.residents.selectors.records import persons

_MOST_BY_KEY = 200
_MOST_SHOWN = 5
_BLOCKS = (KeyKind.ID, KeyKind.PHONE, KeyKind.BIRTH, KeyKind.NAME, KeyKind.PINYIN)


def match_policy(on: date) -> MatchPolicy:
    """Points and limits in force on a day (rules `residents.matching.*`)."""
    points = rules.find("residents.matching.points", on).value
    if not isinstance(points, Mapping):
        raise TypeError("residents.matching.points is not a mapping")
    return MatchPolicy(
        **points,  # type: ignore[arg-type]  # the rulebook's test reads every version as a MatchPolicy
        show_from=rules.find("residents.matching.show_from", on).integer(),
        strong_from=rules.find("residents.matching.strong_from", on).integer(),
    )


@access.selector
def matches(actor: Actor, spec: PersonSpec, *, at: datetime) -> list[MatchRow]:
    """People in the index who may be this one, likeliest first, at most five; twelve queries at most.

    Compared over the whole county by search keys; the name is shown in full only where the actor
    may open the record. Whom the actor registered a moment ago in the same words stands first, whatever
    is known of them. The profile is expected clean (`clean_profile`); what is empty is unknown.
    """
    actor.require("residents.write")
    keys = profile_keys(spec.profile, [(each.kind, each.number) for each in spec.identifiers])
    new = _facts(keys, spec)
    candidates = _candidates(keys, besides=spec.id)
    policy = match_policy(local_date(at))
    scored = {id_: compute_match(new, known, policy) for id_, known in _known(candidates).items()}
    scored |= dict.fromkeys(_repeated(actor, spec, candidates, at), REPEATED)
    likely = {id_: score for id_, score in scored.items() if score.score >= policy.show_from}
    return _rows(actor, likely, policy)


def _facts(keys: Collection[tuple[str, str]], spec: PersonSpec) -> MatchFacts:
    born = spec.profile.birth.day
    return MatchFacts.of_keys(
        keys, birth_year=born.year if born else None, sex=spec.profile.sex, village_id=spec.village_id
    )


def _candidates(keys: Collection[tuple[str, str]], *, besides: UUID) -> set[UUID]:
    """Cards that share a number, a phone, a day of birth, a name or its sound: one query."""
    blocks: list[QuerySet[CardKey, UUID]] = [
        CardKey.objects.filter(kind=kind, value=value).values_list("card_id", flat=True)[:_MOST_BY_KEY]
        for kind, value in keys
        if kind in _BLOCKS
    ]
    if not blocks:
        return set()
    found = blocks[0].union(*blocks[1:]) if len(blocks) > 1 else blocks[0]
    return set(found) - {besides}


def _repeated(actor: Actor, spec: PersonSpec, candidates: Collection[UUID], at: datetime) -> set[UUID]:
    """Whom the actor registered within the hour: somebody who went back and pressed once more."""
    mine = Resident.objects.filter(
        pk__in=candidates, registered_by=actor.user_id, registered_at__gt=at - REPEATED_WITHIN
    )
    return set(mine.filter(**repeated_columns(spec)).values_list("pk", flat=True))


def _known(ids: Collection[UUID]) -> dict[UUID, MatchFacts]:
    keys: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for card_id, kind, value in CardKey.objects.filter(card_id__in=ids).values_list(
        "card_id", "kind", "value"
    ):
        keys[card_id].append((kind, value))
    return {
        id_: MatchFacts.of_keys(keys[id_], birth_year=row.birth_year, sex=row.sex, village_id=row.village_id)
        for id_, row in card_rows(Card.objects.filter(Q(id__in=ids))).items()
    }


def _rows(actor: Actor, likely: Mapping[UUID, MatchScore], policy: MatchPolicy) -> list[MatchRow]:
    """Merged cards count as the one they were merged into, with their best score."""
    if not likely:
        return []
    canonical = identities(likely).canonical
    best: dict[UUID, MatchScore] = {}
    for id_, score in sorted(likely.items(), key=lambda item: -item[1].score):
        best.setdefault(canonical[id_], score)
    shown = dict(list(best.items())[:_MOST_SHOWN])
    cards: Mapping[UUID, CardRow] = card_rows(Card.objects.filter(id__in=shown))
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
