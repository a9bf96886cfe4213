"""What `yiti` does to keep the county's data: keys, backups, restores, and the backup before a migration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from yiti.kernel import clock
from yiti.ops import backup, bases, example, keys, marks, recovery
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.bases import Base
from yiti.ops.checks import Problem, check_server
from yiti.ops.database import Database, opened
from yiti.ops.errors import OpsError
from yiti.ops.example import State
from yiti.ops.paths import data_folder
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.recovery import Moment
from yiti.ops.roles import DATABASE, Role
from yiti.ops.saying import out

DONE, FAILED = 0, 1
OLDEST_BASE = timedelta(hours=26)  # one a night, and two hours' grace
ARCHIVER = (
    "SELECT last_failed_wal FROM pg_stat_archiver"
    " WHERE last_failed_time > coalesce(last_archived_time, '-infinity')"
)


def make_keys(first: Path, second: Path, *, replace: bool) -> int:
    """Make the key pair, and have a running server begin to archive."""
    with opened() as database:
        made = keys.make_keys(data_folder(), (first, second), replace=replace)
        if database.cluster is not None:
            _begin_archiving()
    out.print(
        f"Key {made}. Give {first} to one custodian and {second} to another, and keep no copy here:\n"
        "a restore needs both files, and nobody can read a backup without them. Now run `yiti backup`."
    )
    return DONE


def back_up(target: Path | None) -> int:
    """Make a base backup of the embedded server, or write a dump into a file."""
    with opened() as database:
        if target is None and database.cluster is not None:
            base = _make_base(database)
            out.print(f"Base backup {base.name}: {base.files_bytes / 1e6:,.0f} MB, verified and sealed.")
            out.print(f"From now on every moment after {base.ended_at} can be restored to.")
        else:
            file = target or _dated_file()
            with out.status("Writing the backup"):
                manifest = backup.back_up(database, file, _public_key(database))
            out.print(f"{file}: {len(manifest.rows)} tables, {sum(manifest.rows.values()):,} rows.")
    marks.succeeded("backup")
    return DONE


def restore(source: Path | None, moment: Moment | None, shares: Sequence[Path]) -> int:
    """Bring a dump into an empty database, or the server of an empty data folder to a moment."""
    private = keys.private_keys(shares)
    if source is not None:
        with opened() as database, out.status("Restoring and counting"):
            manifest = backup.restore(database, source, private)
        rows = sum(manifest.rows.values())
        out.print(
            f"Restored {len(manifest.rows)} tables, {rows:,} rows; every table holds what its list says."
        )
        return DONE
    assert moment is not None
    whole: list[bool] = []
    restored = recovery.restore(
        data_folder(),
        moment=moment.at,
        keys=private,
        inspect=lambda cluster: whole.append(_is_whole(cluster)),
    )
    out.print(
        f"Restored from base backup {restored.base.name}; the last change is of {restored.last_change_at}."
    )
    out.print("Now run `yiti migrate`, `yiti check` and `yiti backup`.")
    return DONE if all(whole) else FAILED


def before_migration(database: Database) -> str:
    """Back a county up before its tables change; the way back, in one sentence."""
    out.print("The tables will change, so a backup comes first.")
    if database.cluster is None:
        file = _dated_file()
        backup.back_up(database, file, _public_key(database))
        return (
            f"The way back: an empty database, the Yiti of before, `yiti restore {file} --share A --share B`."
        )
    base = _make_base(database)
    return (
        f"The way back: end Yiti, move {database.cluster.home} away, and with the Yiti of before run "
        f"`yiti restore --to '{base.ended_at}' --share A --share B`."
    )


def state_of_backups(database: Database) -> list[Problem] | None:
    """What is wrong with the backups of a county on the embedded server; None where nobody expects any."""
    if database.cluster is None or example.state(database) is not State.COUNTY:
        return None
    if keys.public_key(data_folder()) is None:
        return [Problem("There are no backups: there is no key for them.", keys.MAKE_KEYS)]
    shelf = Shelf(backup_folder(data_folder()), database.cluster.account)
    problems = []
    newest = bases.listed(shelf)[-1:]
    if not newest or clock.now() - newest[0].moment > OLDEST_BASE:
        word = f"is of {newest[0].ended_at}" if newest else "does not exist"
        problems.append(Problem(f"The newest base backup {word}.", "Run `yiti backup` every night."))
    with database.cluster.connect() as server:
        failed = server.execute(ARCHIVER).fetchone()
    if failed:
        todo = f"Look at the room in {shelf.folder} and at {database.cluster.data / 'log'}."
        problems.append(Problem(f"The log {failed[0]} could not be archived.", todo))
    return problems


def _make_base(database: Database) -> Base:
    public = _public_key(database)
    cluster = _begin_archiving()
    with out.status("Copying, verifying and sealing the server's files"):
        return bases.make_base(cluster, Shelf(backup_folder(data_folder()), cluster.account), public)


def _begin_archiving() -> Cluster:
    """Tell the embedded server of the present key and folder; it may have started before there were any."""
    cluster = embedded(data_folder())
    cluster.reload()
    return cluster


def _public_key(database: Database) -> X25519PublicKey:
    """The key to seal for. The example county, which has no secrets, gets its keys by itself."""
    folder = data_folder()
    found = keys.public_key(folder)
    if found is not None:
        return found
    if example.state(database) is not State.LOADED:
        raise OpsError("There is no key yet, and no backup leaves this place unsealed.", keys.MAKE_KEYS)
    shares = (folder / "demo-shares" / "A.share", folder / "demo-shares" / "B.share")
    keys.make_keys(folder, shares)
    out.print(f"The example county's backups are sealed too; both shares lie in {shares[0].parent}.")
    return _public_key(database)


def _dated_file() -> Path:
    return backup_folder(data_folder()) / f"yiti-{clock.now():%Y%m%d-%H%M%S}.dump"


def _is_whole(cluster: Cluster) -> bool:
    """Look a restored server through: safe, every row readable, the county's promises kept.

    Raises OpsError when the server is not safe. A broken promise was broken at that moment already, so it
    is told and nothing more.
    """
    database = Database({role: cluster.url(role, DATABASE) for role in Role}, cluster)
    for role in (Role.APP, Role.WORKER):
        for problem in check_server(database.urls[role]):
            raise OpsError(problem.what, problem.todo)
    with database.connect(Role.LOADER) as loader:
        rows = backup.count_rows(loader)
    out.print(f"{len(rows)} tables, {sum(rows.values()):,} rows, all readable.")
    if database.python(Role.OWNER, "django", "migrate", "--check") != DONE:
        out.print("These tables are of an older Yiti: `yiti check` can look at them after `yiti migrate`.")
        return True
    whole = database.python(Role.WORKER, "django", "check_county") == DONE
    out.print(
        "The county keeps its promises."
        if whole
        else "[bold red]What is said above was so at that moment.[/]"
    )
    return whole
