"""A data folder for proofs and measurements that start everything by the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yiti.ops.roles import Role


@contextmanager
def own_data(folder: Path) -> Iterator[None]:
    """For the length of a block whatever is started keeps its data there, on the embedded server."""
    with pytest.MonkeyPatch.context() as patch:
        for role in Role:
            patch.delenv(role.variable, raising=False)
        patch.delenv("YITI_BACKUPS", raising=False)
        patch.setenv("YITI_DATA", str(folder))
        yield
