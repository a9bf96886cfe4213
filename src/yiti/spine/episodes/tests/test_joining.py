"""Which episode a visit belongs to, as a table (decision 28)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.kernel.clock import SHANGHAI
from yiti.kernel.ids import new_id
from yiti.spine.episodes.domain import (
    Candidate,
    EpisodeState,
    JoinAct,
    Joining,
    category,
    choose_episode,
    format_number,
)

AT = datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI)
DAYS = 14
A, B = (UUID(int=1), UUID(int=2))


def open_for(
    *categories: str,
    episode_id: UUID = A,
    days_ago: int = 3,
    state: EpisodeState = EpisodeState.OPEN,
    expected: bool = False,
) -> Candidate:
    """An episode that is not closed."""
    return Candidate(episode_id, state, frozenset(categories), AT - timedelta(days=days_ago), expected)


CASES = {
    "nobody has an episode": ([], "I20.0", None, JoinAct.OPENED),
    "same category within the days": ([open_for("I20")], "I20.9", A, JoinAct.SAME_PROBLEM),
    "on the last day still": ([open_for("I20", days_ago=14)], "I20.0", A, JoinAct.SAME_PROBLEM),
    "a day too late": ([open_for("I20", days_ago=15)], "I20.0", None, JoinAct.OPENED),
    "another category": ([open_for("I21")], "I20.0", None, JoinAct.OPENED),
    "one of several problems": ([open_for("R07", "I20")], "I20.0", A, JoinAct.SAME_PROBLEM),
    "nothing diagnosed yet": ([open_for("I20")], "", None, JoinAct.OPENED),
    "an episode without any code": ([open_for()], "I20.0", None, JoinAct.OPENED),
    "lower case is the same code": ([open_for("I20")], "i20.0", A, JoinAct.SAME_PROBLEM),
    "long term joins after a year": (
        [open_for("I10", days_ago=365, state=EpisodeState.LONG_TERM)],
        "I10",
        A,
        JoinAct.SAME_PROBLEM,
    ),
    "long term needs the same problem": (
        [open_for("I10", days_ago=1, state=EpisodeState.LONG_TERM)],
        "E11.9",
        None,
        JoinAct.OPENED,
    ),
    "expected on a chain, whatever the problem": (
        [open_for("I20", days_ago=30, expected=True)],
        "S72.0",
        A,
        JoinAct.CHAIN,
    ),
    "expected on a chain, nothing diagnosed": ([open_for("I20", expected=True)], "", A, JoinAct.CHAIN),
    "a chain before the same problem": (
        [open_for("I20", episode_id=A, days_ago=0), open_for("I10", episode_id=B, days_ago=9, expected=True)],
        "I20.0",
        B,
        JoinAct.CHAIN,
    ),
    "of two that fit, the last active": (
        [open_for("I20", episode_id=A, days_ago=9), open_for("I20", episode_id=B, days_ago=2)],
        "I20.0",
        B,
        JoinAct.SAME_PROBLEM,
    ),
}


@pytest.mark.parametrize(("candidates", "code", "wanted", "act"), CASES.values(), ids=CASES.keys())
def test_a_visit_goes_where_the_decision_says(
    candidates: list[Candidate], code: str, wanted: UUID | None, act: JoinAct
) -> None:
    for order in (candidates, candidates[::-1]):
        found = choose_episode(order, problem_code=code, at=AT, joining_days=DAYS)
        assert found == Joining(act, wanted)


def test_days_are_counted_on_the_calendar_of_the_county() -> None:
    late_evening = datetime(2026, 11, 6, 23, 50, tzinfo=SHANGHAI)
    candidate = Candidate(new_id(), EpisodeState.OPEN, frozenset({"I20"}), late_evening)
    just_after_midnight = datetime(2026, 11, 21, 0, 10, tzinfo=SHANGHAI)
    found = choose_episode([candidate], problem_code="I20", at=just_after_midnight, joining_days=14)
    assert found.act is JoinAct.OPENED, "fifteen calendar days, though fourteen times 24 hours and 20 minutes"


@pytest.mark.parametrize(("code", "wanted"), [("I20.0", "I20"), ("i20", "I20"), ("", ""), ("O14.101", "O14")])
def test_the_category_is_three_characters(code: str, wanted: str) -> None:
    assert category(code) == wanted


@pytest.mark.parametrize(
    ("sequence", "wanted"), [(816, "EP-2611-0816"), (1, "EP-2611-0001"), (12345, "EP-2611-12345")]
)
def test_a_number_says_year_and_month_and_never_cuts(sequence: int, wanted: str) -> None:
    assert format_number(AT, sequence) == wanted


def test_the_month_of_a_number_is_that_of_the_county() -> None:
    utc_evening = datetime.fromisoformat("2026-11-30T18:00:00+00:00")
    assert format_number(utc_evening, 7) == "EP-2612-0007"
