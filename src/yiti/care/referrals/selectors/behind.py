"""The referrals behind a figure of the board, row by row: the same conditions, the same numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.domain import DOWN_KIND, KINDS, UP_KIND, Up
from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.domain.figures import OUTSIDE
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.flows import ANSWER, begin, end, month_of, scope_of
from yiti.care.referrals.selectors.waiting import may_open
from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.workflow import Side
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs

_BOTH = (Side.REQUESTER, Side.PERFORMER)
_CONDITIONS: dict[Behind, dict[str, Any]] = {
    Behind.UP: {"kinds": {UP_KIND}, "sides": _BOTH},
    Behind.DOWN: {"kinds": {DOWN_KIND}, "sides": _BOTH},
    Behind.SENDER: {"kinds": {UP_KIND}, "sides": (Side.REQUESTER,), "other_than": OUTSIDE},
    Behind.CLOSED: {"kinds": {UP_KIND}, "sides": (Side.REQUESTER,), "states": (Up.CLOSED,)},
    Behind.BESIDE: {"kinds": {UP_KIND}, "sides": _BOTH, "states": OUTSIDE},
    Behind.RECEIVER: {"kinds": {UP_KIND}, "sides": (Side.PERFORMER,), "reached": [{Up.ARRIVED}]},
    Behind.ANSWERED: {
        "kinds": {UP_KIND},
        "sides": (Side.PERFORMER,),
        "reached": [{Up.ARRIVED}, {Up.OUTCOME_SENT}],
    },
    Behind.URGENT: {"kinds": {UP_KIND}, "sides": (Side.PERFORMER,), "answer": ANSWER},
    Behind.LATE: {"kinds": {UP_KIND}, "sides": (Side.PERFORMER,), "answer": ANSWER, "late": True},
    Behind.SENT_UP: {"kinds": {UP_KIND}, "sides": (Side.REQUESTER,)},
    Behind.GOT_DOWN: {"kinds": {DOWN_KIND}, "sides": (Side.PERFORMER,)},
    Behind.OPEN: {"kinds": KINDS, "open": True},
    Behind.PRESSED: {"kinds": KINDS, "pressed": True},
}


@dataclass(frozen=True, slots=True)
class BehindAsked:
    """Which figure, of which month (None: the running one) and member (None: all), and narrowed to what:
    `reason` is a code of `up-reason`, `text` a name, its first letters, or the end of a number."""

    which: Behind
    month: date | None = None
    member_id: UUID | None = None
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral behind a figure; `clock` while it is open, `may_open` whether its page is there for the
    actor."""

    handoff: handoffs.HandoffRow
    clock: handoffs.ClockWords | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class BehindPage:
    """A page of the referrals behind a figure, how many there are, and the members one may ask for."""

    month: date
    members: tuple[facilities.InstitutionRow, ...]
    lines: tuple[ReferralLine, ...]
    total: int


@access.selector
def behind(
    actor: Actor, asked: BehindAsked, query: web.TableQuery[handoffs.SentSort], *, at: datetime
) -> BehindPage:
    """The referrals that a figure of the board counts. Names are masked for those who only oversee.

    Needs `referrals.board`; raises NotFound for an institution the actor does not oversee.
    """
    actor.require("referrals.board")
    scope, chosen = scope_of(actor, asked.member_id)
    month = month_of(at, asked.month)
    rows, total = handoffs.sent_rows(actor, _meant(asked, chosen, month, at), query, at=at)
    lines = tuple(ReferralLine(row.handoff, row.clock, may_open(actor, row.handoff)) for row in rows)
    return BehindPage(month, tuple(facilities.institutions(scope).values()), lines, total)


def _meant(asked: BehindAsked, chosen: Collection[UUID], month: date, at: datetime) -> handoffs.SentAsked:
    conditions = dict(_CONDITIONS[asked.which])
    if asked.which.of_a_month:
        conditions |= {"since": begin(month), "until": end(month, at)}
    if asked.reason and asked.which.has_reasons:
        conditions["ids"] = _given_reason(asked.reason, begin(month), end(month, at))
    return handoffs.SentAsked(institutions=chosen, text=asked.text, **conditions)


def _given_reason(code: str, since: datetime, until: datetime) -> list[UUID]:
    """The up-referrals of a time that were sent for this reason. One query."""
    found = UpReferral.objects.filter(reason_code=code, sent_at__gte=since, sent_at__lt=until)
    return list(found.values_list("handoff_id", flat=True))
