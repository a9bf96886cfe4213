"""When somebody last reminded whoever has a handoff in hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from yiti.foundation.access import public as access
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.spine.handoffs.domain import Nature
from yiti.spine.handoffs.models import HandoffEvent

_PAUSE = "handoff.urge_again"


@access.selector
def recent_urges(actor: Actor, ids: Collection[UUID], at: datetime) -> dict[UUID, datetime]:
    """When each of these handoffs was last urged, where that was in its present wait and so short a time
    ago (rule `handoff.urge_again`) that it is not urged again. One query."""
    found = HandoffEvent.objects.filter(
        handoff_id__in=ids,
        nature=Nature.URGED,
        to_state=F("handoff__state"),
        at__gte=F("handoff__state_since"),
    )
    rows = found.order_by("seq").values_list("handoff_id", "at", "handoff__region_code")
    return {
        handoff_id: urged_at for handoff_id, urged_at, region in rows if at - urged_at < _pause(at, region)
    }


def _pause(at: datetime, region: str) -> timedelta:
    return timedelta(minutes=rules.limit(_PAUSE, local_date(at), region).minutes)
