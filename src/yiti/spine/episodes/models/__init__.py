"""Tables of the room. Which columns may ever change, the row-level policies, and the foreign keys that
tie a fact to the person of its visit stand in migration 0002."""

from yiti.spine.episodes.models.courses import Episode, EpisodeChain, EpisodeJoin, EpisodeMonth, Visit
from yiti.spine.episodes.models.facts import (
    CurrentMedication,
    Diagnosis,
    Discharge,
    Fact,
    MedicationList,
    Note,
    Treatment,
    VitalReading,
)

__all__ = [
    "CurrentMedication",
    "Diagnosis",
    "Discharge",
    "Episode",
    "EpisodeChain",
    "EpisodeJoin",
    "EpisodeMonth",
    "Fact",
    "MedicationList",
    "Note",
    "Treatment",
    "Visit",
    "VitalReading",
]
