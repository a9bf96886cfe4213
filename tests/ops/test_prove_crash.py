"""Long proof (reliability T1, bare SQL): what the server has acknowledged survives its being killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
import pytest

from yiti.ops import configuration, postgres
from yiti.ops.database import opened
from yiti.ops.errors import OpsError
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.roles import Role

pytestmark = pytest.mark.prove

ROUNDS = 60
WRITERS = 4
RECOVERY_SECONDS = 10.0


class Writer(threading.Thread):
    """Inserts numbers one by one and keeps those the server has acknowledged."""

    def __init__(self, url: str, numbers: count[int]):
        super().__init__()
        self._url = url
        self._numbers = numbers
        self.acknowledged: list[int] = []

    def run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                while True:
                    number = next(self._numbers)
                    connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                    self.acknowledged.append(number)
        except psycopg.OperationalError:
            return


def kill_under_load(cluster: Cluster, seconds: float, numbers: count[int]) -> set[int]:
    """Write for a while, then kill every process of the server at once; what it had acknowledged."""
    writers = [Writer(cluster.url("postgres", "postgres"), numbers) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    for pid in cluster.holders():
        os.kill(pid, signal.SIGKILL)
    for writer in writers:
        writer.join()
    return {number for writer in writers for number in writer.acknowledged}


def crash_rounds(cluster: Cluster, rounds: int) -> dict[str, float]:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE acknowledged (number bigint PRIMARY KEY)")
    chance, numbers = random.Random(7), count(1)
    acknowledged: set[int] = set()
    slowest = 0.0
    for _ in range(rounds):
        acknowledged |= kill_under_load(cluster, chance.uniform(0.8, 2.2), numbers)
        began = time.monotonic()
        assert cluster.start()
        slowest = max(slowest, time.monotonic() - began)
    with cluster.connect() as connection:
        kept = {row[0] for row in connection.execute("SELECT number FROM acknowledged")}
    cluster.stop()
    return {
        "kills": rounds,
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - kept),
        "slowest_recovery_seconds": round(slowest, 2),
    }


def test_no_acknowledged_row_is_lost(folder: Path, proof: Callable[..., None]) -> None:
    safe = embedded(folder / "safe")
    careless = embedded(folder / "careless")
    careless = Cluster(
        careless.home,
        careless.account,
        careless.programs,
        {**configuration.SAFE, "synchronous_commit": "off"},
    )

    found = {"safe": crash_rounds(safe, ROUNDS), "control": crash_rounds(careless, ROUNDS // 3)}
    assert found["control"]["lost"] > 0, "a harness that cannot see loss proves nothing"
    assert found["safe"]["acknowledged"] > 1000
    assert found["safe"]["lost"] == 0
    assert found["safe"]["slowest_recovery_seconds"] <= RECOVERY_SECONDS
    proof(
        "database-crash",
        kills=ROUNDS,
        acknowledged=int(found["safe"]["acknowledged"]),
        lost=0,
        slowest_recovery_seconds=str(found["safe"]["slowest_recovery_seconds"]),
        lost_by_the_control_without_synchronous_commit=int(found["control"]["lost"]),
    )


def test_a_server_that_does_not_answer_is_not_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be replaying hours of log; stopping it would only make it begin anew."""
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    monkeypatch.setenv("YITI_DATA", str(folder))
    monkeypatch.setattr(postgres, "START_SECONDS", 1)
    cluster = embedded(folder)
    cluster.start()
    before = cluster.holders()
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(OpsError, match="does not answer"), opened():
            pass
        assert cluster.holders() == before
    finally:
        for pid in before:
            os.kill(pid, signal.SIGCONT)
        cluster.stop(mode="immediate")
