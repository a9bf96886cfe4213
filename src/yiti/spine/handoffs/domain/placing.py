"""Whether an open handoff stands where it must: in exactly one work list of each side (invariant I1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain.rows import HandoffRow, holders


def work_list_faults(row: HandoffRow, waits_for: str) -> list[str]:
    """What is wrong with the place of an open handoff that says it waits for that side; empty if nothing."""
    return list(_faults(row, waits_for))


def _faults(row: HandoffRow, waits_for: str) -> Iterator[str]:
    waiting = row.kind.waiting(row.state)
    if waiting is None:
        yield f"is open in {row.state}, where nobody is waited for"
        return
    if waits_for != waiting.side:
        yield f"waits for {waits_for or 'nobody'}, in {row.state} it is the turn of {waiting.side}"
    tabs = [tab.key for tab in row.kind.tabs if row.state in tab.states]
    if row.kind.tabs and len(tabs) != 1:
        yield f"stands in the tabs {tabs}"
    held = Counter(holder.side for holder in holders(row))
    turn = Side.REQUESTER if waiting.side is Side.PERFORMER and row.performer_external else waiting.side
    if held[turn] != 1:
        yield f"{held[turn]} have the side {turn} in hand"
