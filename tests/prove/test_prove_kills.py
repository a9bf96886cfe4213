"""Long proof (reliability T1, T2): people write through the real pages while what they stand on is killed."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from tests.proofs import SHARE
from tests.prove import houses
from tests.prove.assault import PLAN, Toll, kill_database, kill_process
from tests.prove.desk import Troubles
from tests.prove.ledger import Found, Ledger
from tests.prove.people import NEAR, Stage, Traveller, Writer
from tests.serving import RunningServer
from yiti.ops.postgres import Cluster, embedded

pytestmark = pytest.mark.prove

DATABASE_KILLS, CONTROL_KILLS, PROCESS_KILLS = (max(2, round(n * SHARE)) for n in (60, 20, 100))
WRITERS = 5  # beside one who goes the whole way with each person
PAUSE_SECONDS = (0.8, 2.2)

Attack = Callable[[RunningServer, Ledger, Toll, random.Random], None]


@dataclass
class Trial:
    """What one house went through."""

    ledger: Ledger = field(default_factory=Ledger)
    troubles: Troubles = field(default_factory=Troubles)
    toll: Toll = field(default_factory=Toll)
    found: Found = field(default_factory=Found)
    left_over: int = 0
    keeps_its_promises: bool = False
    is_safe: bool = False  # `yiti serve` would start on it
    refusals: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, int | str]:
        """For docs/proofs."""
        return {
            **{f"kills_of_a_{kind.replace(' ', '_')}": n for kind, n in self.toll.kills.items()},
            "acknowledged": len(self.ledger.deeds),
            "acknowledged_of_each_kind": json.dumps(self.ledger.mix),
            "lost": len(self.found.lost),
            "doubled": len(self.found.doubled),
            "stored_without_being_asked": len(self.found.unasked),
            "steps_told_not_exactly_once": self.found.untold,
            "events_and_jobs_left_over": self.left_over,
            "slowest_recovery_seconds": json.dumps(
                {kind: round(seconds, 1) for kind, seconds in self.toll.slowest.items()}
            ),
            "troubles_on_the_way": json.dumps(dict(sorted(self.troubles.counts.items()))),
        }


def database_attack(kills: int) -> Attack:
    """The database server dies, again and again."""

    def attack(house: RunningServer, ledger: Ledger, toll: Toll, chance: random.Random) -> None:
        for _ in range(kills):
            time.sleep(chance.uniform(*PAUSE_SECONDS))
            kill_database(house, ledger, toll)

    return attack


def process_attack(house: RunningServer, ledger: Ledger, toll: Toll, chance: random.Random) -> None:
    """Processes of the house die, one at a time."""
    for kind, _ in zip(cycle(PLAN), range(PROCESS_KILLS), strict=False):
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        kill_process(kind, house, ledger, toll)


@contextmanager
def people_at_work(house: RunningServer, trial: Trial) -> Iterator[None]:
    """They write for the length of the block, and finish what they have begun."""
    ending = threading.Event()
    stage = Stage.of(house.database, house.url)
    far = [login for login in stage.patients if login not in NEAR][:WRITERS]
    people = [Writer(stage, trial.ledger, trial.troubles, ending, login) for login in far]
    people.append(Traveller(stage, trial.ledger, trial.troubles, ending, NEAR[0]))
    for person in people:
        person.start()
    try:
        yield
    finally:
        ending.set()
        for person in people:
            person.join()
    trial.refusals += [refusal for person in people for refusal in person.refusals]


def endure(cluster: Cluster, attack: Attack, *, seed: int) -> Trial:
    """Run a house, let people write, attack, and look at what stands."""
    trial = Trial()
    with houses.house(cluster) as house:
        trial.is_safe = houses.is_safe(house.database)
        with people_at_work(house, trial):
            attack(house, trial.ledger, trial.toll, random.Random(seed))
        houses.rebuild_indexes(house.database)
        trial.left_over = houses.left_over(house.database)
        trial.found = trial.ledger.compare(house.database)
        trial.keeps_its_promises = houses.keeps_its_promises(house.database)
    return trial


def ensure_nothing_is_wrong(trial: Trial) -> None:
    """Everything that was said to be done is done, once."""
    assert trial.is_safe
    assert trial.refusals == []
    assert len(trial.ledger.deeds) > 500 * SHARE
    assert {"referral", "visit", "message", "step"} <= trial.ledger.mix.keys()
    assert trial.found == Found()
    assert trial.left_over == 0
    assert trial.keeps_its_promises


@pytest.fixture(scope="module")
def county() -> Iterator[Path]:
    """The example county, before anything happens to it."""
    with houses.a_county() as folder:
        yield folder


def test_killed_database_servers_lose_nothing(county: Path, proof: Callable[..., None]) -> None:
    control = careless_database(houses.copy_of(county, "careless"))
    cluster = embedded(houses.copy_of(county, "database"))
    trial = endure(cluster, database_attack(DATABASE_KILLS), seed=7)

    assert control.found.lost, "a harness that cannot see loss proves nothing"
    ensure_nothing_is_wrong(trial)
    whole = houses.has_whole_pages(cluster)
    houses.turn_a_bit(cluster)
    assert whole
    assert not houses.has_whole_pages(cluster), "a damaged page that is not seen proves nothing"
    proof(
        "kills-of-the-database",
        **trial.figures(),
        pages_with_a_wrong_checksum=0,
        control_kills=CONTROL_KILLS,
        control_acknowledged=len(control.ledger.deeds),
        lost_by_the_control_without_synchronous_commit=len(control.found.lost),
    )


def careless_database(folder: Path) -> Trial:
    """The control: a server that says done before it is. `yiti serve` refuses it, so it is run without
    being asked."""
    trial = endure(houses.careless(embedded(folder)), database_attack(CONTROL_KILLS), seed=11)
    assert not trial.is_safe
    return trial


def test_killed_processes_lose_and_double_nothing(county: Path, proof: Callable[..., None]) -> None:
    trial = endure(embedded(houses.copy_of(county, "processes")), process_attack, seed=13)

    ensure_nothing_is_wrong(trial)
    proof("kills-of-processes", **trial.figures())
