"""Servers and folders for the tests of the process side."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiti.ops.postgres import Cluster
from yiti.ops.roles import DATABASE, make_database
from yiti.ops.temporary import start_temporary


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that the server's account can reach (pytest's own are closed, and so is /root)."""
    made = Path(tempfile.mkdtemp(prefix="yiti-ops-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def safe_cluster() -> Iterator[Cluster]:
    """A durable throw-away server with the four roles and an empty database."""
    with start_temporary(durable=True) as cluster:
        with cluster.connect() as superuser:
            make_database(superuser)
        yield cluster


@pytest.fixture
def app_url(safe_cluster: Cluster) -> str:
    """How the pages reach that database."""
    return safe_cluster.url("yiti_app", DATABASE)
