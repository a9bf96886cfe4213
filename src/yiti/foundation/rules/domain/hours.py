"""The one rule that the rulebook itself understands: when the county is at work."""

from __future__ import annotations

from datetime import time

from yiti.foundation.rules.domain.rule import Rule

WORKING_HOURS = "calendar.working_hours"


def working_hours(rule: Rule) -> tuple[tuple[time, time], ...]:
    """Rows of `opens` and `closes` (`"08:00"`) as pairs of times. Raises TypeError, ValueError."""
    return tuple(
        (time.fromisoformat(str(row.get("opens"))), time.fromisoformat(str(row.get("closes"))))
        for row in rule.rows()
    )
