"""Ending a posting."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.staff.models import Posting


@access.command
def end_posting(*, actor: Actor, posting_id: UUID, last_day: date, at: datetime) -> None:
    """End a posting on a day; the person keeps the account and other postings.

    Raises NotFound, Conflict when it has ended already, InvalidInput for a day before it began.
    """
    actor.require("staff.manage")
    posting = Posting.objects.select_for_update().filter(pk=posting_id).first()
    if posting is None:
        raise NotFound
    if posting.valid_until is not None and posting.valid_until < local_date(at):
        raise Conflict(N_("这个岗位已经结束"))
    if last_day < posting.valid_from:
        raise InvalidInput(N_("结束日期早于开始日期"), field="last_day")
    posting.valid_until = last_day
    posting.save(update_fields=["valid_until"])
    audit.note(
        actor,
        "staff.end_posting",
        kind="staff.posting",
        record_id=posting.id,
        at=at,
        detail={"last_day": last_day.isoformat()},
    )
