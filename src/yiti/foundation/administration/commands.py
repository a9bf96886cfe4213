"""Keeping what the hourly look at the data found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yiti.foundation.access import public as access
from yiti.foundation.administration.domain import Fault
from yiti.foundation.administration.models import Checkup
from yiti.kernel.actor import Actor

MOST_KEPT = 100
KEPT_FOR = timedelta(days=90)


@access.command
def note_checkup(*, actor: Actor, faults: Sequence[Fault], seconds: float, at: datetime) -> None:
    """Keep what a look at the data found, at most 100 faults of it; what is older than 90 days goes."""
    actor.require("system")
    kept = [{"promise": each.promise, "id": each.id, "how": each.how} for each in faults[:MOST_KEPT]]
    Checkup.objects.create(at=at, seconds=seconds, count=len(faults), faults=kept)
    Checkup.objects.filter(at__lt=at - KEPT_FOR).delete()
