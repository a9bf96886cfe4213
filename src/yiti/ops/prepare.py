"""Brings tables, reference data and collected static files up to date; does nothing when they are.

Run as a process of its own (`python -m yiti.ops.prepare`), because Django connects as one role and
migrations need the owner; the reference data follow in the same process as the loader, for starting
Django takes longer than all that is to be done.
"""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console

from yiti.config.connections import connected_as
from yiti.config.environment import DatabaseRole
from yiti.ops.locks import alone

HOLD = "--hold"  # so that a backup can be made before the tables change
HELD = 10  # the exit code that asks for it


def pending_migrations() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Apply what is missing, as the owner; how many migrations that was (0: nothing to do)."""
    pending = pending_migrations()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return pending


def is_static_stale() -> bool:
    """Whether a source of a static file is newer than the collected ones (never while debugging)."""
    if settings.DEBUG:
        return False
    kept = settings.STATIC_ROOT / "staticfiles.json"
    newest = max(
        Path(storage.path(name)).stat().st_mtime
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    return not kept.is_file() or kept.stat().st_mtime < newest


def collect_static() -> bool:
    """Copy, hash and compress the static files when they are stale; whether they were."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    with alone(settings.STATIC_ROOT, wait_seconds=60, what="collecting static files"):
        stale = is_static_stale()
        if stale:
            call_command("collectstatic", interactive=False, verbosity=0)
    return stale


def main(argv: list[str]) -> int:
    """Bring all three up to date and say what was done.

    With `--check` only tell (1) whether that is due; with `--hold` change nothing (10) when migrations are.
    """
    console = Console(highlight=False)
    django.setup()
    # Loads every page as well: what cannot be imported shows once, here, and not in each process.
    call_command("check", stdout=StringIO())
    if "--check" in argv:
        return int(pending_migrations() > 0 or is_static_stale())
    if HOLD in argv and pending_migrations():
        return HELD
    with console.status("Bringing the database tables up to date"):
        applied = migrate()
    if applied:
        console.print(f"Applied {applied} migrations.")
    with console.status("Bringing code systems and roles up to date"), connected_as(DatabaseRole.LOADER):
        call_command("load_reference")
    with console.status("Collecting the static files"):
        collected = collect_static()
    if collected:
        console.print("Collected the static files.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
