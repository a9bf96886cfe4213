"""What a row of the table of abuses says."""

from __future__ import annotations

from dataclasses import dataclass

ROUTES, LIMITS, SESSIONS = "test_routes::", "security/test_limits::", "security/test_sessions::"
NO_DEVICES = "tablets that work without a line are not built yet"
NO_MONEY = "insurance settlement is not built yet; the same rule is shown by what is there"


@dataclass(frozen=True)
class Case:
    """One abuse. `not_yet` says what of it waits for a part that is not built."""

    number: int
    abuse: str
    expected: str
    tests: tuple[str, ...] = ()
    not_yet: str = ""
