"""Reads of handoffs: frozen rows, in a stated order, inside the actor's scope."""

from yiti.spine.handoffs.selectors.bell import bell, count_unread
from yiti.spine.handoffs.selectors.figures import answer_times, flow_counts
from yiti.spine.handoffs.selectors.holding import SIDES, held_by, open_holders
from yiti.spine.handoffs.selectors.reading import (
    as_row,
    awaiting_clock,
    broken_histories,
    count_overdue,
    detail,
    log_of,
    misplaced,
)
from yiti.spine.handoffs.selectors.records import (
    available,
    chain,
    history,
    logs,
    messages,
    open_for_person,
    sent_about,
)
from yiti.spine.handoffs.selectors.sent import count_sent, sent_rows
from yiti.spine.handoffs.selectors.urging import recent_urges
from yiti.spine.handoffs.selectors.worklist import choices, count_news, count_turns, tab_counts, worklist

__all__ = [
    "SIDES",
    "answer_times",
    "as_row",
    "available",
    "awaiting_clock",
    "bell",
    "broken_histories",
    "chain",
    "choices",
    "count_news",
    "count_overdue",
    "count_sent",
    "count_turns",
    "count_unread",
    "detail",
    "flow_counts",
    "held_by",
    "history",
    "log_of",
    "logs",
    "messages",
    "misplaced",
    "open_for_person",
    "open_holders",
    "recent_urges",
    "sent_about",
    "sent_rows",
    "tab_counts",
    "worklist",
]
