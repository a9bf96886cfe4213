"""How many events wait, and which were given up."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Min, Q

from yiti.foundation.access import public as access
from yiti.foundation.outbox.domain import MOST_TRIES, Backlog
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor

_WAITING = Q(handled_at__isnull=True)


@access.selector
def backlog(actor: Actor) -> Backlog:
    """Events that wait for their handlers, since when, and those that were given up."""
    found = OutboxEvent.objects.filter(_WAITING).aggregate(
        waiting=Count("id", filter=Q(tries__lt=MOST_TRIES)),
        oldest_at=Min("recorded_at", filter=Q(tries__lt=MOST_TRIES)),
        given_up=Count("id", filter=Q(tries__gte=MOST_TRIES)),
    )
    return Backlog(**found)


def given_up() -> dict[UUID, str]:
    """Events that no handler could take in all tries, by id: what they are and what went wrong last."""
    found = OutboxEvent.objects.filter(_WAITING, tries__gte=MOST_TRIES).order_by("id")[:1000]
    return {each.id: f"{each.kind}: {each.last_error[:300]}" for each in found}
