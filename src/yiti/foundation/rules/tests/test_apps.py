"""What the system check says of a rulebook before Yiti starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.core import checks
from pytest_django.fixtures import Settings

from yiti.foundation.rules.apps import check_rulebook
from yiti.foundation.rules.selectors import last_holiday_year
from yiti.foundation.rules.tests.builders import a_rulebook_folder, row_text

TODAY = "2026-11-20T09:48:00+08:00"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        pytest.param(row_text(), [], id="sound"),
        pytest.param(
            row_text(confidence="H"),
            [
                checks.Error(
                    "tea.steeping@*/2020-01-01: general knowledge is never of confidence H", id="rules.E001"
                )
            ],
            id="a fault",
        ),
        pytest.param(
            row_text(until="2026-12-31", continuous="true"),
            [checks.Warning("tea.steeping in *: no value after 2026-12-31", id="rules.W001")],
            id="an end",
        ),
    ],
)
def test_the_check(settings: Settings, tmp_path: Path, row: str, found: list[checks.CheckMessage]) -> None:
    settings.YITI_RULEBOOK = a_rulebook_folder(tmp_path, row)
    with time_machine.travel(TODAY):
        assert check_rulebook(None) == found


def test_every_fault_is_a_message(settings: Settings, tmp_path: Path) -> None:
    settings.YITI_RULEBOOK = a_rulebook_folder(tmp_path, row_text(zh=None, en=None))
    assert [message.id for message in check_rulebook(None)] == ["rules.E001", "rules.E001"]


def test_a_new_year_without_holidays_is_reported(settings: Settings, tmp_path: Path) -> None:
    settings.YITI_RULEBOOK = a_rulebook_folder(tmp_path, row_text())
    with time_machine.travel(f"{last_holiday_year() + 1}-01-01T00:00:00+08:00"):
        assert [message.id for message in check_rulebook(None)] == ["rules.W002"]


def test_the_check_runs_with_all_others(settings: Settings, tmp_path: Path) -> None:
    settings.YITI_RULEBOOK = a_rulebook_folder(tmp_path, row_text(confidence="H"))
    assert "rules.E001" in {message.id for message in checks.run_checks()}
