"""All rules together, and the one that holds for a day and a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from yiti.foundation.rules.domain.checks import RulebookError, problems_of
from yiti.foundation.rules.domain.rule import ANYWHERE, Rule


class RuleNotFound(KeyError):
    """A program asked for a rule that does not exist or does not hold there and then.

    No user can cause or mend it, so it is not a `DomainError`.
    """


@dataclass(frozen=True)
class Rulebook:
    """A checked set of rules. Build it with `make_rulebook` or `load_rulebook`."""

    rules: tuple[Rule, ...]
    by_key: Mapping[str, tuple[Rule, ...]]

    def find(self, key: str, on: date, region: str = ANYWHERE, *, variant: str = "") -> Rule:
        """The rule in force on that day in that region: the one with the longest region wins.

        With a variant (`urgent`), the rule `key.variant` where there is one in force, else `key`.
        Raises RuleNotFound.
        """
        if variant and (special := self._in_force(f"{key}.{variant}", on, region)):
            return special
        if rule := self._in_force(key, on, region):
            return rule
        raise RuleNotFound(f"{key} has no value on {on} in {region}")

    def _in_force(self, key: str, on: date, region: str) -> Rule | None:
        fitting = [rule for rule in self.by_key.get(key, ()) if rule.holds_on(on) and rule.holds_in(region)]
        return max(fitting, key=lambda rule: len(rule.region) if rule.region != ANYWHERE else 0, default=None)

    def versions(self, key: str) -> tuple[Rule, ...]:
        """All rules of a key, by region and day. Raises RuleNotFound."""
        try:
            return self.by_key[key]
        except KeyError:
            raise RuleNotFound(f"no rule {key}") from None


def make_rulebook(rules: Iterable[Rule]) -> Rulebook:
    """Check and freeze a set of rules. Raises RulebookError with every problem found."""
    ordered = tuple(sorted(rules, key=lambda rule: (rule.key, rule.region, rule.valid_from)))
    if problems := problems_of(ordered):
        raise RulebookError(problems)
    return Rulebook(ordered, {key: tuple(group) for key, group in groupby(ordered, lambda rule: rule.key)})
