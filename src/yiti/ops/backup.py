"""A backup in one file: what pg_dump says, sealed, and beside it a list of what must be in it.

For a PostgreSQL of one's own, and to carry a county elsewhere; the embedded server has base backups
too (`bases.py`). The list is counted in the same snapshot as the dump, so a restore can prove that nothing is
missing. Both are read as the loader, whom row-level security lets see whole tables.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from yiti import __version__
from yiti.kernel import clock
from yiti.ops import roles
from yiti.ops.binaries import binaries
from yiti.ops.database import Database
from yiti.ops.errors import DamagedBackupError, OpsError
from yiti.ops.roles import Role
from yiti.ops.sealing import DamagedFileError, WrongKeyError, sealed, unsealed

TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a dump: which Yiti and server made it, when, its SHA-256, rows a table."""

    yiti: str
    server: str
    taken_at: str
    sha256: str
    rows: dict[str, int]


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table holds, in the connection's present snapshot."""
    counts = {}
    for (table,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        assert row is not None
        counts[table] = int(row[0])
    return counts


def back_up(database: Database, target: Path, public: X25519PublicKey) -> Manifest:
    """Write a backup, sealed for a key, to `target` and its list to `target.json`, for their owner alone.

    Complete or not at all. Raises OpsError when pg_dump fails or `target` is there already.
    """
    if target.exists():
        raise OpsError(f"{target} is there already, and a backup never overwrites.", "Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with database.connect(Role.LOADER) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        pg_dump = _program("pg_dump", connection)
        taken_at = clock.now().isoformat()
        with sealed(target, public=public, name=_bound(taken_at)) as out:
            # Uncompressed, for it is compressed where it is sealed.
            options = ["--format=custom", "--compress=0", f"--snapshot={row[0]}"]
            with _running(pg_dump, database.urls[Role.LOADER], *options) as process:
                assert process.stdout is not None
                shutil.copyfileobj(process.stdout, out, 1 << 20)
        rows = count_rows(connection)
        version = connection.info.parameter_status("server_version") or ""
    manifest = Manifest(__version__, version, taken_at, _sha256(target), rows)
    listed = _list_of(target)
    listed.touch(mode=0o600)
    listed.write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return manifest


def restore(database: Database, source: Path, keys: Mapping[str, X25519PrivateKey]) -> Manifest:
    """Bring a backup into the empty database, all or nothing, and count it afterwards.

    Raises DamagedBackupError when the file or the restored rows are not what the list says, OpsError
    when the database is not empty, no key fits, or pg_restore fails.
    """
    manifest = _read_list(source)
    if _sha256(source) != manifest.sha256:
        raise DamagedBackupError(f"{source} is not the file its list was written for (SHA-256 differs).")
    with database.connect(Role.OWNER) as owner:
        if owner.execute(TABLES).fetchall():
            raise OpsError(
                "The database is not empty, and a restore never overwrites.",
                "Stop Yiti, move its data folder away (or name a new one with YITI_DATA), and restore again.",
            )
        pg_restore = _program("pg_restore", owner)
        roles.forget_grants(owner)
        try:
            with unsealed(source, keys=keys, name=_bound(manifest.taken_at)) as stream:
                # In one transaction: where the stream breaks off, nothing stays.
                options = ["--no-owner", "--single-transaction"]
                with _running(pg_restore, database.urls[Role.OWNER], *options) as process:
                    assert process.stdin is not None
                    shutil.copyfileobj(stream, process.stdin, 1 << 20)
        except DamagedFileError as error:
            raise DamagedBackupError(str(error)) from error
        except WrongKeyError as error:
            raise OpsError(str(error), "Give the two shares of that key.") from error
        finally:
            roles.grant(owner)
    with database.connect(Role.LOADER) as loader:
        _ensure_same(manifest.rows, count_rows(loader))
    return manifest


def _ensure_same(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    wrong = [
        f"{table}: {expected.get(table)} rows expected, {found.get(table)} there"
        for table in sorted({*expected, *found})
        if expected.get(table) != found.get(table)
    ]
    if wrong:
        raise DamagedBackupError("After the restore the counts differ.\n" + "\n".join(wrong))


def _program(name: str, connection: psycopg.Connection) -> Path:
    """The program of the server's own major version: pg_restore 18 cannot restore into PostgreSQL 15,
    and pg_restore 15 cannot read what pg_dump 18 wrote; better to know when the backup is made."""
    programs = binaries()
    server = connection.info.server_version // 10000
    if programs.major != server:
        raise OpsError(
            f"The server is PostgreSQL {server}, but the programs in {programs.folder} are {programs.major}.",
            f"Set YITI_POSTGRES_BIN to PostgreSQL {server}'s, e.g. /usr/lib/postgresql/{server}/bin.",
        )
    return programs.program(name)


@contextmanager
def _running(program: Path, url: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program connected to a database, fed and read through pipes. Raises OpsError when it fails."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    # In the environment, because everybody on the machine may read a command line.
    password = parts.pop("password", None)
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [program, f"--dbname={make_conninfo(**parts)}", *options],
            env={**os.environ, **({"PGPASSWORD": password} if password else {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
    ):
        try:
            with suppress(BrokenPipeError):  # it has ended early, and says why below
                yield process
                assert process.stdin is not None
                process.stdin.close()
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise OpsError(f"{program.name} failed: {words}", "Nothing was changed by it.")


def _bound(taken_at: str) -> str:
    """What the sealed file is called inside, so that only its own list fits it."""
    return f"dump {taken_at}"


def _list_of(dump: Path) -> Path:
    return dump.with_name(f"{dump.name}.json")


def _read_list(dump: Path) -> Manifest:
    try:
        return Manifest(**json.loads(_list_of(dump).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DamagedBackupError(f"The list {_list_of(dump)} cannot be read: {error}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
