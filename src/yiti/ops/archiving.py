"""Where backups lie, and how the embedded server brings its write-ahead log there.

The program that does it (`archive.py`) runs as the server's account, once a minute at most. Where
that account cannot reach this installation (a checkout under /root), it gets a copy of the few files
the program needs.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import sys
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import yiti
from yiti.ops.account import Account
from yiti.ops.errors import OpsError
from yiti.ops.keys import KEY_FILE

TIMEOUT_SECONDS = 60  # a file of the log is archived at least so often: no more is lost with the disk
PROGRAM = "yiti.ops.archive"
OURS = ("__init__", "ops/__init__", "ops/archive", "ops/errors", "ops/keys", "ops/sealing")
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of the backups: `bases` and `wal` in it belong to the server's account alone."""

    folder: Path
    account: Account

    @property
    def bases(self) -> Path:
        """One folder a base backup."""
        return self.folder / "bases"

    @property
    def wal(self) -> Path:
        """The archive: one sealed file for each file of the write-ahead log."""
        return self.folder / "wal"

    def prepare(self) -> None:
        """Make the folders. Raises OpsError when the account cannot have or use them."""
        todo = f"Let the account {self.account.name} use that place, or name another one with YITI_BACKUPS."
        try:
            self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            if os.geteuid() == self.folder.stat().st_uid:
                self.folder.chmod(self.folder.stat().st_mode & 0o777 | stat.S_IXGRP | stat.S_IXOTH)
            for path in (self.bases, self.wal):
                path.mkdir(mode=0o700, exist_ok=True)
                if os.geteuid() == 0 and path.lstat().st_uid == 0:
                    os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)
            with self.account.acting():
                usable = all(os.access(path, os.W_OK, effective_ids=True) for path in (self.bases, self.wal))
        except OSError as error:
            raise OpsError(f"The folder for backups cannot be made: {error}", todo) from error
        if not usable:
            raise OpsError(f"The account {self.account.name} cannot write into {self.folder}.", todo)


def backup_folder(data: Path) -> Path:
    """Where backups go: `YITI_BACKUPS`, better on another disk, else a folder beside the data."""
    chosen = os.environ.get("YITI_BACKUPS")
    return Path(chosen).expanduser().absolute() if chosen else data / "backups"


def settings(data: Path, account: Account) -> dict[str, str]:
    """The server's settings for archiving. Before there is a key nothing is archived, and nothing piles up.

    Raises OpsError when there is a key but the place or the program cannot be used.
    """
    if not (data / KEY_FILE).exists():
        return {"archive_mode": "on", "archive_command": "true", "archive_timeout": "0"}
    shelf = Shelf(backup_folder(data), account)
    shelf.prepare()
    return {
        "archive_mode": "on",
        "archive_command": command(data, account, "put", str(shelf.wal), str(data / KEY_FILE)) + " %p %f",
        "archive_timeout": str(TIMEOUT_SECONDS),
    }


def command(data: Path, account: Account, *arguments: str) -> str:
    """A shell command that runs the program as the server's account; `%` is doubled, as PostgreSQL wants it.

    Raises OpsError when the account cannot reach Python.
    """
    source, packages = Path(yiti.__file__).parents[1], _origin("cryptography").parents[1]
    in_place = _interpreter(sys.executable, source, packages)
    if os.geteuid() == account.uid or _runs(in_place, account, data):
        found = in_place
    else:
        found = _reachable(account, data, packages)
    return f"{found} -m {PROGRAM} {shlex.join(arguments)}".replace("%", "%%")


def _reachable(account: Account, data: Path, packages: Path) -> str:
    """An interpreter with a copy of what it needs: the virtual environment's own, or the system's."""
    own = Path(sys.executable).resolve()
    copy = _copied(data, packages)
    for python in (str(own), shutil.which(f"python3.{sys.version_info.minor}", path=SYSTEM_PATH)):
        if python and _runs(found := _interpreter(python, copy), account, data):
            return found
    raise OpsError(
        f"The account {account.name} cannot run {own}, which brings the log to the backups.",
        f"Install Debian's python3.{sys.version_info.minor}, or run Yiti as an ordinary user.",
    )


def _interpreter(python: str, *folders: Path) -> str:
    path = ":".join(str(folder) for folder in folders)
    return f"PYTHONPATH={shlex.quote(path)} {shlex.quote(python)} -s -P"


def _runs(interpreter: str, account: Account, data: Path) -> bool:
    tried = account.run(["/bin/sh", "-c", f"{interpreter} -c 'import {PROGRAM}'"], folder=data / "postgres")
    return tried.returncode == 0


def _origin(module: str) -> Path:
    found = find_spec(module)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin)


def _copied(data: Path, packages: Path) -> Path:
    """The few files that the program needs, in the data folder: all or none, a new copy after a change."""
    source = Path(yiti.__file__).parent
    content = b"".join((source / f"{name}.py").read_bytes() for name in OURS)
    key = sha256(content + f"{version('cryptography')} {sys.version_info[:2]}".encode()).hexdigest()[:12]
    copy = data / f"archiver-{key}"
    if not copy.is_dir():
        partial = data / f"archiver-{key}.{os.getpid()}"
        (partial / "yiti" / "ops").mkdir(parents=True)
        for name in OURS:
            shutil.copy(source / f"{name}.py", partial / "yiti" / f"{name}.py")
        for name in ("cryptography", "cffi"):
            shutil.copytree(packages / name, partial / name)
        shutil.copy(_origin("_cffi_backend"), partial)
        for path in (partial, *partial.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        partial.rename(copy)
    return copy
