"""Tables of the room. Which columns may ever change, the row-level policies, and the foreign keys that
tie a fact to the person of its visit stand in migrations 0002 and 0004."""

from yiti.spine.episodes.models.attachments import Attachment, AttachmentContent
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
    "Attachment",
    "AttachmentContent",
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
