"""What the rulebook says about a wait: how long, when to warn, and who is told.

A key that ends in an urgency replaces the general one; `<limit>.due_soon`, `.escalated` and
`.<level>_tells` replace the house's own `handoff.…` for one limit.
"""

from __future__ import annotations

from datetime import date, datetime

from yiti.foundation.rules import public as rules
from yiti.kernel.clock import local_date
from yiti.kernel.workflow import RuleRef
from yiti.kernel.workhours import Limit, deadline
from yiti.spine.handoffs.domain import Alert, Timers, kind
from yiti.spine.handoffs.models import Handoff

_HOUSE = "handoff"


def timers_for(row: Handoff, state: str, since: datetime, agreed: datetime | None = None) -> Timers:
    """The clock of a wait that began at `since`, from the rules in force then where the work is done.

    `agreed` is when the sides expect it to end (an arrival, a day of follow-up); it takes the place of
    the rule's limit, and is warned of and reported at the same shares.
    """
    table = kind(row.kind).workflow
    ends = [
        (_ends(row, _limit(row, s.after, since), since), s.name) for s in table.clock_steps(state) if s.after
    ]
    step_at, step = min(ends, default=(None, ""))
    waiting = table.waits.get(state)
    if waiting is None or (waiting.limit is None and agreed is None):
        return Timers(step=step, step_at=step_at)
    soon, escalated = (
        _share(row, waiting.limit, level, since) for level in (Alert.DUE_SOON, Alert.ESCALATED)
    )
    if agreed is not None:
        whole = agreed - since
        moments = (since + whole * soon / 100, agreed, since + whole * escalated / 100)
    else:
        assert waiting.limit is not None  # said above
        limit = _limit(row, waiting.limit, since)
        moments = (
            _ends(row, _part(limit, soon), since),
            _ends(row, limit, since),
            _ends(row, _part(limit, escalated), since),
        )
    return Timers(*moments, step=step, step_at=step_at)


def roles_told(row: Handoff, alert: Alert, on: date) -> tuple[str, ...]:
    """The roles at the late side's institution that the rules name for this level (decision 31)."""
    waiting = kind(row.kind).waiting(row.state)
    prefixes = [waiting.limit.key, _HOUSE] if waiting and waiting.limit else [_HOUSE]
    named = _first(row, [f"{prefix}.{alert}_tells" for prefix in prefixes], on).value
    return tuple(str(role) for role in named) if isinstance(named, tuple) else ()


def _limit(row: Handoff, limit: RuleRef, since: datetime) -> Limit:
    return _first(row, [limit.key], local_date(since)).limit()


def _share(row: Handoff, of: RuleRef | None, level: Alert, since: datetime) -> int:
    """The percent of a limit after which a level is reached."""
    prefixes = [of.key, _HOUSE] if of else [_HOUSE]
    return _first(row, [f"{prefix}.{level}" for prefix in prefixes], local_date(since)).integer()


def _part(limit: Limit, percent: int) -> Limit:
    return Limit(max(1, limit.minutes * percent // 100), limit.clock)


def _ends(row: Handoff, limit: Limit, since: datetime) -> datetime:
    return deadline(since, limit, rules.calendar(local_date(since), row.region_code))


def _first(row: Handoff, keys: list[str], on: date) -> rules.Rule:
    """The first of these rules that exists, each asked for the handoff's urgency before all urgencies.

    Raises rules.RuleNotFound when none does: a gap in the rulebook.
    """
    asked = [each for key in keys for each in (f"{key}.{row.urgency}", key)]
    for key in asked[:-1]:
        try:
            return rules.find(key, on, row.region_code)
        except rules.RuleNotFound:
            continue
    return rules.find(asked[-1], on, row.region_code)
