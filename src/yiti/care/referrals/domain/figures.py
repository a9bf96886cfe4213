"""The figures of the board: every rate with its numerator and denominator, unknown never zero.

Closed loop (decision 32), counted in the month of sending:
sender's = closed / (sent - withdrawn - declined - expired - died), receiver's = outcome sent / arrived.
What ended otherwise stands beside the rate, not inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yiti.care.referrals.domain.up import Up

MONTHS_SHOWN = 12
OUTSIDE = (Up.CANCELLED, Up.DECLINED, Up.EXPIRED, Up.DIED)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many referrals of one kind were sent in a month between two institutions and stand in one
    state; `arrived` and `answered_back` say whether the person came and an outcome was sent."""

    month: date
    from_id: UUID
    to_id: UUID | None
    state: str
    arrived: bool
    answered_back: bool
    n: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of; `percent` to one decimal, None without a denominator."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """The rate in percent, None when there is nothing to divide by."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """Median minutes from sending to acceptance of urgent referrals; None without an accepted one. `late`
    of the `cases` waited over their limit."""

    median_minutes: int | None = None
    cases: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """All figures of one month of sending."""

    month: date
    up: int
    down: int
    sender: Rate
    receiver: Rate
    answer: AnswerTime


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """What one member sent up, and what it received from above, in the month."""

    institution_id: UUID
    name: str
    level: str
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """How often a reason was given, and its share of all in percent (whole)."""

    code: str
    zh: str
    n: int
    percent: int


def months_up_to(month: date, count: int = MONTHS_SHOWN) -> list[date]:
    """The first days of `count` months, oldest first, ending with that of `month`."""
    last = month.year * 12 + month.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(last - count + 1, last + 1)]


def month_figures(
    month: date,
    ups: Iterable[Flow],
    downs: Iterable[Flow],
    answers: Mapping[date, AnswerTime],
    members: Collection[UUID],
) -> MonthFigures:
    """The figures of one month for some institutions, out of flows that touch them and their answer times
    by month.

    A referral counts where one of them sent or received it; the sender's rate counts what they sent, the
    receiver's what they received.
    """
    up = [flow for flow in ups if flow.month == month]
    return MonthFigures(
        month=month,
        up=count(up),
        down=count(flow for flow in downs if flow.month == month),
        sender=sender_rate([flow for flow in up if flow.from_id in members]),
        receiver=receiver_rate([flow for flow in up if flow.to_id in members]),
        answer=answers.get(month, AnswerTime()),
    )


def sender_rate(flows: Sequence[Flow]) -> Rate:
    """Closed of all that were sent and not withdrawn, declined, expired, or ended by a death."""
    inside = [flow for flow in flows if flow.state not in OUTSIDE]
    return Rate(count(flow for flow in inside if flow.state == Up.CLOSED), count(inside))


def receiver_rate(flows: Sequence[Flow]) -> Rate:
    """Outcome sent back of all who arrived."""
    arrived = [flow for flow in flows if flow.arrived]
    return Rate(count(flow for flow in arrived if flow.answered_back), count(arrived))


def beside(flows: Iterable[Flow]) -> dict[str, int]:
    """How many ended outside the sender's rate, by state."""
    counted: Counter[str] = Counter()
    for flow in flows:
        counted[flow.state] += flow.n
    return {state.value: counted[state] for state in OUTSIDE}


def by_member(ups: Iterable[Flow], downs: Iterable[Flow]) -> dict[UUID, tuple[int, int]]:
    """What each institution sent up and received from above."""
    sent: Counter[UUID] = Counter()
    received: Counter[UUID] = Counter()
    for flow in ups:
        sent[flow.from_id] += flow.n
    for flow in downs:
        if flow.to_id is not None:
            received[flow.to_id] += flow.n
    return {each: (sent[each], received[each]) for each in sent.keys() | received.keys()}


def change_percent(now: int, before: int) -> float | None:
    """By how much a count changed, in percent to one decimal; None when there was nothing before."""
    return round(100 * (now - before) / before, 1) if before else None


def change_points(now: Rate, before: Rate) -> float | None:
    """By how many points a rate changed, to one decimal; None where one of the two is unknown."""
    if now.percent is None or before.percent is None:
        return None
    return round(now.percent - before.percent, 1)


def count(flows: Iterable[Flow]) -> int:
    """How many referrals these are."""
    return sum(flow.n for flow in flows)
