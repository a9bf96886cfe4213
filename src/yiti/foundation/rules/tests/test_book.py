"""All rules together: which one holds, what makes a book unfit, where it has holes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yiti.foundation.rules.domain import Confidence, Rule, RulebookError, RuleNotFound, gaps_of, make_rulebook
from yiti.foundation.rules.tests.builders import a_rule
from yiti.kernel.workhours import Clock

DAY = date(2026, 11, 20)
OLD = a_rule(value=1, valid_until=date(2022, 12, 31))
NEW = a_rule(value=2, valid_from=date(2023, 1, 1))
PROVINCE = a_rule(value=44, region="44")
COUNTY = a_rule(value=441826, region="441826", valid_from=date(2024, 1, 1))
BOOK = make_rulebook([NEW, COUNTY, OLD, PROVINCE])


@pytest.mark.parametrize(
    ("on", "region", "value"),
    [
        pytest.param(date(2022, 12, 31), "*", 1, id="last day of the old version"),
        pytest.param(date(2023, 1, 1), "*", 2, id="first day of the new version"),
        pytest.param(DAY, "430000", 2, id="another province"),
        pytest.param(DAY, "441900", 44, id="another county of the province"),
        pytest.param(DAY, "441826", 441826, id="the county"),
        pytest.param(DAY, "441826101", 441826, id="a township of the county"),
        pytest.param(date(2023, 12, 31), "441826", 44, id="the county before its own rule"),
    ],
)
def test_the_longest_region_in_force_wins(on: date, region: str, value: int) -> None:
    assert BOOK.find("tea.steeping", on, region).value == value


@pytest.mark.parametrize(
    ("key", "on", "complaint"),
    [
        ("tea.cups", DAY, r"tea.cups has no value on 2026-11-20 in \*"),
        ("tea.steeping", date(2019, 12, 31), r"tea.steeping has no value on 2019-12-31 in \*"),
    ],
)
def test_asking_for_what_does_not_hold_is_a_bug(key: str, on: date, complaint: str) -> None:
    with pytest.raises(RuleNotFound, match=complaint):
        BOOK.find(key, on)
    assert issubclass(RuleNotFound, KeyError)


def test_versions_stand_by_region_and_day() -> None:
    assert BOOK.versions("tea.steeping") == (OLD, NEW, PROVINCE, COUNTY)
    with pytest.raises(RuleNotFound, match=r"no rule tea\.cups"):
        BOOK.versions("tea.cups")


@pytest.mark.parametrize(
    ("variant", "on", "region", "value"),
    [
        pytest.param("", DAY, "*", 3, id="no variant asked for"),
        pytest.param("green", DAY, "*", 2, id="a variant of its own"),
        pytest.param("black", DAY, "*", 3, id="a variant without a rule of its own"),
        pytest.param("green", date(2021, 12, 31), "*", 3, id="a variant not yet in force"),
        pytest.param("green", DAY, "441826", 2, id="the variant comes before the county's general rule"),
        pytest.param("", DAY, "441826", 5, id="the county's general rule"),
    ],
)
def test_a_variant_replaces_the_general_rule(variant: str, on: date, region: str, value: int) -> None:
    green = a_rule(key="tea.steeping.green", value=2, valid_from=date(2022, 1, 1))
    book = make_rulebook([a_rule(), green, a_rule(region="441826", value=5)])
    assert book.find("tea.steeping", on, region, variant=variant).value == value


HOURS = "calendar.working_hours"


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        pytest.param(
            [a_rule(), a_rule(valid_from=date(2021, 1, 1))],
            "tea.steeping@*/2021-01-01: overlaps tea.steeping@*/2020-01-01",
            id="two open ends",
        ),
        pytest.param(
            [OLD, a_rule(valid_from=date(2022, 12, 31))],
            "tea.steeping@*/2022-12-31: overlaps tea.steeping@*/2020-01-01",
            id="one day in common",
        ),
        pytest.param(
            [a_rule(), a_rule()], "tea.steeping@*/2020-01-01: overlaps tea.steeping@*/2020-01-01", id="twice"
        ),
        pytest.param(
            [a_rule(valid_until=date(2019, 1, 1))],
            "tea.steeping@*/2020-01-01: ends before it begins",
            id="reversed",
        ),
        pytest.param(
            [a_rule(confidence=Confidence.HIGH)],
            "tea.steeping@*/2020-01-01: general knowledge is never of confidence H",
            id="decision 26",
        ),
        pytest.param(
            [OLD, a_rule(valid_from=date(2023, 1, 1), value="long")],
            "tea.steeping@*/2023-01-01: type, unit or clock differs from tea.steeping@*/2020-01-01",
            id="number becomes text",
        ),
        pytest.param(
            [OLD, a_rule(valid_from=date(2023, 1, 1), value=True)],
            "tea.steeping@*/2023-01-01: type, unit or clock differs from tea.steeping@*/2020-01-01",
            id="number becomes yes",
        ),
        pytest.param(
            [a_rule(), a_rule(region="44", unit="hour")],
            "tea.steeping@44/2020-01-01: type, unit or clock differs from tea.steeping@*/2020-01-01",
            id="another unit in the province",
        ),
        pytest.param(
            [a_rule(), a_rule(region="44", clock=Clock.ROUND)],
            "tea.steeping@44/2020-01-01: type, unit or clock differs from tea.steeping@*/2020-01-01",
            id="a clock in the province only",
        ),
        pytest.param(
            [a_rule(clock=Clock.ROUND, value=0)],
            "tea.steeping@*/2020-01-01: a time limit is a whole number of at least 1",
            id="no time at all",
        ),
        pytest.param(
            [a_rule(clock=Clock.ROUND, value=Decimal("1.5"))],
            "tea.steeping@*/2020-01-01: a time limit is a whole number of at least 1",
            id="a broken number of minutes",
        ),
        pytest.param(
            [a_rule(clock=Clock.ROUND, unit="week")],
            "tea.steeping@*/2020-01-01: a time limit counts in minute, hour, day",
            id="a limit in weeks",
        ),
        pytest.param(
            [a_rule(clock=Clock.WORKING, unit="day")],
            "tea.steeping@*/2020-01-01: a limit in working time counts in hours or minutes: "
            "a working day has no fixed length",
            id="working days",
        ),
        pytest.param(
            [a_rule(key=HOURS, unit="", value=({"opens": "12:00", "closes": "08:00"},))],
            f"{HOURS}@*/2020-01-01: not working hours: opening hours must be in order and apart",
            id="hours reversed",
        ),
        pytest.param(
            [a_rule(key=HOURS, unit="", value="08:00-12:00")],
            f"{HOURS}@*/2020-01-01: not working hours: {HOURS} is not a table",
            id="hours as a text",
        ),
    ],
)
def test_an_unfit_book_is_refused(rules: list[Rule], problem: str) -> None:
    with pytest.raises(RulebookError) as refused:
        make_rulebook(rules)
    assert refused.value.problems == (problem,)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(RulebookError) as refused:
        make_rulebook([a_rule(confidence=Confidence.HIGH), a_rule(region="44", value="long")])
    assert len(refused.value.problems) == 2


def test_minutes_may_become_hours_where_a_clock_counts_them() -> None:
    in_hours = a_rule(clock=Clock.WORKING, unit="hour", region="44")
    book = make_rulebook([a_rule(clock=Clock.ROUND), in_hours])
    assert book.find("tea.steeping", DAY, "441826") is in_hours


def test_the_same_days_in_another_region_are_no_overlap() -> None:
    assert make_rulebook([a_rule(), a_rule(region="44")])


CONTINUOUS = {"continuous": True}


@pytest.mark.parametrize(
    ("rules", "holes"),
    [
        pytest.param([a_rule(**CONTINUOUS)], [], id="without end"),
        pytest.param(
            [OLD, a_rule(valid_from=date(2023, 1, 1), **CONTINUOUS)], [], id="one day after the other"
        ),
        pytest.param(
            [OLD, a_rule(valid_from=date(2023, 2, 1), **CONTINUOUS)],
            ["tea.steeping in *: no value from 2023-01-01 to 2023-01-31"],
            id="a hole",
        ),
        pytest.param([OLD, a_rule(valid_from=date(2023, 2, 1))], [], id="a hole nobody minds"),
        pytest.param(
            [a_rule(valid_until=date(2026, 12, 31), **CONTINUOUS)],
            ["tea.steeping in *: no value after 2026-12-31"],
            id="an end",
        ),
        pytest.param(
            [a_rule(**CONTINUOUS), a_rule(region="44", valid_until=date(2021, 1, 1))],
            [],
            id="the country stands in for the province",
        ),
        pytest.param(
            [a_rule(region="44", valid_until=date(2021, 1, 1), **CONTINUOUS)],
            ["tea.steeping in 44: no value after 2021-01-01"],
            id="a province alone",
        ),
        pytest.param(
            [
                a_rule(valid_until=date(2020, 6, 30), **CONTINUOUS),
                a_rule(region="44", valid_until=date(2020, 12, 31)),
                a_rule(valid_from=date(2021, 1, 1)),
            ],
            ["tea.steeping in *: no value from 2020-07-01 to 2020-12-31"],
            id="the province does not stand in for the country",
        ),
    ],
)
def test_holes_are_reported(rules: list[Rule], holes: list[str]) -> None:
    assert gaps_of(make_rulebook(rules).rules) == holes
