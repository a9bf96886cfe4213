"""What other rooms may use of the rulebook. All reads; rules are no secret, so no actor is asked."""

from yiti.foundation.rules.domain import ANYWHERE, Confidence, Range, Rule, RuleNotFound, RuleRow, Value
from yiti.foundation.rules.selectors import all_rules, calendar, find, limit, search, subjects, versions

__all__ = [
    "ANYWHERE",
    "Confidence",
    "Range",
    "Rule",
    "RuleNotFound",
    "RuleRow",
    "Value",
    "all_rules",
    "calendar",
    "find",
    "limit",
    "search",
    "subjects",
    "versions",
]
