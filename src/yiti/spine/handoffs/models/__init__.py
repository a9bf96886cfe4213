"""Tables of handoffs. Row security, and which rows and columns may ever change, stand in migration 0002."""

from yiti.spine.handoffs.models.handoff import Handoff, HandoffQuerySet
from yiti.spine.handoffs.models.log import (
    BellMark,
    HandoffEvent,
    HandoffMessage,
    HandoffNotice,
    NumberSeries,
)

__all__ = [
    "BellMark",
    "Handoff",
    "HandoffEvent",
    "HandoffMessage",
    "HandoffNotice",
    "HandoffQuerySet",
    "NumberSeries",
]
