"""What a diagnosis belongs to, by the longest prefix of its ICD-10 code that is known."""

from __future__ import annotations

from yiti.registry.terminology.domain import CHRONIC_DISEASE, DISEASE_SPECIALTY, ICD10, ConceptRow, GroupRow
from yiti.registry.terminology.selectors.cache import CATALOGUE
from yiti.registry.terminology.selectors.lookup import concept


def specialty_of(icd: str) -> ConceptRow | None:
    """The section of the capability directory (a concept of `disease-specialty`); None if unknown."""
    group = _group(icd)
    return concept(DISEASE_SPECIALTY, group.specialty) if group else None


def chronic_of(icd: str) -> ConceptRow | None:
    """Which of the four chronic diseases (a concept of `chronic-disease`) this is; None if none."""
    group = _group(icd)
    return concept(CHRONIC_DISEASE, group.chronic) if group and group.chronic else None


def _group(icd: str) -> GroupRow | None:
    system = CATALOGUE.loaded(ICD10)
    if system is None:
        return None
    prefixes = (icd[:length] for length in range(len(icd), 0, -1))
    return next((system.groups[prefix] for prefix in prefixes if prefix in system.groups), None)
