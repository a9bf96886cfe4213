"""How the background work is doing."""

from __future__ import annotations

from procrastinate.contrib.django.models import ProcrastinateJob

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor


@access.selector
def count_failed(actor: Actor) -> int:
    """Jobs that ended in failure and are still listed."""
    actor.require("system")
    count: int = ProcrastinateJob.objects.filter(status="failed").count()
    return count
