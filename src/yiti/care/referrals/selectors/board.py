"""The board: what the members sent and received, how well the loop closes, and what waits too long.

Reads of other rooms: counts and answer times of handoffs (handoffs.flow_counts, handoffs.answer_times), the
open ones with their clocks (handoffs.sent_rows), wards and beds (facilities.bed_board). Own tables give the
reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from yiti.care.referrals.domain import DOWN_KIND, UP_KIND, Tables
from yiti.care.referrals.domain.figures import (
    Flow,
    MemberFigures,
    MonthFigures,
    ReasonFigures,
    beside,
    by_member,
    month_figures,
    months_up_to,
)
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.flows import Flows, begin, end, month_of, scope_of
from yiti.care.referrals.selectors.rulebook import urgent_answer_minutes
from yiti.care.referrals.selectors.waiting import Waiting, waiting
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board. `months` are twelve, oldest first, the last is `month`; changes are against
    the same days of the month before (counts, percent) or the whole month before (rates, points).

    `consortium` is the name of the actor's, "" outside of any. `inpatient_share` is None until the mart
    gives it: unknown, not zero. `answer_limit` is how many minutes an urgent referral may wait.
    `ended_otherwise` stands beside the sender's rate, by state.
    """

    at: datetime
    month: date
    consortium: str
    members: tuple[facilities.InstitutionRow, ...]
    months: tuple[MonthFigures, ...]
    up_change: float | None
    down_change: float | None
    inpatient_share: float | None
    answer_limit: int
    ended_otherwise: dict[str, int]
    by_member: tuple[MemberFigures, ...]
    by_reason: tuple[ReasonFigures, ...]
    waiting: Waiting
    beds_of: facilities.InstitutionRow | None
    beds: tuple[facilities.BoardRow, ...]

    @property
    def now(self) -> MonthFigures:
        """The month asked for."""
        return self.months[-1]

    @property
    def before(self) -> MonthFigures:
        """The month before."""
        return self.months[-2]


@access.selector
def board(actor: Actor, *, at: datetime, month: date | None = None, member_id: UUID | None = None) -> Board:
    """The board of the institutions the actor oversees and its own, or of one of them.

    `month` is any day of the month wanted, by default the running one. Needs `referrals.board`; raises
    NotFound for an institution the actor does not oversee.
    """
    actor.require("referrals.board")
    scope, chosen = scope_of(actor, member_id)
    months = months_up_to(month_of(at, month))
    flows = Flows(actor, chosen, since=begin(months[0]), until=end(months[-1], at))
    ups, downs, answers = flows.of(UP_KIND), flows.of(DOWN_KIND), flows.answers()
    places = facilities.institutions(scope)
    consortium = facilities.consortium_of(actor.institution_id, local_date(at))
    head = _bed_place(places, consortium, member_id, at)
    figures = tuple(month_figures(each, ups, downs, answers, chosen) for each in months)
    return Board(
        at=at,
        month=months[-1],
        consortium=consortium.name if consortium else "",
        members=tuple(places.values()),
        months=figures,
        up_change=flows.change(UP_KIND, figures[-1].up),
        down_change=flows.change(DOWN_KIND, figures[-1].down),
        inpatient_share=None,
        answer_limit=urgent_answer_minutes(local_date(at), places[actor.institution_id].region_code),
        ended_otherwise=beside(flow for flow in ups if flow.month == months[-1]),
        by_member=_by_member(places, chosen, ups, downs, months[-1]),
        by_reason=_by_reason(chosen, begin(months[-1]), flows.until),
        waiting=waiting(actor, chosen, at),
        beds_of=head,
        beds=tuple(facilities.bed_board(head.id, at)) if head else (),
    )


def _by_member(
    places: dict[UUID, facilities.InstitutionRow],
    chosen: Collection[UUID],
    ups: Sequence[Flow],
    downs: Sequence[Flow],
    month: date,
) -> tuple[MemberFigures, ...]:
    """Members that sent or received anything, those with most first."""
    counts = by_member(
        (flow for flow in ups if flow.month == month), (flow for flow in downs if flow.month == month)
    )
    rows = [
        MemberFigures(id_, places[id_].short_name, places[id_].level, up, down)
        for id_, (up, down) in counts.items()
        if id_ in chosen
    ]
    return tuple(sorted(rows, key=lambda row: (-row.up - row.down, row.name)))


def _by_reason(chosen: Collection[UUID], since: datetime, until: datetime) -> tuple[ReasonFigures, ...]:
    """Why people were sent up, the most frequent reason first. One query."""
    found = (
        UpReferral.objects.filter(
            Q(from_institution_id__in=chosen) | Q(target_institution_id__in=chosen),
            sent_at__gte=since,
            sent_at__lt=until,
        )
        .values_list("reason_code")
        .annotate(n=Count("handoff_id"))
        .order_by("-n", "reason_code")
    )
    rows = list(found)
    whole = sum(n for _, n in rows)
    return tuple(
        ReasonFigures(code, terminology.term(Tables.UP_REASON, code), n, round(100 * n / whole))
        for code, n in rows
    )


def _bed_place(
    places: dict[UUID, facilities.InstitutionRow],
    consortium: facilities.ConsortiumRow | None,
    member_id: UUID | None,
    at: datetime,
) -> facilities.InstitutionRow | None:
    """Whose beds are shown: the chosen member's, else those of the head of the consortium."""
    if member_id is not None:
        return places.get(member_id)
    members = facilities.members(consortium.id, local_date(at)) if consortium else []
    head = next((each for each in members if each.role is facilities.MemberRole.HEAD), None)
    return places.get(head.institution_id) if head else None
