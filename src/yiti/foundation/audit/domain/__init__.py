"""The words of the trail, and the chain that seals it."""

from yiti.foundation.audit.domain.sealing import (
    SealRow,
    SealState,
    altered,
    broken,
    make_seal,
)
from yiti.foundation.audit.domain.trail import Asked, Detail, LookRow, Outcome, Span, Subject

__all__ = [
    "Asked",
    "Detail",
    "LookRow",
    "Outcome",
    "SealRow",
    "SealState",
    "Span",
    "Subject",
    "altered",
    "broken",
    "make_seal",
]
