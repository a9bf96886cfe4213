"""Reading back how the house stands."""

from __future__ import annotations

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.domain import CheckupRow, Fault
from yiti.foundation.administration.models import Checkup
from yiti.kernel.actor import Actor


@access.selector
def checkups(actor: Actor, *, limit: int = 24) -> list[CheckupRow]:
    """What the last looks at the data found, newest first (one of the three administrators)."""
    actor.require(accounts.ADMINISTER)
    return [
        CheckupRow(row.at, row.seconds, row.count, tuple(Fault(**each) for each in row.faults))
        for row in Checkup.objects.order_by("-at")[:limit]
    ]
