"""What other rooms may use of audit. `note` is a participant; `note_request` is the edge's."""

from yiti.foundation.audit.commands import note, note_request
from yiti.foundation.audit.domain import Asked, Detail, LookRow, Outcome, Subject
from yiti.foundation.audit.registry import name_acts, word_of
from yiti.foundation.audit.selectors import count_looks_at, count_trail, looks_at, trail

__all__ = [
    "Asked",
    "Detail",
    "LookRow",
    "Outcome",
    "Subject",
    "count_looks_at",
    "count_trail",
    "looks_at",
    "name_acts",
    "note",
    "note_request",
    "trail",
    "word_of",
]
