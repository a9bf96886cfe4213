"""Dated rule data: one rule, the book of all of them, its files and its checks."""

from yiti.foundation.rules.domain.book import Rulebook, RuleNotFound, make_rulebook
from yiti.foundation.rules.domain.checks import RulebookError, gaps_of
from yiti.foundation.rules.domain.files import load_rulebook
from yiti.foundation.rules.domain.hours import WORKING_HOURS, working_hours
from yiti.foundation.rules.domain.rule import (
    ANYWHERE,
    GENERAL_KNOWLEDGE,
    Confidence,
    Range,
    Rule,
    RuleRow,
    Value,
)

__all__ = [
    "ANYWHERE",
    "GENERAL_KNOWLEDGE",
    "WORKING_HOURS",
    "Confidence",
    "Range",
    "Rule",
    "RuleNotFound",
    "RuleRow",
    "Rulebook",
    "RulebookError",
    "Value",
    "gaps_of",
    "load_rulebook",
    "make_rulebook",
    "working_hours",
]
