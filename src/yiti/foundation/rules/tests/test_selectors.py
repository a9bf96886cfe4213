"""The rulebook as other rooms see it: from the folder that the settings name."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from yiti.foundation.rules import public as rules
from yiti.foundation.rules.tests.builders import a_rulebook_folder, row_text
from yiti.kernel.clock import SHANGHAI
from yiti.kernel.workhours import Clock, Limit, add_working_minutes

DAY = date(2026, 11, 20)
HOURS = row_text(
    key="calendar.working_hours",
    zh="工作时间",
    en="Working hours",
    value='[{opens: "09:00", closes: "11:00"}]',
    unit=None,
)


@pytest.fixture(autouse=True)
def _rulebook(settings: Settings, tmp_path: Path) -> None:
    a_rulebook_folder(
        tmp_path,
        row_text(clock="24h"),
        row_text(clock="working", region='"441826"', value="2", unit="hour"),
        row_text(key="tea.steeping.green", zh="绿茶时长", value="1", clock="24h"),
        row_text(
            key="tea.cups", zh="杯数", en="Cups", unit=None, until="2025-12-31", source="茶经", confidence="H"
        ),
    )
    a_rulebook_folder(tmp_path, HOURS, name="calendar/hours.yaml")
    settings.YITI_RULEBOOK = tmp_path


def test_a_limit_is_found_by_region_and_variant() -> None:
    assert rules.limit("tea.steeping", DAY) == Limit(3, Clock.ROUND)
    assert rules.limit("tea.steeping", DAY, "441826") == Limit(120, Clock.WORKING)
    assert rules.limit("tea.steeping", DAY, variant="green") == Limit(1, Clock.ROUND)
    assert rules.limit("tea.steeping", DAY, variant="black") == Limit(3, Clock.ROUND)


def test_a_rule_without_a_clock_is_no_limit() -> None:
    with pytest.raises(TypeError, match=r"tea\.cups is not a time limit"):
        rules.limit("tea.cups", date(2025, 1, 1))


def test_a_missing_rule_is_a_bug() -> None:
    with pytest.raises(rules.RuleNotFound):
        rules.find("tea.cups", DAY)


def test_the_calendar_has_the_region_s_hours_and_the_nation_s_holidays() -> None:
    calendar = rules.calendar(date(2025, 10, 9), "441826")
    assert calendar.hours == ((time(9), time(11)),)
    # National Day and Mid-Autumn 2025: off 1 to 8 October, made up on 28 September and 11 October
    before = datetime(2025, 9, 30, 10, 30, tzinfo=SHANGHAI)
    assert add_working_minutes(before, 60, calendar) == datetime(2025, 10, 9, 9, 30, tzinfo=SHANGHAI)
    assert calendar.is_working_day(date(2025, 10, 11))
    assert not calendar.is_working_day(date(2025, 10, 12))


def test_versions_and_subjects() -> None:
    assert [rule.region for rule in rules.versions("tea.steeping")] == ["*", "441826"]
    assert rules.subjects() == ("calendar", "tea")
    assert len(rules.all_rules()) == 5


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        pytest.param(
            {}, ["calendar.working_hours", "tea.cups", *["tea.steeping"] * 2, "tea.steeping.green"], id="all"
        ),
        pytest.param(
            {"subject": "tea", "text": "时长"}, [*["tea.steeping"] * 2, "tea.steeping.green"], id="Chinese"
        ),
        pytest.param({"text": " CUPS "}, ["tea.cups"], id="English, whatever its case"),
        pytest.param({"text": "茶经"}, ["tea.cups"], id="source"),
        pytest.param({"text": ".green"}, ["tea.steeping.green"], id="key"),
        pytest.param({"subject": "calendar", "text": "tea"}, [], id="nothing of that subject"),
    ],
)
def test_searching(asked: dict[str, str], keys: list[str]) -> None:
    assert [row.key for row in rules.search(on=DAY, **asked)] == keys


def test_a_row_tells_whether_it_is_in_force() -> None:
    (row,) = rules.search(on=DAY, text="cups")
    assert (row.value_text, row.in_force) == ("3", False)
    (row,) = rules.search(on=date(2025, 12, 31), text="cups")
    assert row.in_force
