"""Four places in a database of their own, for the proofs of who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.prove.homes import Home, build_homes
from yiti.ops.database import Database
from yiti.ops.roles import Role


@pytest.fixture(scope="module")
def homes(databases: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Database, list[Home]]]:
    """The database and the four homes in it."""
    with django_db_blocker.unblock(), databases.clone() as database, database.connect(Role.LOADER) as eye:
        yield database, build_homes(eye)
