"""Connecting this process as another of the four database roles for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from yiti.config.environment import DatabaseRole


@contextmanager
def connected_as(role: DatabaseRole) -> Iterator[None]:
    """A block in which Django is connected as that role: a loader that goes on by commands of the house
    must be held back like any page. Not inside a transaction."""
    before = connection.settings_dict.copy()
    connections.close_all()
    connection.settings_dict.update(settings.ENV.model_copy(update={"role": role}).database())
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
