"""The time and the institutions of the board, and the counts of handoffs in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from yiti.care.referrals.domain import UP_KIND, Up
from yiti.care.referrals.domain.figures import AnswerTime, Flow, change_percent
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.kernel.errors import NotFound
from yiti.kernel.workflow import Side
from yiti.spine.handoffs import public as handoffs

ANSWER = (Up.SENT, Up.ACCEPTED)
"""The state an up-referral waits for its answer in, and the one it is answered with."""


def scope_of(actor: Actor, member_id: UUID | None) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The institutions the actor may look at, and those that are looked at: one of them, or all.

    Raises NotFound for one the actor does not oversee.
    """
    scope = frozenset({actor.institution_id, *actor.oversees})
    if member_id is not None and member_id not in scope:
        raise NotFound
    return scope, scope if member_id is None else frozenset({member_id})


def month_of(at: datetime, month: date | None = None) -> date:
    """The first day of the month that is looked at: by default the running one, never one to come."""
    running = local_date(at).replace(day=1)
    return min(month.replace(day=1), running) if month else running


def begin(day: date) -> datetime:
    """When a day begins in the county."""
    return datetime.combine(day, time(), SHANGHAI)


def end(month: date, at: datetime) -> datetime:
    """When a month ends; of the running one, what has passed."""
    return min(at, begin((month + timedelta(days=31)).replace(day=1)))


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows that touch some institutions in a time; each kind is one query."""

    actor: Actor
    chosen: Collection[UUID]
    since: datetime
    until: datetime

    def of(self, kind: str) -> list[Flow]:
        """Flows of one kind by month of sending."""
        found = handoffs.flow_counts(
            self.actor,
            kind,
            institutions=self.chosen,
            since=self.since,
            until=self.until,
            reached=[Up.ARRIVED, Up.OUTCOME_SENT],
        )
        return [
            Flow(
                month=each.month,
                from_id=each.requester_id,
                to_id=each.performer_id,
                state=each.state,
                arrived=Up.ARRIVED in each.reached,
                answered_back=Up.OUTCOME_SENT in each.reached,
                n=each.n,
            )
            for each in found
        ]

    def answers(self) -> dict[date, AnswerTime]:
        """How long urgent up-referrals to these institutions waited for an answer, by month of sending."""
        found = handoffs.answer_times(
            self.actor,
            UP_KIND,
            performers=self.chosen,
            since=self.since,
            until=self.until,
            answer=ANSWER,
        )
        return {each.month: AnswerTime(_whole(each.median_minutes), each.cases, each.late) for each in found}

    def change(self, kind: str, now: int) -> float | None:
        """By how much the last month's count differs from the same days of the month before, in percent."""
        last_moment = self.until.astimezone(SHANGHAI) - timedelta(microseconds=1)
        month = begin(last_moment.date().replace(day=1))
        earlier = begin((month.date() - timedelta(days=1)).replace(day=1))
        same_days = min(earlier + (self.until - month), month)
        asked = handoffs.SentAsked(
            (kind,), self.chosen, (Side.REQUESTER, Side.PERFORMER), since=earlier, until=same_days
        )
        return change_percent(now, handoffs.count_sent(self.actor, asked, at=self.until))


def _whole(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes)
