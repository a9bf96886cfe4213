"""Locks between processes: who may start or stop the server, and who is using it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yiti.ops.errors import OpsError


def take(path: Path, *, shared: bool = False, wait_seconds: float = 0) -> int | None:
    """Lock a file or folder and give its descriptor, or None when it stays taken; close it to let go.

    A missing file is made. The kernel lets go by itself when the process dies, however it dies.
    """
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(descriptor)
                return None
            time.sleep(0.05)
        else:
            return descriptor


@contextmanager
def alone(path: Path, *, wait_seconds: float, what: str) -> Iterator[None]:
    """Run a block while holding the lock. Raises OpsError when `what` takes another too long."""
    descriptor = take(path, wait_seconds=wait_seconds)
    if descriptor is None:
        raise OpsError(
            f"Another process has been {what} for more than {wait_seconds:.0f} s.",
            "Wait for it to finish, or end it, and try again.",
        )
    try:
        yield
    finally:
        os.close(descriptor)
