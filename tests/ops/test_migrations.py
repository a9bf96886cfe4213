"""The tables on the server of this run; `.ci/run` runs this file once more on PostgreSQL 15."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.contrib.postgres.operations import BtreeGistExtension
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from yiti.ops.binaries import binaries
from yiti.ops.prepare import pending_migrations

# plpgsql stands in every database; procrastinate's first migration names it all the same.
EXTENSION = re.compile(r"create\s+extension(?!\s+if\s+not\s+exists\s+plpgsql)", re.IGNORECASE)


def wants_extension(operation: Operation) -> bool:
    """Whether an operation needs an extension; the embedded server has none (dependencies.md fact 1)."""
    names = {kind.__name__ for kind in type(operation).__mro__}
    return "CreateExtension" in names or bool(EXTENSION.search(str(getattr(operation, "sql", ""))))


@pytest.mark.django_db
def test_every_migration_ran_on_the_server_of_this_run() -> None:
    if "DATABASE_URL" not in os.environ:
        assert connection.pg_version // 10000 == binaries().major
    assert connection.pg_version >= 150000
    assert pending_migrations() == 0


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)


@pytest.mark.django_db
def test_no_migration_asks_for_an_extension() -> None:
    asking = [
        f"{app}.{name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        for operation in migration.operations
        if wants_extension(operation)
    ]
    assert asking == []


def test_a_planted_extension_is_seen() -> None:
    assert wants_extension(BtreeGistExtension())
    assert wants_extension(migrations.RunSQL("CREATE  EXTENSION IF NOT EXISTS pg_trgm"))
    assert not wants_extension(migrations.RunSQL("CREATE TYPE uuidrange AS RANGE (subtype = uuid)"))


def test_no_source_names_an_extension() -> None:
    """Also where no migration operation shows it: SQL files, and Python run by a migration."""
    source = Path(__file__).parents[2] / "src"
    asking = [
        str(path.relative_to(source))
        for pattern in ("*.py", "*.sql")
        for path in source.rglob(pattern)
        if EXTENSION.search(path.read_text(encoding="utf-8"))
    ]
    assert asking == []
