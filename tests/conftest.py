"""The county that tests across rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.serving import example_server, server
from tests.world import World, build
from yiti.ops.database import Database
from yiti.ops.roles import Role

if TYPE_CHECKING:
    from conftest import Databases

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
__all__ = ["Place", "example_server", "place", "server", "world"]


@dataclass(frozen=True)
class Place:
    """A committed county, and the database it stands in."""

    world: World
    database: Database


@pytest.fixture(scope="module")
def place(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """A county in a database of this module's own; not together with `django_db`. It is built once a run
    and copied for each module."""

    def fill(database: Database) -> World:
        with database.connect(Role.LOADER) as eye:
            return replace(build(eye), eye=None)

    with django_db_blocker.unblock():
        template, world = databases.filled("world", fill)
        with databases.clone(template) as database, database.connect(Role.LOADER) as eye:
            yield Place(replace(world, eye=eye, cookies={}), database)


@pytest.fixture(scope="module")
def world(place: Place) -> World:
    """The county of that place."""
    return place.world


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Debian's Chromium, without any request of its own."""
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium_path, args=list(_QUIET))
        yield window
        window.close()
