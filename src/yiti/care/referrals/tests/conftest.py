"""A county with its code tables: rolled back, or in a database of its own that really commits."""

from __future__ import annotations

from copy import deepcopy

import pytest

from yiti.care.referrals.tests.builders import County, a_county
from yiti.ops.database import Database
from yiti.registry.terminology.tests import builders as terminology


@pytest.fixture(scope="module")
def county_of_module(shared_rows: None) -> County:
    """The small county, built once a module."""
    terminology.load()
    return a_county()


@pytest.fixture
def county(county_of_module: County, db: None) -> County:
    """The same in a test that is rolled back, as its own copy."""
    return deepcopy(county_of_module)


@pytest.fixture
def real_county(committed_db: Database) -> County:
    """The same in a database of its own, for what the worker does and for races."""
    terminology.load()
    return a_county()
