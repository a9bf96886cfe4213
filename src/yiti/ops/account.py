"""The operating-system account the embedded PostgreSQL runs as.

PostgreSQL refuses to run as root. Started by root, the server drops to a system user made once;
started by anybody else it runs as that person.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yiti.ops.errors import OpsError

SYSTEM_USER = "yiti"


@dataclass(frozen=True, slots=True)
class Account:
    """One row of the password database, as far as it matters here."""

    name: str
    uid: int
    gid: int

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Touch files as this account, so that root never writes where another account may set links.

        Changes the effective user of the whole process while it lasts. Only for short file work with
        what is loaded already: Python's own library may be out of this account's reach (/root).
        """
        if os.geteuid() == self.uid:
            yield
            return
        caller_uid, caller_gid = os.geteuid(), os.getegid()
        os.setegid(self.gid)
        os.seteuid(self.uid)
        try:
            yield
        finally:
            os.seteuid(caller_uid)
            os.setegid(caller_gid)

    def run(
        self, command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account in `folder`, with a bare environment; its stderr is kept."""
        switched = os.geteuid() != self.uid
        return subprocess.run(
            [str(each) for each in command],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            user=self.uid if switched else None,
            group=self.gid if switched else None,
            extra_groups=[] if switched else None,
        )


def server_account() -> Account:
    """Who runs the embedded server when the present user starts it.

    Raises OpsError when root cannot make the system user.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    try:
        return _account(pwd.getpwnam(SYSTEM_USER))
    except KeyError:
        _make_system_user()
        return _account(pwd.getpwnam(SYSTEM_USER))


def _account(row: pwd.struct_passwd) -> Account:
    return Account(row.pw_name, row.pw_uid, row.pw_gid)


def _make_system_user() -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    todo = f"Make a system user named {SYSTEM_USER} by hand, or run Yiti as an ordinary user."
    if program is None:
        raise OpsError("PostgreSQL does not run as root, and the program useradd is not there.", todo)
    made = subprocess.run(
        [
            program,
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    # A second starter may have made it in between; then useradd fails and the user is there.
    if made.returncode != 0 and SYSTEM_USER not in {row.pw_name for row in pwd.getpwall()}:
        raise OpsError(f"PostgreSQL does not run as root, and useradd failed: {made.stderr.strip()}", todo)
