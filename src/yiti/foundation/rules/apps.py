from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from yiti.foundation.rules import selectors
from yiti.foundation.rules.domain import RulebookError
from yiti.kernel.clock import now


class RulesConfig(AppConfig):
    name = "yiti.foundation.rules"
    label = "rules"

    def ready(self) -> None:
        checks.register(check_rulebook)


def check_rulebook(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[checks.CheckMessage]:
    """A faulty rulebook keeps Yiti from starting; a hole in it, or in the holiday table, is reported."""
    try:
        holes = selectors.gaps()
    except RulebookError as error:
        return [checks.Error(problem, id="rules.E001") for problem in error.problems]
    messages: list[checks.CheckMessage] = [checks.Warning(hole, id="rules.W001") for hole in holes]
    if now().year > (last := selectors.last_holiday_year()):
        hint = "Update the package chinesecalendar; until then only weekends count as closed."
        messages.append(checks.Warning(f"the holiday table ends with {last}", hint=hint, id="rules.W002"))
    return messages
