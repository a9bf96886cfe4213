"""Reading back how the house stands, and what the rulebook says of unusual use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.domain import CheckupRow, Fault
from yiti.foundation.administration.models import Checkup
from yiti.foundation.audit import public as audit
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor


@access.selector
def checkups(actor: Actor, *, limit: int = 24) -> list[CheckupRow]:
    """What the last looks at the data found, newest first (one of the three administrators)."""
    actor.require(accounts.ADMINISTER)
    return [
        CheckupRow(row.at, row.seconds, row.count, tuple(Fault(**each) for each in row.faults))
        for row in Checkup.objects.order_by("-at")[:limit]
    ]


@access.selector
def last_sound_at(actor: Actor) -> datetime | None:
    """When the hourly look at the data last found nothing broken; None before the first."""
    actor.require("system")
    return Checkup.objects.filter(count=0).order_by("-at").values_list("at", flat=True).first()


def thresholds(on: date) -> list[audit.Threshold]:
    """The thresholds in force on a day (rule `audit.usage`)."""
    return [_threshold(dict(row)) for row in rules.find("audit.usage", on).rows()]


def _threshold(row: dict[str, Any]) -> audit.Threshold:
    return audit.Threshold(audit.Measure(row.pop("what")), **row)


def night_hours(on: date) -> tuple[int, int]:
    """The hours of the night, from the first until before the second (rule `audit.night`)."""
    value = rules.find("audit.night", on).value
    if not isinstance(value, Mapping):
        raise TypeError("audit.night is not a mapping")
    return int(str(value["from"])), int(str(value["to"]))
