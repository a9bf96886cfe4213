"""The rulebook that Yiti ships: sound, honest about its sources, and fitting together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from yiti.foundation.rules.domain import GENERAL_KNOWLEDGE, Confidence, Rule, gaps_of, load_rulebook
from yiti.kernel.workhours import Calendar

BOOK = load_rulebook(Path(settings.YITI_RULEBOOK))
DAY = date(2026, 11, 20)
URGENCIES = ("", "urgent", "critical")

# Documents that a rule may name; a new one is added here by hand, after somebody has seen it.
DOCUMENTS = {
    GENERAL_KNOWLEDGE,
    "国家基本公共卫生服务规范（第三版）国卫基层发〔2017〕13号",
}


def limit_keys() -> list[str]:
    """Keys of time limits that have a rule for urgent cases."""
    return sorted(
        {
            rule.key.removesuffix(".urgent")
            for rule in BOOK.rules
            if rule.key.endswith(".urgent") and rule.clock
        }
    )


def vitals() -> list[str]:
    """Names of the vital signs with limits."""
    return sorted({rule.key.split(".")[1] for rule in BOOK.rules if rule.key.endswith(".possible")})


def test_it_has_no_holes() -> None:
    assert gaps_of(BOOK.rules) == []


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.reference)
def test_every_source_is_a_known_document_or_admits_to_be_none(rule: Rule) -> None:
    assert rule.source in DOCUMENTS
    # nobody has read a value in its document yet: H would be a boast
    assert rule.confidence in (Confidence.MEDIUM, Confidence.LOW)


def test_general_limits_stand_behind_the_urgent_ones() -> None:
    assert "referral.answer_limit" in limit_keys()
    assert all(BOOK.find(key, DAY).clock for key in limit_keys())


@pytest.mark.parametrize("key", limit_keys())
def test_the_more_urgent_the_less_time(key: str) -> None:
    minutes = [BOOK.find(key, DAY, variant=urgency).limit().minutes for urgency in URGENCIES]
    assert minutes == sorted(minutes, reverse=True)


def test_urgent_referrals_are_answered_round_the_clock() -> None:
    answers = [BOOK.find("referral.answer_limit", DAY, variant=urgency).explain() for urgency in URGENCIES]
    assert answers == [
        "规则：接收答复时限 4 时，工作时间计，来源 通用做法，可信度 待核。",
        "规则：接收答复时限（急） 30 分，24 小时计，来源 通用做法，可信度 中。",
        "规则：接收答复时限（危重） 10 分，24 小时计，来源 通用做法，可信度 中。",
    ]


def test_a_limit_called_one_working_day_is_one() -> None:
    hours = BOOK.find("calendar.working_hours", DAY)
    assert BOOK.find("referral.down_answer_limit", DAY).limit().minutes == Calendar().minutes_per_day
    assert [row["opens"] for row in hours.rows()] == [f"{opens:%H:%M}" for opens, _ in Calendar().hours]


def test_every_approval_that_is_required_names_who_approves() -> None:
    rows = BOOK.find("referral.approval", DAY).rows()
    assert all(row["zh"] for row in rows)
    assert all(("approver" in row) is row["required"] for row in rows)


def test_every_row_of_the_approvals_can_be_said_in_both_languages() -> None:
    rows = [row for rule in BOOK.versions("referral.approval") for row in rule.rows()]
    assert all(row["zh"] and row["en"] for row in rows)


def test_the_last_row_of_the_approvals_fits_everything_and_asks() -> None:
    last = BOOK.find("referral.approval", DAY).rows()[-1]
    assert set(last) == {"zh", "en", "required", "approver"}
    assert last["required"] is True


def test_the_best_target_has_one_hundred_points() -> None:
    best = ("capability", "free_bed", "travel", "consortium_head")
    assert sum(BOOK.find(f"referral.target.{part}", DAY).integer() for part in best) == 100


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("capability", "capability_limited"),
        ("free_bed", "bed_unknown"),
        ("consortium_head", "consortium_member"),
        ("consortium_member", "alliance"),
    ],
)
def test_the_better_target_earns_more(better: str, worse: str) -> None:
    points = [BOOK.find(f"referral.target.{part}", DAY).integer() for part in (better, worse)]
    assert points[0] > points[1] > 0


@pytest.mark.parametrize("urgency", URGENCIES)
def test_a_wait_warns_before_and_is_reported_after_its_end(urgency: str) -> None:
    soon, late = (
        BOOK.find(f"handoff.{word}", DAY, variant=urgency).integer() for word in ("due_soon", "escalated")
    )
    assert 0 < soon < 100 < late


def test_the_recipients_of_an_overdue_wait() -> None:
    told = [BOOK.find(f"handoff.{level}_tells", DAY).value for level in ("due_soon", "overdue", "escalated")]
    assert told == [(), ("referral_center_head",), ("consortium_office",)]


@pytest.mark.parametrize("name", vitals())
def test_limits_of_a_vital_sign_lie_inside_one_another(name: str) -> None:
    """possible low <= critical low < target low < target end < critical high <= possible high."""
    possible = BOOK.find(f"vitals.{name}.possible", DAY).range()
    inner = [
        BOOK.find(f"vitals.{name}.{end}", DAY)
        for end in ("critical_low", "target_low", "target_below", "critical_high")
        if f"vitals.{name}.{end}" in BOOK.by_key
    ]
    numbers = [rule.number() for rule in inner]
    assert numbers == sorted(set(numbers))
    assert all(possible.holds(number) for number in numbers)
    assert {rule.unit for rule in inner} <= {BOOK.find(f"vitals.{name}.possible", DAY).unit}


def test_a_county_may_differ() -> None:
    assert (
        BOOK.find("travel.road_factor", DAY, "441826").number()
        > BOOK.find("travel.road_factor", DAY).number()
    )
