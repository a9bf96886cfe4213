"""A server for tests: in a temporary folder, without fsync, gone at the end.

A small guardian process waits for the end of a pipe that only the maker holds. However the maker
ends, also by kill -9, the kernel closes the pipe, and the guardian stops the server and removes
the folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yiti.ops.account import server_account
from yiti.ops.binaries import binaries, reachable
from yiti.ops.configuration import SAFE
from yiti.ops.postgres import Cluster
from yiti.ops.roles import make_roles

FAST = dict.fromkeys(SAFE, "off")
CLOSING_SECONDS = 20


class Temporary:
    """A running throw-away server. Call `close`, or just let the process end."""

    def __init__(self, *, durable: bool = False):
        self._base = Path(tempfile.mkdtemp(prefix="yiti-"))
        self._base.chmod(0o755)  # the server's account must get through; its own folder inside is closed
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "yiti.ops.temporary", str(self._base)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        atexit.register(self.close)
        try:
            self.cluster = _cluster(self._base, durable=durable)
            self.cluster.start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the server and remove its folder; may be called twice."""
        atexit.unregister(self.close)
        assert self._guardian.stdin is not None
        self._guardian.stdin.close()
        self._guardian.wait(CLOSING_SECONDS)


@contextmanager
def start_temporary(*, durable: bool = False) -> Iterator[Cluster]:
    """A throw-away server with the four roles for the length of a block.

    `durable` keeps fsync and its kind on, for tests of exactly that.
    """
    temporary = Temporary(durable=durable)
    try:
        with temporary.cluster.connect() as connection:
            make_roles(connection)
        yield temporary.cluster
    finally:
        temporary.close()


def _cluster(base: Path, *, durable: bool) -> Cluster:
    account = server_account()
    home = base / "postgres"
    home.mkdir(mode=0o700)
    if os.geteuid() != account.uid:
        os.chown(home, account.uid, account.gid)
    return Cluster(home, account, reachable(binaries(), account, base), SAFE if durable else FAST)


def _guard(base: Path) -> None:
    """Wait for the maker's end, then clear away what it made."""
    sys.stdin.read()
    home = base / "postgres"
    if home.is_dir():
        account = server_account()
        Cluster(home, account, reachable(binaries(), account, base), FAST).stop(mode="immediate")
    shutil.rmtree(base)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
