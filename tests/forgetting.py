"""Nothing that a process keeps in memory outlives the test whose rows it was made of.

The SQL of counts (`access.counted`) may: it is made of the kinds of work, which are registered when modules
are read, and of no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pytest


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Roles: a test puts in roles of its own. Within a test they are read once, however long it takes, and
    code lists are not looked at again: else a count of queries would depend on the clock."""
    from yiti.foundation.accounts import registry  # noqa: PLC0415 - Django is set up by now
    from yiti.registry.terminology.selectors import cache  # noqa: PLC0415

    monkeypatch.setattr(registry, "CHECK_SECONDS", inf)
    monkeypatch.setattr(cache, "CHECK_SECONDS", inf)
    yield
    registry.forget()
