"""One embedded PostgreSQL server: made, started, healed after a crash, and stopped.

The server listens on a UNIX socket in a folder of mode 0700 and knows its visitors by their
operating-system account (`peer`): the account it runs as, and root. There is no password and no port.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from yiti.ops import archiving, configuration
from yiti.ops.account import Account, server_account
from yiti.ops.binaries import Binaries, binaries, reachable
from yiti.ops.configuration import SAFE, SUPERUSER
from yiti.ops.errors import OpsError
from yiti.ops.locks import alone

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107  # sizeof(sun_path) - 1 on Linux, see unix(7)
START_SECONDS = 60  # recovery after a crash replays the write-ahead log first
STOP_SECONDS = 30  # it ends at once, unless finished files of its log still wait to be archived


@dataclass(frozen=True)
class Cluster:
    """A server and its files. `home` belongs to `account`; `settings` go before the house's own."""

    home: Path
    account: Account
    programs: Binaries
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: in `home`, or a short one where that path would be too long."""
        own = self.home / "run"
        if len(os.fsencode(own / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return own
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"yiti-{self.account.uid}-{digest}"  # noqa: S108 - checked in _private_folder

    def url(self, user: str, database: str) -> str:
        """A libpq URI that connects as a role of the server."""
        return f"postgresql:///{database}?host={quote(str(self.sockets), safe='')}&user={quote(user)}"

    def connect(self, database: str = SUPERUSER) -> psycopg.Connection:
        """A connection as the superuser, in autocommit. Raises psycopg.OperationalError."""
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=5)

    def answers(self) -> bool:
        """Whether a real connection gets a real answer; a process id alone proves nothing."""
        return self._failure() is None

    def start(self) -> bool:
        """Make the server if need be, and start it if need be; False when it was running already.

        Heals what a kill -9 leaves behind. Raises OpsError with the server's own words when it
        cannot start.
        """
        with self.account.acting():
            private_folder(self.home, self.account)
        with alone(self.lock_file("start"), wait_seconds=2 * START_SECONDS, what="starting PostgreSQL"):
            if self.answers():
                return False
            self._make_if_new()
            self.write_configuration()
            if self._settle():
                return False
            self._launch()
            return True

    def write_configuration(self) -> None:
        """Write the server's three files of settings, which it reads at its start and at a reload."""
        with self.account.acting():
            private_folder(self.sockets, self.account)
            configuration.write(self.data, self.account, self.sockets, self.settings)

    def reload(self) -> None:
        """Have the running server read its settings anew; some wait for its next start."""
        self.write_configuration()
        with self.connect() as connection:
            connection.execute("SELECT pg_reload_conf()")

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server and wait for its end. Raises OpsError when it does not end in time."""
        if not self.holders():
            return
        done = self.account.run(
            [
                self.programs.program("pg_ctl"),
                *("stop", "-D", self.data, "-m", mode, "-w", "-t", str(STOP_SECONDS)),
            ],
            folder=self.home,
        )
        if done.returncode != 0 and self.holders():
            raise OpsError(
                f"PostgreSQL did not stop within {STOP_SECONDS} s: {done.stderr.strip()}",
                f"It goes on safely and is found again at the next start. Its log: {self.data / 'log'}",
            )

    def holders(self) -> list[int]:
        """Process ids of the live server processes of this data directory; zombies are not among them.

        Every PostgreSQL process keeps its data directory as working directory. A dead one that
        nobody has reaped has none any more, although `kill(pid, 0)` still finds it.
        """
        data = self.data.resolve()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    if (entry / "cwd").readlink() == data and _name(entry) == "postgres":
                        found.append(int(entry.name))
        return found

    def lock_file(self, name: str) -> Path:
        """A file to lock, in the home of the server, owned by its account."""
        path = self.home / f"{name}.lock"
        with self.account.acting():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        return path

    def _failure(self) -> str | None:
        try:
            with self.connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            return str(error)
        return None

    def _make_if_new(self) -> None:
        kept = self.data / "PG_VERSION"
        with self.account.acting():
            if kept.is_file():
                self._ensure_same_major(kept.read_text(encoding="utf-8").strip())
                return
        fresh = self.home / "data.new"
        with self.account.acting():
            shutil.rmtree(fresh, ignore_errors=True)  # an initdb that was cut short
        provider = ["--locale-provider=builtin"] if self.programs.major >= 17 else []
        done = self.account.run(
            [
                self.programs.program("initdb"),
                *("--pgdata", fresh, "--username", SUPERUSER, "--encoding", "UTF8", "--locale", "C.UTF-8"),
                *("--auth", "peer", "--data-checksums", "--no-instructions"),
                *provider,
                *([] if self.settings["fsync"] == "on" else ["--no-sync"]),
            ],
            folder=self.home,
        )
        if done.returncode != 0:
            raise OpsError(f"PostgreSQL's initdb failed: {done.stderr.strip()}", f"Look at {self.home}.")
        with self.account.acting():
            fresh.rename(self.data)

    def _ensure_same_major(self, kept: str) -> None:
        if kept != str(self.programs.major):
            raise OpsError(
                f"PostgreSQL {kept} wrote the data in {self.data}; this Yiti brings {self.programs.major}.",
                "Make a backup with the Yiti that wrote them, move the folder away, and restore the backup.",
            )

    def _settle(self) -> bool:
        """Wait until an older server answers (True) or is gone for good (False).

        After kill -9 of the first process the others need a moment to notice. Only when no process
        holds the data any more are its two lock files taken away: PostgreSQL itself would believe in
        them for as long as the dead process is a zombie, or its number was given to somebody else.
        """
        until = time.monotonic() + START_SECONDS
        while holders := self.holders():
            failure = self._failure()
            if failure is None:
                return True
            if time.monotonic() > until:
                raise OpsError(
                    f"PostgreSQL runs (process {holders[0]}) but does not answer: {failure}",
                    f"Look at its log in {self.data / 'log'}, or end that process and try again.",
                )
            time.sleep(0.1)
        with self.account.acting():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        return False

    def _launch(self) -> None:
        log = self.home / "start.log"
        done = self.account.run(
            [
                self.programs.program("pg_ctl"),
                *("start", "-D", self.data, "-l", log, "-w", "-t", str(START_SECONDS), "-s"),
            ],
            folder=self.home,
        )
        failure = self._failure()
        if done.returncode != 0 or failure is not None:
            raise OpsError(
                f"PostgreSQL did not start: {failure or done.stderr.strip()}\n{self._last_words(log)}",
                f"Its logs are {log} and {self.data / 'log'}.",
            )

    def _last_words(self, log: Path) -> str:
        """What the server said last, in the log of the start and in its own newest one."""
        with self.account.acting():
            own = sorted((self.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
            texts = [
                path.read_text(encoding="utf-8", errors="replace")
                for path in (log, *own[-1:])
                if path.exists()
            ]
        return "\n".join(line for text in texts for line in text.splitlines()[-8:])


def embedded(folder: Path) -> Cluster:
    """The durable server of a data folder, not yet started. Raises OpsError when it cannot live there."""
    account = server_account()
    home = folder / "postgres"
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and home.stat().st_uid == 0:
            os.chown(home, account.uid, account.gid)
    except OSError as error:
        raise OpsError(
            f"The data folder cannot be made: {error}", "Set YITI_DATA to a folder you may write."
        ) from error
    settings = {**SAFE, **archiving.settings(folder, account)}
    return Cluster(home, account, reachable(binaries(), account, folder), settings)


def private_folder(path: Path, account: Account) -> None:
    """Make a folder for its owner alone, or make sure that it is one. Raises OpsError otherwise.

    To be called while acting as `account`. A short socket folder stands in /tmp, where anybody
    might have put one of that name first.
    """
    todo = f"Move {path} away, or set YITI_DATA to a folder that the account {account.name} can reach."
    try:
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
        status = path.lstat()
    except OSError as error:
        raise OpsError(f"The account {account.name} cannot use {path}: {error.strerror}.", todo) from error
    if path.is_symlink() or not path.is_dir() or status.st_uid != account.uid:
        raise OpsError(f"{path} is not a folder of the account {account.name}.", todo)
    path.chmod(0o700)


def _name(process: Path) -> str:
    return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
