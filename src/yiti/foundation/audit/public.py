"""What other rooms may use of audit. `note` is a participant; `note_request` is the edge's."""

from yiti.foundation.audit.commands import note, note_request, seal_all
from yiti.foundation.audit.domain import Asked, Detail, LookRow, Outcome, SealState, Span, Subject
from yiti.foundation.audit.registry import name_acts, word_of
from yiti.foundation.audit.selectors import (
    broken_seals,
    count_looks_at,
    count_looks_within,
    count_trail,
    looks_at,
    looks_within,
    seal_state,
    trail,
)

__all__ = [
    "Asked",
    "Detail",
    "LookRow",
    "Outcome",
    "SealState",
    "Span",
    "Subject",
    "broken_seals",
    "count_looks_at",
    "count_looks_within",
    "count_trail",
    "looks_at",
    "looks_within",
    "name_acts",
    "note",
    "note_request",
    "seal_all",
    "seal_state",
    "trail",
    "word_of",
]
