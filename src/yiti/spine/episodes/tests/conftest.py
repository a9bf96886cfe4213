"""Code tables for tests that write codes."""

from __future__ import annotations

import pytest

from yiti.registry.terminology.tests import builders as terminology


@pytest.fixture
def code_tables(db: None) -> None:
    """The shipped code tables, in a test that is rolled back."""
    terminology.load()
