"""Reads of the room. None takes an actor: code tables are the same for everybody who is signed in
and say nothing about a person, so there is no scope to apply and nothing to audit."""

from yiti.registry.terminology.selectors.cache import CATALOGUE
from yiti.registry.terminology.selectors.diseases import chronic_of, specialty_of
from yiti.registry.terminology.selectors.lookup import (
    LANGUAGE,
    as_term,
    choices,
    concept,
    concepts,
    ensure_choice,
    label,
    listed,
    measure,
    measures,
    search,
    system,
    systems,
    term,
)

__all__ = [
    "CATALOGUE",
    "LANGUAGE",
    "as_term",
    "choices",
    "chronic_of",
    "concept",
    "concepts",
    "ensure_choice",
    "label",
    "listed",
    "measure",
    "measures",
    "search",
    "specialty_of",
    "system",
    "systems",
    "term",
]
