"""The board: what the members sent and received, how well the loop closes, and what waits too long.

Reads of other rooms: counts and answer times of handoffs (handoffs.flow_counts, handoffs.answer_times), the
work list over the members (handoffs.worklist), wards and beds (facilities.bed_board). Own tables give the
reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q

from yiti.care.referrals.domain import DOWN_KIND, KINDS, UP_KIND, Tables, Up
from yiti.care.referrals.domain.figures import (
    Answered,
    Flow,
    MemberFigures,
    MonthFigures,
    ReasonFigures,
    beside,
    by_member,
    change_percent,
    count,
    month_figures,
    months_up_to,
)
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors import parts
from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs

_LOOKED_AT = 100
"""Lines of the work list that are read for the list of what is late: those due first."""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A referral that is late or soon will be, and who has it in hand. The person's name is masked for
    those who only oversee."""

    handoff: handoffs.HandoffRow
    clock: handoffs.ClockWords
    owner: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board. `months` are twelve, oldest first, the last is `month`; changes are against
    the same days of the month before (counts, percent) or the whole month before (rates, points).

    `inpatient_share` is None until the mart gives it: unknown, not zero. `ended_otherwise` stands beside
    the sender's rate, by state.
    """

    at: datetime
    month: date
    members: tuple[facilities.InstitutionRow, ...]
    months: tuple[MonthFigures, ...]
    up_change: float | None
    down_change: float | None
    inpatient_share: float | None
    ended_otherwise: dict[str, int]
    by_member: tuple[MemberFigures, ...]
    by_reason: tuple[ReasonFigures, ...]
    waiting: tuple[WaitingLine, ...]
    late: int
    due_soon: int
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
    scope = {actor.institution_id, *actor.oversees}
    if member_id is not None and member_id not in scope:
        raise NotFound
    chosen = scope if member_id is None else {member_id}
    months = months_up_to((month or local_date(at)).replace(day=1))
    flows = _Flows(actor, chosen, since=_begin(months[0]), until=min(at, _begin(_next(months[-1]))))
    ups, downs = flows.of(UP_KIND), flows.of(DOWN_KIND)
    places = facilities.institutions(scope)
    waiting, late, due_soon = _waiting(actor, chosen, at)
    head = _bed_place(places, actor, member_id, at)
    answers = flows.answers()
    figures = tuple(month_figures(each, ups, downs, answers, chosen) for each in months)
    return Board(
        at=at,
        month=months[-1],
        members=tuple(places.values()),
        months=figures,
        up_change=flows.change(UP_KIND, figures[-1].up),
        down_change=flows.change(DOWN_KIND, figures[-1].down),
        inpatient_share=None,
        ended_otherwise=beside(flow for flow in ups if flow.month == months[-1]),
        by_member=_by_member(places, chosen, ups, downs, months[-1]),
        by_reason=_by_reason(chosen, _begin(months[-1]), flows.until),
        waiting=waiting,
        late=late,
        due_soon=due_soon,
        beds_of=head,
        beds=tuple(facilities.bed_board(head.id, at)) if head else (),
    )


def _begin(day: date) -> datetime:
    """When a day begins in the county."""
    return datetime.combine(day, time(), SHANGHAI)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class _Flows:
    """The flows that touch some institutions in a time; each kind is one query."""

    actor: Actor
    chosen: Collection[UUID]
    since: datetime
    until: datetime

    def of(self, kind: str) -> list[Flow]:
        """Flows of one kind by month of sending."""
        return self._between(kind, self.since, self.until)

    def _between(self, kind: str, since: datetime, until: datetime) -> list[Flow]:
        found = handoffs.flow_counts(
            self.actor,
            kind,
            institutions=self.chosen,
            since=since,
            until=until,
            reached={"arrived": {Up.ARRIVED}, "answered_back": {Up.OUTCOME_SENT}},
        )
        return [
            Flow(
                month=each.month,
                from_id=each.requester_id,
                to_id=each.performer_id,
                state=each.state,
                arrived="arrived" in each.reached,
                answered_back="answered_back" in each.reached,
                n=each.n,
            )
            for each in found
        ]

    def answers(self) -> list[Answered]:
        """How long urgent up-referrals to these institutions waited for an answer."""
        found = handoffs.answer_times(
            self.actor,
            UP_KIND,
            performers=self.chosen,
            since=self.since,
            until=self.until,
            answer=(Up.SENT, Up.ACCEPTED),
        )
        return [Answered(each.month, each.minutes, each.is_late) for each in found]

    def change(self, kind: str, now: int) -> float | None:
        """By how much the last month's count differs from the same days of the month before, in percent."""
        last_moment = self.until.astimezone(SHANGHAI) - timedelta(microseconds=1)
        month = _begin(last_moment.date().replace(day=1))
        earlier = _begin((month.date() - timedelta(days=1)).replace(day=1))
        same_days = min(earlier + (self.until - month), month)
        return change_percent(now, count(self._between(kind, earlier, same_days)))


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
        ReasonFigures(code, terminology.label(Tables.UP_REASON, code), n, round(100 * n / whole))
        for code, n in rows
    )


def _waiting(
    actor: Actor, chosen: Collection[UUID], at: datetime
) -> tuple[tuple[WaitingLine, ...], int, int]:
    """What is late or soon will be among the first of the work list, latest first, and how many of each."""
    query = web.TableQuery(
        sort=handoffs.WorkSort.DUE, descending=False, filters={"over": "1"}, page=1, size=_LOOKED_AT
    )
    rows, _ = handoffs.worklist(actor, query, at=at)
    pressed = [
        (row.handoff, row.clock)
        for row in rows
        if row.clock is not None and row.clock.pressure and _touches(row.handoff, chosen)
    ]
    names = _owners(actor, [handoff for handoff, _ in pressed])
    lines = tuple(WaitingLine(row, clock, names[row.id]) for row, clock in pressed)
    late = sum(line.clock.pressure is handoffs.Pressure.LATE for line in lines)
    return lines, late, len(lines) - late


def _touches(row: handoffs.HandoffRow, chosen: Collection[UUID]) -> bool:
    sides = {row.requester_institution_id, row.performer_institution_id, row.follower_institution_id}
    return row.kind_code in KINDS and bool(sides & set(chosen))


def _owners(actor: Actor, rows: Sequence[handoffs.HandoffRow]) -> dict[UUID, str]:
    """Who has each referral in hand now: `县人民医院 李秀萍`. Three queries for any number."""
    held = {row.id: _holder(row) for row in rows}
    names = parts.Directory(
        actor,
        places=[holder.institution_id for holder in held.values() if holder],
        rooms=[h.id for h in held.values() if h and h.post is handoffs.Post.DEPARTMENT],
        people=[h.id for h in held.values() if h and h.post is handoffs.Post.PERSON],
    )
    return {id_: names.holder(holder) if holder else "" for id_, holder in held.items()}


def _holder(row: handoffs.HandoffRow) -> handoffs.Holder | None:
    turn = row.kind.waiting(row.state)
    return next((each for each in handoffs.holders(row) if turn and each.side is turn.side), None)


def _bed_place(
    places: dict[UUID, facilities.InstitutionRow], actor: Actor, member_id: UUID | None, at: datetime
) -> facilities.InstitutionRow | None:
    """Whose beds are shown: the chosen member's, else those of the head of the consortium."""
    if member_id is not None:
        return places.get(member_id)
    own = facilities.consortium_of(actor.institution_id, local_date(at))
    members = facilities.members(own.id, local_date(at)) if own else []
    head = next((each for each in members if each.role is facilities.MemberRole.HEAD), None)
    return places.get(head.institution_id) if head else None
