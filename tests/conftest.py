"""The county that tests across rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

from tests.world import World, build
from yiti.ops.roles import Role

if TYPE_CHECKING:
    from conftest import Databases


@pytest.fixture(scope="module")
def world(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A committed county in a database of this module's own; not together with `django_db`."""
    with (
        django_db_blocker.unblock(),
        databases.clone() as database,
        database.connect(Role.LOADER) as eye,
    ):
        yield build(eye)
