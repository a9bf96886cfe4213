"""What other rooms may use of terminology: reads, and the use case that publishes code systems."""

from yiti.registry.terminology.commands import load_code_systems, shipped_release
from yiti.registry.terminology.domain import ConceptRow, Counts, MeasureRow, SystemRow
from yiti.registry.terminology.selectors import (
    as_term,
    choices,
    chronic_of,
    concept,
    concepts,
    ensure_choice,
    label,
    measure,
    measures,
    search,
    specialty_of,
    system,
    systems,
    term,
)

__all__ = [
    "ConceptRow",
    "Counts",
    "MeasureRow",
    "SystemRow",
    "as_term",
    "choices",
    "chronic_of",
    "concept",
    "concepts",
    "ensure_choice",
    "label",
    "load_code_systems",
    "measure",
    "measures",
    "search",
    "shipped_release",
    "specialty_of",
    "system",
    "systems",
    "term",
]
