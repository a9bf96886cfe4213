"""Reads of residents. Cards are open to all who may search; records only where row security shows them."""

from yiti.registry.residents.selectors.audited import asked_for, masked_names
from yiti.registry.residents.selectors.cards import card, cards
from yiti.registry.residents.selectors.duplicates import count_open_pairs, next_pair, pair, pair_counts, pairs
from yiti.registry.residents.selectors.facts import allergies, household, risks
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

__all__ = [
    "Identity",
    "aliases",
    "allergies",
    "asked_for",
    "canonical_id",
    "card",
    "cards",
    "changes_since",
    "count_open_pairs",
    "fitted_at",
    "household",
    "identifiers",
    "identities",
    "masked_names",
    "match_policy",
    "matches",
    "merges",
    "next_pair",
    "pair",
    "pair_counts",
    "pairs",
    "person",
    "persons",
    "risks",
    "search_cards",
    "who_may_see",
]
