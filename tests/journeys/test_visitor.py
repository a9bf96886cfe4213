"""What a visitor takes for a fault: anything but a request that was ended on purpose."""

from __future__ import annotations

import pytest

from tests.journeys.visitor import is_fault


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("error", "htmx:sendAbort, [object HTMLDivElement]", False),
        ("error", "htmx:afterRequest, [object HTMLDivElement]", False),
        ("error", "htmx:sendError, [object HTMLDivElement]", True),
        ("error", "htmx:timeout, [object HTMLDivElement]", True),
        ("error", "Response Status Error Code 500 from /referrals/targets", True),
        ("error", "htmx:targetError", True),
        ("error", "Failed to load resource: the server responded with a status of 404", True),
        ("error", "Uncaught TypeError: form is null", True),
        ("warning", "A cookie was rejected", True),
        ("log", "hello", False),
    ],
)
def test_what_is_a_fault(kind: str, text: str, expected: bool) -> None:
    assert is_fault(kind, text) is expected
