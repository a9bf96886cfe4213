"""Reading the trail back: its rows, its seals, and what stands out in it."""

from yiti.foundation.audit.selectors.seals import (
    broken_seals,
    entries_by_id,
    evidence,
    fit_of,
    last_seal,
    seal_state,
)
from yiti.foundation.audit.selectors.trail import (
    count_looks_at,
    count_looks_within,
    count_trail,
    looks_at,
    looks_within,
    trail,
)
from yiti.foundation.audit.selectors.usage import (
    COUNTED,
    count_refused_days,
    latest_counted,
    next_uncounted,
    question,
    refused_days,
    unusual_days,
)

__all__ = [
    "COUNTED",
    "broken_seals",
    "count_looks_at",
    "count_looks_within",
    "count_refused_days",
    "count_trail",
    "entries_by_id",
    "evidence",
    "fit_of",
    "last_seal",
    "latest_counted",
    "looks_at",
    "looks_within",
    "next_uncounted",
    "question",
    "refused_days",
    "seal_state",
    "trail",
    "unusual_days",
]
