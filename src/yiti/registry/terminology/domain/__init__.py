"""Values of the room: a concept, a code system, a release of all of them, and how they are searched."""

from yiti.registry.terminology.domain.reading import read_release
from yiti.registry.terminology.domain.rows import (
    CHRONIC_DISEASE,
    DISEASE_SPECIALTY,
    ICD10,
    VITAL_SIGN,
    ConceptRow,
    ConceptSort,
    Confidence,
    Counts,
    GroupRow,
    MeasureRow,
    Name,
    Release,
    SystemRow,
    SystemSource,
)
from yiti.registry.terminology.domain.searching import Index

__all__ = [
    "CHRONIC_DISEASE",
    "DISEASE_SPECIALTY",
    "ICD10",
    "VITAL_SIGN",
    "ConceptRow",
    "ConceptSort",
    "Confidence",
    "Counts",
    "GroupRow",
    "Index",
    "MeasureRow",
    "Name",
    "Release",
    "SystemRow",
    "SystemSource",
    "read_release",
]
