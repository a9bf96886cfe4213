"""The invented referrals: repeatable, plausible, every way ended, as many as a county of this size sends."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from statistics import median

import pytest

from yiti.config.example.cast import cast
from yiti.config.example.conditions import HEAD, REASONS, Condition, conditions
from yiti.config.example.courses import TOWNSHIP
from yiti.config.example.history import HOME_NOW, MONTHLY, days, draw_condition
from yiti.config.example.open_cases import condition_of, kept_beds
from yiti.config.example.people import Numbers
from yiti.config.example.plan import CASES, OWN_CLINIC, OWN_DOCTOR, OWN_PHYSICIAN, Case
from yiti.config.example.run import a_run
from yiti.config.example.signs import read_signs
from yiti.config.example.timing import before, moments_of
from yiti.config.example.wards import TAKEN
from yiti.config.example.ways import (
    CRITICAL,
    ROUTINE,
    URGENT,
    Ending,
    Odds,
    WayUp,
    moment_on,
    urgency_of,
    way_up,
)
from yiti.kernel.clock import local_date
from yiti.kernel.workhours import Calendar, working_minutes_between

CALENDAR = Calendar()


def ways(at: datetime, seed: int = 1) -> list[WayUp]:
    """All ways of twelve months, without the people."""
    run, found = a_run(seed, at), []
    for day, odds in days(run, CALENDAR):
        condition = draw_condition(run.rng, TOWNSHIP)
        urgency = urgency_of(run.rng, condition)
        sent = urgency, moment_on(run.rng, day, urgency)
        way = way_up(run.rng, condition, sent, at, CALENDAR, odds)
        if way is not None:
            found.append(way)
    return found


@pytest.fixture(scope="module")
def year() -> list[WayUp]:
    """The ways of one run, made once for this module."""
    return ways(NOW)


NOW = datetime.fromisoformat("2026-11-20T09:48:00+08:00")


def test_the_same_seed_makes_the_same_year(year: list[WayUp]) -> None:
    assert ways(NOW) == year
    assert ways(NOW, seed=2) != year


def test_every_way_has_ended_and_runs_forward(year: list[WayUp]) -> None:
    for way in year:
        assert way.ended_at < NOW
        moments = [way.seen_at, way.sent_at, way.returned_at, way.supplied_at, way.answered_at]
        if way.ending in (Ending.CLOSED, Ending.DIED):
            moments += [way.departed_at, way.arrived_at, way.admitted_at if way.stay else None, way.out_at]
        if way.home is not None:
            home = way.home
            moments += [home.sent_at, home.returned_at, home.supplied_at, home.answered_at]
        known = [each for each in moments if each is not None]
        assert known == sorted(known)
        assert way.departed_at < way.expected_at


def test_a_plan_is_followed_up_after_it_was_received_and_in_its_days(year: list[WayUp]) -> None:
    for home in (way.home for way in year if way.home is not None):
        assert home.answered_at < home.seen_at < home.closed_at
        assert local_date(home.sent_at) < home.first_date <= local_date(home.sent_at) + timedelta(days=7)


def test_what_can_wait_is_answered_in_working_hours(year: list[WayUp]) -> None:
    for way in year:
        if way.urgency == ROUTINE:
            around = timedelta(minutes=1)
            assert working_minutes_between(way.answered_at - around, way.answered_at + around, CALENDAR)


def test_the_volumes_are_those_of_a_county(year: list[WayUp]) -> None:
    ups = Counter(f"{way.sent_at:%Y-%m}" for way in year)
    downs = Counter(f"{way.home.sent_at:%Y-%m}" for way in year if way.home is not None)
    full = [f"2025-{12}", *(f"2026-{month:02}" for month in range(1, 11))]
    assert all(230 <= ups[month] <= 345 for month in full), ups
    assert all(75 <= downs[month] <= 205 for month in full), downs
    first, last = (sum(downs[month] for month in part) for part in (full[:3], full[-3:]))
    assert last > 1.3 * first


def test_the_reasons_are_spread_as_on_the_board(year: list[WayUp]) -> None:
    shares = Counter(way.condition.reason for way in year)
    for reason, percent in REASONS.items():
        assert abs(100 * shares[reason] / len(year) - percent) < 3, reason


def test_urgent_answers_come_in_minutes_and_a_few_are_late(year: list[WayUp]) -> None:
    limits = {URGENT: 30, CRITICAL: 10}
    answered = [
        (way.urgency, way.answered_at - way.sent_at)
        for way in year
        if way.urgency in limits and way.ending is not Ending.EXPIRED
    ]
    minutes = [wait / timedelta(minutes=1) for _, wait in answered]
    late = sum(wait > timedelta(minutes=limits[urgency]) for urgency, wait in answered)
    assert 14 <= median(minutes) <= 20
    assert 0.03 < late / len(answered) < 0.12


def test_the_loop_is_closed_for_most_but_not_for_all(year: list[WayUp]) -> None:
    endings = Counter(way.ending for way in year)
    outside = sum(endings[each] for each in (Ending.DECLINED, Ending.CANCELLED, Ending.EXPIRED, Ending.DIED))
    assert set(endings) == set(Ending)
    assert 0.85 < endings[Ending.CLOSED] / (len(year) - outside) < 0.96


@pytest.mark.parametrize("hour", [0, 3, 8, 12, 23])
def test_today_ends_in_time_at_any_hour(hour: int) -> None:
    at = NOW.replace(hour=hour)
    rng = Random(hour)
    condition = next(each for each in conditions() if each.urgent)
    for _ in range(50):
        sent = URGENT, at - timedelta(minutes=rng.randint(1, 3000))
        way = way_up(rng, condition, sent, at, CALENDAR, Odds(HOME_NOW))
        assert way is None or way.ended_at < at


def test_a_month_of_each_number_is_known() -> None:
    assert set(MONTHLY) == set(range(1, 13))


# --- the open work ----------------------------------------------------------------------------------
@pytest.mark.parametrize("hour", [2, 9, 13, 20])
def test_every_open_case_lies_before_now(hour: int) -> None:
    at = NOW.replace(hour=hour)
    for case in CASES:
        found = moments_of(case, at, CALENDAR)
        taken = {"sent": found.sent, "submitted": found.sent, "returned": found.answered}
        taken |= {"accepted": found.answered, "in_transit": found.departed}
        taken |= {"arrived": found.arrived, "in_care": found.admitted}
        assert taken.get(case.state, found.received) < at, case
        assert found.sent <= found.answered, case


def test_there_are_as_many_open_cases_as_a_working_day_has() -> None:
    assert 40 <= len(CASES) <= 60
    assert len({case.name for case in CASES if case.name}) == sum(bool(case.name) for case in CASES)
    assert "房金养" not in {case.name for case in CASES}
    assert all(condition_of(case) for case in CASES)


def test_every_role_finds_work_of_its_own() -> None:
    states = {case.state for case in CASES if case.sender == OWN_CLINIC}
    assert {"returned", "accepted", "outcome_sent", "down_received"} <= states
    assert {"accepted", "outcome_sent"} <= {case.state for case in CASES if case.by == OWN_PHYSICIAN}
    assert {"arrived", "in_care"} <= {case.state for case in CASES if case.doctor == OWN_DOCTOR}
    assert any(case.state == "submitted" for case in CASES)


def test_the_plan_leaves_beds_for_those_who_were_not_referred() -> None:
    assert all(kept_beds()[ward] < taken for ward, taken in TAKEN.items())
    assert {case.hospital for case in CASES} >= {HEAD}


@pytest.mark.parametrize(
    ("minutes", "expected"), [(60, "20T08:48"), (108, "19T17:30"), (168, "19T16:30"), (288, "19T12:00")]
)
def test_working_minutes_are_counted_back(minutes: int, expected: str) -> None:
    found = before(NOW, minutes, CALENDAR)
    assert working_minutes_between(found, NOW, CALENDAR) == minutes
    assert found == datetime.fromisoformat(f"2026-11-{expected}:00+08:00")


SAID = {
    "bp": r"血压 (\d+/\d+)",
    "hr": r"心动过缓，(\d+) 次/分",
    "rr": r"呼吸 (\d+) 次/分",
    "spo2": r"血氧 (\d+)%",
    "glu": r"空腹血糖 (\d+\.\d)",
}


@pytest.mark.parametrize("condition", conditions(), ids=lambda each: f"{each.code}-{next(iter(each.wards))}")
def test_what_is_measured_is_what_the_summary_says(condition: Condition) -> None:
    told = {name: found[1] for name, said in SAID.items() if (found := re.search(said, condition.summary))}
    stated = dict(each.split("=") for each in condition.vitals.split() if "=" in each)
    about = {each.partition("~")[0] for each in condition.vitals.split() if "~" in each}
    assert not told.keys() & about, "a figure of the summary is not left to chance"
    assert all(stated[name] == value for name, value in told.items())
    assert read_signs(Random(1), condition.vitals) != read_signs(Random(2), condition.vitals)


@pytest.mark.parametrize("case", [case for case in CASES if case.text], ids=lambda case: case.name)
def test_the_words_of_a_case_agree_with_its_summary(case: Case) -> None:
    summary = condition_of(case).summary
    assert all(figure in summary for figure in re.findall(r"\d+ (?:周|小时|天|级)", case.text))
    assert bool(case.asks[0]) == case.state.endswith("returned")


def test_nobody_is_given_what_they_are_allergic_to() -> None:
    gallstones = next(each for each in conditions() if each.code == "K80.1")
    one = cast(Numbers(Random(0)))[0]
    assert [gallstones.suits(replace(one, allergy=code), 60) for code in ("", "101", "103")] == [
        True,
        True,
        False,
    ]


def test_the_table_of_conditions_says_who_may_have_what() -> None:
    assert {each.reason for each in conditions()} == set(REASONS)
    assert all(each.youngest <= each.oldest and each.summary and each.wards for each in conditions())
