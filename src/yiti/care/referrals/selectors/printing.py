"""What stands on the paper: 转出单, 存根 and 回执 of the way up, 回转单 of the way down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.domain import PrintCopy
from yiti.care.referrals.models import PrintLog
from yiti.care.referrals.selectors.details import down_detail, up_detail
from yiti.care.referrals.selectors.rows import DownDetail, UpDetail
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes


@dataclass(frozen=True, slots=True)
class Paper:
    """One A4: either of the two details, the title line, and how often that copy was printed before.

    The foot says who prints, when, and the number that `commands.note_print` gives.
    """

    copy: PrintCopy
    consortium: str
    episode_number: str
    printed_before: int
    up: UpDetail | None = None
    down: DownDetail | None = None


@access.selector
def paper(actor: Actor, handoff_id: UUID, copy: PrintCopy, at: datetime) -> Paper:
    """What is printed of a referral. Raises NotFound, also for the wrong copy of it."""
    up = down = None
    if copy is PrintCopy.FORM:
        row = (up := up_detail(actor, handoff_id, at)).handoff
    else:
        row = (down := down_detail(actor, handoff_id, at)).handoff
    own = facilities.consortium_of(row.requester_institution_id, local_date(at))
    episode_ids = [row.episode_id] if row.episode_id else []
    found = episodes.episodes(actor, episode_ids)
    return Paper(
        copy=copy,
        consortium=own.name if own else "",
        episode_number=found[row.episode_id].number if row.episode_id in found else "",
        printed_before=PrintLog.objects.filter(handoff_id=handoff_id, copy=copy).count(),
        up=up,
        down=down,
    )
