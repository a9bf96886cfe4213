"""Which episode a new visit belongs to (decision 28), as a pure function.

In this order: the open episode that is expected at this institution on an accepted referral chain;
else the open episode of the same problem (same three-character ICD-10 category) that was last active
at most N days ago, N being the rule `episode.joining_days`; else a new one. An episode kept open for
the long term is joined for its problem however long ago it was last active. Where several fit, the
last active one wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiti.kernel.clock import local_date
from yiti.spine.episodes.domain.kinds import EpisodeState, JoinAct

CATEGORY_LENGTH = 3


def normal_code(typed: str) -> str:
    """An ICD-10 code as stored: its letter is a capital (`i20.0` -> `I20.0`), the rest as it is."""
    code = typed.strip()
    return code[:1].upper() + code[1:]


def category(code: str) -> str:
    """The three-character ICD-10 category: `I20.0` -> `I20`, "" for no code."""
    return normal_code(code)[:CATEGORY_LENGTH]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An episode that is not closed, as joining looks at it.

    `categories` are those of its problem and of the main diagnoses of its visits;
    `is_expected_here`: an accepted referral chain of it leads to the institution of the new visit.
    """

    episode_id: UUID
    state: EpisodeState
    categories: frozenset[str]
    last_active_at: datetime
    is_expected_here: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """Where the visit goes and by which rule; `episode_id` is None for a new episode."""

    act: JoinAct
    episode_id: UUID | None = None


def choose_episode(
    candidates: Sequence[Candidate], *, problem_code: str, at: datetime, joining_days: int
) -> Joining:
    """Decide for a visit that starts at `at` for the problem of that ICD-10 code ("" when unknown)."""
    if expected := [c for c in candidates if c.is_expected_here]:
        return Joining(JoinAct.CHAIN, _last_active(expected))
    wanted = category(problem_code)
    same = [c for c in candidates if wanted and wanted in c.categories and _is_recent(c, at, joining_days)]
    if same:
        return Joining(JoinAct.SAME_PROBLEM, _last_active(same))
    return Joining(JoinAct.OPENED)


def _is_recent(candidate: Candidate, at: datetime, joining_days: int) -> bool:
    if candidate.state is EpisodeState.LONG_TERM:
        return True
    return (local_date(at) - local_date(candidate.last_active_at)).days <= joining_days


def _last_active(candidates: Sequence[Candidate]) -> UUID:
    return max(candidates, key=lambda c: (c.last_active_at, c.episode_id)).episode_id


def format_number(month: datetime, sequence: int) -> str:
    """The number of an episode: `EP-2611-0816`, year and month in the county, then a running number."""
    return f"EP-{local_date(month):%y%m}-{sequence:04d}"
