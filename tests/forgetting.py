"""Nothing that a process keeps in memory outlives the test whose rows it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pytest


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Queries made once, and roles: a test puts in kinds of work and roles of its own. Within a test roles
    are read once, however long it takes: else a count of queries would depend on the clock."""
    from yiti.foundation.access import counting  # noqa: PLC0415 - Django is set up by now
    from yiti.foundation.accounts import registry  # noqa: PLC0415

    monkeypatch.setattr(registry, "CHECK_SECONDS", inf)
    yield
    counting.forget()
    registry.forget()
