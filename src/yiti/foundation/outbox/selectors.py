"""How the outbox is doing."""

from __future__ import annotations

from django.db.models import Count, Min, Q

from yiti.foundation.access import public as access
from yiti.foundation.outbox.domain import MOST_TRIES, Backlog
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor


@access.selector
def backlog(actor: Actor) -> Backlog:
    """What has not been handled yet."""
    actor.require("system")
    still = Q(tries__lt=MOST_TRIES)
    found = OutboxEvent.objects.filter(handled_at__isnull=True).aggregate(
        waiting=Count("id", filter=still),
        oldest_at=Min("recorded_at", filter=still),
        given_up=Count("id", filter=~still),
    )
    return Backlog(**found)
