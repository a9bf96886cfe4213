"""A child process of the supervisor: started, its lines prefixed, ended with all it started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1  # prctl(2)
STEADY_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 30.0

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and the name its lines carry."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


class Child:
    """One program kept running. It leads a process group of its own, so that a Ctrl-C in the
    terminal reaches only the supervisor, and nothing of it stays behind when its leader dies."""

    def __init__(self, program: Program):
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.due_at = 0.0  # monotonic seconds
        self._started_at = 0.0
        self._wait = 0.0
        self._rest = b""

    def start(self) -> int:
        """Start the program; the descriptor its output is read from (it never blocks)."""
        parent = os.getpid()
        self.process = subprocess.Popen(
            self.program.command,
            env=self.program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _end_with_parent(parent),  # noqa: PLW1509 - two system calls, no lock
        )
        self._started_at = time.monotonic()
        os.set_blocking(self.descriptor, False)
        return self.descriptor

    @property
    def descriptor(self) -> int:
        """Where the output of the running program is read."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def read(self) -> list[str]:
        """The lines that are complete by now, prefixed with the program's name."""
        with suppress(BlockingIOError):
            while chunk := os.read(self.descriptor, 65536):
                self._rest += chunk
        *complete, self._rest = self._rest.split(b"\n")
        return [self._prefixed(line) for line in complete]

    def bury(self) -> tuple[int, list[str]]:
        """After the child's end: kill what it left behind, and say when it is due again.

        Answers its exit code and its last lines. The wait doubles from 1 s to 30 s and begins anew
        after a steady minute.
        """
        assert self.process is not None
        code = self.process.wait()
        self.kill()
        last = self.read()
        if self._rest:
            last.append(self._prefixed(self._rest))
            self._rest = b""
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        now = time.monotonic()
        steady = now - self._started_at >= STEADY_SECONDS
        self._wait = 1.0 if steady or not self._wait else min(2 * self._wait, LONGEST_WAIT_SECONDS)
        self.due_at = now + self._wait
        return code, last

    def end(self) -> None:
        """Ask the program to end; its own children are its own affair."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End the program and everything in its process group at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _prefixed(self, line: bytes) -> str:
        if line.startswith(b"{"):  # JSON says itself whose it is, and is read by programs
            return line.decode("utf-8", "replace")
        return f"{self.program.name:<8} {line.decode('utf-8', 'replace')}"


def _end_with_parent(parent: int) -> None:
    """In the child, before its program runs: be told to end when the supervisor dies, even by kill -9."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
