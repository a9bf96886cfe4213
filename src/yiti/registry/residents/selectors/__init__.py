"""Reads of residents. Cards are open to all who may search; records only where row security shows them."""

from yiti.registry.residents.selectors.audited import asked_for, masked_names
from yiti.registry.residents.selectors.cards import card, cards
from yiti.registry.residents.selectors.duplicates import count_open_pairs, next_pair, pair, pair_counts, pairs
from yiti.registry.residents.selectors.facts import allergies, household, risks
from yiti.registry.residents.selectors.glass import (
    count_glass_news,
    count_glasses,
    count_unreviewed,
    glass,
    glass_looks,
    glass_news,
    glass_places,
    glasses,
)
from yiti.registry.residents.selectors.identity import Identity, aliases, canonical_id, identities
from yiti.registry.residents.selectors.linking import fitted_at
from yiti.registry.residents.selectors.matching import match_policy, matches
from yiti.registry.residents.selectors.records import (
    changes_since,
    identifiers,
    merges,
    person,
    persons,
    who_may_see,
)
from yiti.registry.residents.selectors.search import search_cards
from yiti.registry.residents.selectors.slips import answer_digest, holder, key_of, looks_of_slip, open_slip

__all__ = [
    "Identity",
    "aliases",
    "allergies",
    "answer_digest",
    "asked_for",
    "canonical_id",
    "card",
    "cards",
    "changes_since",
    "count_glass_news",
    "count_glasses",
    "count_open_pairs",
    "count_unreviewed",
    "fitted_at",
    "glass",
    "glass_looks",
    "glass_news",
    "glass_places",
    "glasses",
    "holder",
    "household",
    "identifiers",
    "identities",
    "key_of",
    "looks_of_slip",
    "masked_names",
    "match_policy",
    "matches",
    "merges",
    "next_pair",
    "open_slip",
    "pair",
    "pair_counts",
    "pairs",
    "person",
    "persons",
    "risks",
    "search_cards",
    "who_may_see",
]
