from __future__ import annotations

from collections.abc import Iterator

import pytest

from yiti.registry.terminology.selectors import CATALOGUE


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Each test reads its own tables: what another test left in this process's memory was rolled back."""
    CATALOGUE.forget()
    yield
    CATALOGUE.forget()
