"""Figures as values: what stands inside a rate, what beside it, and that unknown is never zero."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from yiti.care.referrals.domain import Up
from yiti.care.referrals.domain.figures import (
    AnswerTime,
    Flow,
    Rate,
    beside,
    by_member,
    change_percent,
    month_figures,
    months_up_to,
    receiver_rate,
    sender_rate,
)

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
TOWN, HEAD = UUID(int=1), UUID(int=2)


def a_flow(state: str = Up.CLOSED, n: int = 1, **changes: Any) -> Flow:
    """Referrals of a township to the head hospital, sent in November."""
    came = state in (Up.CLOSED, Up.OUTCOME_SENT)
    values: dict[str, Any] = {
        "month": NOVEMBER,
        "from_id": TOWN,
        "to_id": HEAD,
        "state": state,
        "arrived": came,
        "answered_back": came,
        "n": n,
        **changes,
    }
    return Flow(**values)


def test_the_senders_rate_counts_what_was_sent_and_not_ended_otherwise() -> None:
    flows = [
        a_flow(Up.CLOSED, 188),
        a_flow(Up.OUTCOME_SENT, 10),
        a_flow(Up.NO_SHOW, 5),
        a_flow(Up.SENT, 3),
        a_flow(Up.CANCELLED, 7),
        a_flow(Up.DECLINED, 4),
        a_flow(Up.EXPIRED, 2),
        a_flow(Up.DIED, 1),
    ]
    rate = sender_rate(flows)
    assert (rate.numerator, rate.denominator, rate.percent) == (188, 206, 91.3)
    assert beside(flows) == {"cancelled": 7, "declined": 4, "expired": 2, "died": 1}


def test_the_receivers_rate_counts_outcomes_of_those_who_arrived() -> None:
    flows = [
        a_flow(Up.CLOSED, 80),
        a_flow(Up.OUTCOME_SENT, 15),
        a_flow(Up.IN_CARE, 20, arrived=True),
        a_flow(Up.DIED, 6, arrived=True),
        a_flow(Up.SENT, 40),
    ]
    assert receiver_rate(flows) == Rate(95, 121)


def test_a_rate_of_nothing_is_unknown() -> None:
    assert Rate(0, 0).percent is None
    assert change_percent(5, 0) is None
    assert month_figures(NOVEMBER, [], [], {}, {TOWN}).answer == AnswerTime(None, 0, 0)


def test_a_month_counts_only_what_was_sent_in_it_and_each_side_for_itself() -> None:
    ups = [a_flow(n=3), a_flow(n=2, month=OCTOBER), a_flow(Up.SENT, from_id=HEAD, to_id=None)]
    found = month_figures(NOVEMBER, ups, [a_flow("received", 4)], {}, {TOWN})
    assert (found.up, found.down) == (4, 4)
    assert (found.sender, found.receiver) == (Rate(3, 3), Rate(0, 0))
    assert month_figures(NOVEMBER, ups, [], {}, {HEAD}).receiver == Rate(3, 3)


def test_members_are_counted_where_they_sent_up_and_where_they_received_home() -> None:
    home = a_flow("received", 2, from_id=HEAD, to_id=TOWN)
    assert by_member([a_flow(n=5)], [home]) == {TOWN: (5, 2)}


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (date(2026, 11, 20), date(2025, 12, 1), date(2026, 11, 1)),
        (date(2026, 1, 31), date(2025, 2, 1), date(2026, 1, 1)),
    ],
)
def test_twelve_months_end_with_the_one_asked_for(month: date, first: date, last: date) -> None:
    months = months_up_to(month)
    assert (months[0], months[-1], len(set(months))) == (first, last, 12)


def test_a_change_is_in_percent_of_what_was() -> None:
    assert (change_percent(206, 220), change_percent(121, 110)) == (-6.4, 10.0)
