"""Long proof (reliability T16): the disk of the server fills up under people at work, and empties again."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.ops.processes import wait_for
from tests.own_data import own_data
from yiti.config.management.commands.load_example import PASSWORD
from yiti.ops.database import opened
from yiti.ops.roles import Role

pytestmark = pytest.mark.prove

YITI = [sys.executable, "-m", "yiti.ops.cli"]
MEGABYTES = 512
PEOPLE = ("LN2045", "LN1304", "LN0412", "LN0217", "LN0401")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
QUIET_SECONDS, FULL_SECONDS, HEALING_SECONDS = 8, 25, 60


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A data folder on a disk of its own, with a fifth of the example county."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount the small disk")
    folder = Path("/tmp") / f"yiti-disk-{os.getpid()}"
    folder.mkdir(mode=0o755)
    size = f"size={MEGABYTES}m,mode=0755"
    # To root it must not fail: then the proof is red, not left out.
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
    try:
        with own_data(folder):
            subprocess.run([*YITI, "migrate"], check=True)
            subprocess.run([*YITI, "manage", "load_example", "liannan", "--share", "0.2"], check=True)
            yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@contextmanager
def serving() -> Iterator[str]:
    """`yiti serve` on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen([*YITI, "serve", "--port", port], stdout=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: status(f"{address}/readyz") == 200, 60)
            yield address
        finally:
            server.terminate()


def status(address: str) -> int:
    """What is answered; 0 for nothing."""
    try:
        with build_opener().open(address, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


@dataclass(eq=False)
class Person(threading.Thread):
    """Signs in and keeps drafts, as forms do while one types; remembers which were said to be saved."""

    address: str
    login: str
    ending: threading.Event
    saved: list[str] = field(default_factory=list)
    answers: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def sign_in(self) -> None:
        typed = {"login": self.login, "password": PASSWORD}
        self._post("/sign-in", typed, self._token("/sign-in"))
        self._csrf = self._token("/password")

    def run(self) -> None:
        chance, number = random.Random(self.login), 0
        while not self.ending.wait(0.3):
            number += 1
            subject = f"{self.login.lower()}-{number}"
            text = chance.randbytes(12_000).hex()
            try:
                self._post(f"/drafts/proof/{subject}", {"text": text}, self._csrf)
            except HTTPError as error:
                self.answers.append((time.monotonic(), error.code))
            except (URLError, OSError):
                self.answers.append((time.monotonic(), 0))
            else:
                self.answers.append((time.monotonic(), 200))
                self.saved.append(subject)

    def _token(self, page: str) -> str:
        with self._opener.open(f"{self.address}{page}", timeout=10) as answer:
            found = TOKEN.search(answer.read().decode())
        assert found, page
        return found[1]

    def _post(self, page: str, fields: dict[str, str], token: str) -> None:
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        headers = {"Referer": f"{self.address}/", "Origin": self.address}
        with self._opener.open(Request(f"{self.address}{page}", body, headers), timeout=20) as answer:
            assert answer.status < 300
            answer.read()


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"\1" * (1 << 16))
            file.flush()
    return ballast


def kept() -> set[str]:
    with opened() as database, database.connect(Role.LOADER) as loader:
        rows = loader.execute("SELECT subject FROM drafts_draft WHERE form = 'proof'").fetchall()
    return {row[0] for row in rows}


@dataclass(frozen=True)
class Course:
    """When the disk was full (monotonic seconds), how red /readyz was then, and how long healing took."""

    filled_at: float
    emptied_at: float
    red: int
    healed_seconds: float


def work_while_the_disk_fills(address: str, people: list[Person], disk: Path) -> Course:
    """People work; the disk fills up, empties again, and they go on."""
    for person in people:
        person.sign_in()
        person.start()
    try:
        time.sleep(QUIET_SECONDS)
        ballast = fill(disk)
        filled_at = time.monotonic()
        red = _red_while_full(address)
        ballast.unlink()
        emptied_at = time.monotonic()
        wait_for(lambda: status(f"{address}/readyz") == 200, HEALING_SECONDS)
        healed = time.monotonic() - emptied_at
        time.sleep(QUIET_SECONDS)
    finally:
        people[0].ending.set()
        for person in people:
            person.join()
    return Course(filled_at, emptied_at, red, healed)


def answers(people: list[Person], since: float, until: float = float("inf")) -> Counter[int]:
    """How often each code was answered in a span."""
    return Counter(code for person in people for at, code in person.answers if since <= at < until)


def test_a_full_disk_loses_nothing_and_heals(small_disk: Path, proof: Callable[..., None]) -> None:
    ending = threading.Event()
    with serving() as address:
        people = [Person(address, login, ending) for login in PEOPLE]
        course = work_while_the_disk_fills(address, people, small_disk)

    full = answers(people, course.filled_at, course.emptied_at)
    after = answers(people, course.emptied_at + course.healed_seconds)
    saved = {subject for person in people for subject in person.saved}
    found = {
        "saved": len(saved),
        "lost": len(saved - kept()),
        "answers_while_full": json.dumps({str(code): number for code, number in sorted(full.items())}),
        "readyz_red_while_full": f"{course.red} of {FULL_SECONDS} looks",
        "seconds_until_ready_again": str(round(course.healed_seconds, 1)),
        "answers_after": json.dumps({str(code): number for code, number in sorted(after.items())}),
    }
    assert answers(people, 0, course.filled_at).keys() == {200}
    assert full[503] > 0, f"a disk that was never full proves nothing: {found}"
    assert full.keys() <= {200, 503}, found
    assert course.red > 0, found
    assert after.keys() == {200}, found
    assert found["lost"] == 0, found
    with opened() as database:
        assert database.python(Role.WORKER, "django", "check_county") == 0
        with database.connect(Role.LOADER) as loader:
            loader.execute("DELETE FROM drafts_draft WHERE subject = %s", [min(saved)])
    assert saved - kept() == {min(saved)}, "a comparison that sees no loss proves nothing"
    proof("disk-full", disk_megabytes=MEGABYTES, **found)


def _red_while_full(address: str) -> int:
    """How many of the looks at /readyz, one a second, are red."""
    red = 0
    for _ in range(FULL_SECONDS):
        red += status(f"{address}/readyz") == 503
        time.sleep(1)
    return red
