"""The words of the trail, the chain that seals it, evidence from it, and what stands out in it."""

from yiti.foundation.audit.domain.evidence import Evidence, as_file, groups_of
from yiti.foundation.audit.domain.sealing import (
    BEFORE_THE_FIRST,
    Fit,
    SealRow,
    SealState,
    altered,
    broken,
    make_seal,
)
from yiti.foundation.audit.domain.trail import (
    Asked,
    Detail,
    LookRow,
    Outcome,
    RefusedRow,
    Span,
    Subject,
)
from yiti.foundation.audit.domain.usage import (
    HISTORY,
    MEASURES,
    Finding,
    Measure,
    Threshold,
    UserDay,
    findings,
    unusual,
)

__all__ = [
    "BEFORE_THE_FIRST",
    "HISTORY",
    "MEASURES",
    "Asked",
    "Detail",
    "Evidence",
    "Finding",
    "Fit",
    "LookRow",
    "Measure",
    "Outcome",
    "RefusedRow",
    "SealRow",
    "SealState",
    "Span",
    "Subject",
    "Threshold",
    "UserDay",
    "altered",
    "as_file",
    "broken",
    "findings",
    "groups_of",
    "make_seal",
    "unusual",
]
