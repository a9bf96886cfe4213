"""The tables of abuse cases and of the standard are whole, name tests that are there, and their pages fit."""

from __future__ import annotations

import re

import pytest

from tests.security import abuse, asvs, pages
from tests.security.named import ROOT, is_there
from tests.security.requirement import State

LEVEL_1 = 70
_PATH = re.compile(r"(?<![\w/])((?:src|tests|docs)(?:/[\w.-]+)+\b|[A-Z]+\.md)")
NAMED = {
    **{f"abuse {case.number}": case.tests for case in abuse.CASES},
    **{row.number: row.tests for row in asvs.ROWS},
}


def test_a_test_that_is_not_there_is_seen() -> None:
    assert is_there("test_routes::test_every_route_has_a_row_and_every_row_a_route")
    assert is_there("residents/test_access::test_an_open_record_has_no_glass")
    assert not is_there("test_routes::test_nothing_of_the_kind")
    assert not is_there("residents/test_nowhere::test_an_open_record_has_no_glass")
    assert not is_there("test_routes::send")


@pytest.mark.parametrize("tests", NAMED.values(), ids=NAMED.keys())
def test_every_test_that_is_named_is_there(tests: tuple[str, ...]) -> None:
    assert [test for test in tests if not is_there(test)] == []
    assert len(set(tests)) == len(tests)


def test_no_case_of_the_threat_model_is_missing() -> None:
    assert [case.number for case in abuse.CASES] == list(range(1, 29))
    assert [case.number for case in abuse.CASES if not case.tests and not case.not_yet] == []


def test_every_requirement_of_level_1_is_answered() -> None:
    assert len({row.number for row in asvs.ROWS}) == len(asvs.ROWS) == LEVEL_1
    unanswered = [row.number for row in asvs.ROWS if not row.tests and not row.why]
    unexplained = [row.number for row in asvs.ROWS if row.state is not State.MET and not row.why]
    assert (unanswered, unexplained) == ([], [])


def test_a_reason_names_papers_that_are_there() -> None:
    named = {path for row in asvs.ROWS for path in _PATH.findall(row.why)}
    assert "SECURITY.md" in named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", pages.PAGES)
def test_a_page_is_what_its_table_says(name: str) -> None:
    """Red? `python -m tests.security.pages` writes it anew."""
    assert (pages.FOLDER / name).read_text(encoding="utf-8") == f"{pages.PAGES[name]()}\n"
