"""P10: sending a referral, against inserting one row with Django's ORM into the same PostgreSQL.

Both durable, both in processes that do nothing else; in turn, with one process and with four.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

from benchmarks import houses, measuring, profile_sending
from yiti.ops.database import Database
from yiti.ops.roles import DATABASE, Role

SECONDS, ROUNDS, PROCESSES = 6.0, 5, (1, 4)
_TABLE = """
    CREATE TABLE IF NOT EXISTS bench_row (
        id bigserial PRIMARY KEY, at timestamptz NOT NULL, kind text NOT NULL, person uuid NOT NULL,
        by uuid NOT NULL, words text NOT NULL, number integer NOT NULL
    )
"""
_OPEN = """
    SELECT episode.person_id, episode.id FROM episodes_episode AS episode
    JOIN residents_card AS card ON card.id = episode.person_id
    JOIN facilities_institution AS station ON station.region_id = card.village_id
    WHERE episode.state = 'open' AND station.id = %s AND NOT card.is_deceased ORDER BY episode.id
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What one process did in its seconds."""

    times: int
    seconds: float
    cpu: float
    statements: int


def run() -> Mapping[str, Any]:
    """Measure; raises AssertionError when what was acknowledged is not there."""
    with houses.folder() as path:
        if not any(path.iterdir()):
            houses.load_example(path)
        with houses.database(path) as database:
            assert database.cluster is not None
            with database.cluster.connect(DATABASE) as superuser:
                superuser.execute(_TABLE)
                superuser.execute("GRANT ALL ON bench_row, bench_row_id_seq TO PUBLIC")
            found = {processes: _in_turn(database, processes) for processes in PROCESSES}
            spent = profile_sending.taken(database)
        return {
            "profile": spent,
            "work": {"seconds": SECONDS, "rounds": ROUNDS},
            "surroundings": measuring.surroundings("django", "psycopg"),
            **{f"with_{processes}": each for processes, each in found.items()},
        }


def _in_turn(database: Database, processes: int) -> dict[str, Any]:
    """Insert, send, insert, send: medians a second, processor a piece, statements a piece, and the ratio."""
    rates: dict[str, list[dict[str, float]]] = {"insert": [], "send": []}
    for _ in range(ROUNDS):
        for name, known in rates.items():
            before = _stored(database)
            done = _at_once(database, name, processes)
            times = sum(each.times for each in done)
            assert _stored(database) - before >= times, f"{name}: less is stored than was acknowledged"
            known.append(
                {
                    "per_second": sum(each.times / each.seconds for each in done),
                    "cpu_ms": 1000 * sum(each.cpu for each in done) / times,
                    "statements": sum(each.statements for each in done) / times,
                    "load": os.getloadavg()[0],
                }
            )
    found: dict[str, Any] = {name: _middle(rounds) for name, rounds in rates.items()}
    found["ratio"] = found["send"]["per_second"] / found["insert"]["per_second"]
    print(f"  {processes}: {found}")
    return found


def _middle(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _stored(database: Database) -> int:
    with database.connect(Role.LOADER) as eye:
        row = eye.execute(
            "SELECT (SELECT count(*) FROM referrals_upreferral) + (SELECT count(*) FROM bench_row)"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _at_once(database: Database, name: str, processes: int) -> list[Done]:
    environment = database.environment(Role.APP)
    eye = database.urls[Role.LOADER]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.starmap(_work, [(name, environment, eye, each) for each in range(processes)], chunksize=1)


def _work(name: str, environment: dict[str, str], eye: str, number: int) -> Done:
    os.environ |= environment
    import django  # noqa: PLC0415

    django.setup()
    piece = _MAKERS[name](eye, number)
    for _ in range(20):
        piece()
    statements = _statements(piece)
    began, start, times = _cpu(), time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < SECONDS:
        piece()
        times += 1
    return Done(times, passed, _cpu() - began, statements * times)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _statements(piece: Callable[[], object]) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        piece()
    return len(queries)


def inserting(_eye: str, number: int) -> Callable[[], object]:
    """One row with the ORM, a transaction of its own."""
    from django.db import models  # noqa: PLC0415

    from yiti.kernel.clock import now  # noqa: PLC0415
    from yiti.kernel.ids import new_id  # noqa: PLC0415

    class Row(models.Model):
        at = models.DateTimeField()
        kind = models.TextField()
        person = models.UUIDField()
        by = models.UUIDField()
        words = models.TextField()
        number = models.IntegerField()

        class Meta:
            app_label, managed, db_table = "benchmarks", False, "bench_row"

    return lambda: Row.objects.create(
        at=now(), kind="referral", person=new_id(), by=new_id(), words="反复胸闷 3 天", number=number
    )


def sending(eye: str, number: int) -> Callable[[], object]:
    """A village doctor of one's own refers people with an open episode to the head hospital's ward."""
    import psycopg  # noqa: PLC0415

    from yiti.care.referrals import commands  # noqa: PLC0415
    from yiti.care.referrals.domain import CaseText, Contact, Diagnosed, Reason, Target, UpSpec  # noqa: PLC0415
    from yiti.config.example.desks import find_desks  # noqa: PLC0415
    from yiti.config.setup import SETUP  # noqa: PLC0415
    from yiti.kernel.clock import now  # noqa: PLC0415
    from yiti.kernel.ids import new_id  # noqa: PLC0415

    desks = find_desks(SETUP, now())
    doctor = [each for each in desks.all if each.role == "village_doctor"][number * 7]
    ward = next(each for each in desks.by_place["LN-RMYY"] if each.ward == "XXG")
    with psycopg.connect(eye) as connection:
        people = cycle(connection.execute(_OPEN, [doctor.institution_id]).fetchall())
    spec = partial(
        UpSpec,
        urgency="urgent",
        reason=Reason("surgery", "急诊冠脉造影"),
        diagnoses=(Diagnosed("I20.0"), Diagnosed("I10")),
        case=CaseText(
            summary="反复胸闷 3 天，今晨静息胸痛 20 分钟，伴出汗。", treatments="阿司匹林 300 mg 嚼服"
        ),
        contact=Contact(phone="13822716620", name="房买尾一", relation="20"),
        target=Target(ward.institution_id, ward.department_id, "03.04"),
        transport_code="county-120",
        consent_given=True,
    )

    def piece() -> object:
        person, episode = next(people)
        wish = spec(id=new_id(), person_id=person, episode_id=episode)
        return commands.send_up(actor=doctor.actor, spec=wish, at=now())

    return piece


_MAKERS = {"insert": inserting, "send": sending}
