"""A county of 600,000 people with 2 million visits: what loading it takes, and what its pages take on a busy
day."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import day, houses, measuring
from tests.serving import RunningServer
from yiti.ops.database import Database
from yiti.ops.roles import Role

PEOPLE = 600_000
PER_SECOND = 30
WARM_UP, MINUTES, ALONE = 60, 20, 400
_AT_WORK = """
    SELECT staff.code, posting.role_id FROM staff_staffmember AS staff
    JOIN staff_posting AS posting ON posting.staff_id = staff.id
    WHERE posting.valid_until IS NULL AND posting.is_primary ORDER BY staff.code
"""


def run() -> Mapping[str, Any]:
    """Measure; raises AssertionError when pages answered wrongly."""
    with houses.folder() as path:
        loaded = _loaded(path)
        with houses.served(path) as house:
            stage = _stage(house)
            print(f"  {len(stage.cookies)} people signed in")
            night = _seconds_of_the_night(house)
            print(f"  the worker came to rest after {night:.0f} s")
            _right(day.drive(stage, seconds=WARM_UP, per_second=PER_SECOND, seed=1))
            alone = _alone(stage)
            watch = houses.Watch(house)
            watch.start()
            load = os.getloadavg()[0]
            times = _right(day.drive(stage, seconds=MINUTES * 60, per_second=PER_SECOND))
            watch.stop()
        return {
            "work": {"minutes": MINUTES, "per_second": PER_SECOND, "mix": dict(day.Day.MIX)},
            "surroundings": measuring.surroundings("django", "granian", "psycopg"),
            "load": loaded,
            "night_s": night,
            "day": times,
            "machine_load": load,
            "alone": alone,
            "memory_mb": {"first": watch.mb[0], "last": watch.mb[-1], "drift": watch.drift()},
        }


def _loaded(path: Path) -> Mapping[str, Any]:
    """What loading took: now, or when the county that was kept was loaded."""
    kept = path / "load.json"
    if not kept.exists():
        kept.write_text(json.dumps(asdict(houses.load(path, PEOPLE))), encoding="utf-8")
    found: Mapping[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    print(f"  {found}")
    return found


_RESTS = """
    SELECT EXISTS (SELECT FROM residents_linkmodel) AND NOT EXISTS (SELECT FROM audit_unsealed)
        AND NOT EXISTS (SELECT FROM outbox_outboxevent WHERE handled_at IS NULL)
"""


def _seconds_of_the_night(house: RunningServer) -> float:
    """Until the worker has done what the loading left it: the index gone through for duplicates, the trail
    sealed. None of it is part of a day."""
    start = time.perf_counter()
    with house.database.connect(Role.LOADER) as eye:
        while not (eye.execute(_RESTS).fetchone() or (False,))[0]:
            time.sleep(2)
    return time.perf_counter() - start


def _right(times: day.Times) -> Mapping[str, Any]:
    assert not times.wrong, f"{len(times.wrong)} answers were wrong: {times.wrong[:5]}"
    found = times.figures()
    for kind, cuts in found.items():
        print(f"  {kind:8}" + ", ".join(f"{name} {value:.1f}" for name, value in cuts.items()))
    return found


def _alone(stage: day.Stage) -> Mapping[str, Any]:
    """Each kind of page with nobody else there, one after another."""
    makes = day.Day(stage, seed=3)
    found = day.Times()
    line = day.Line(stage)
    for kind in ("empty", "search", "record", "inbox", "board"):
        for _ in range(ALONE):
            found.ask(line, makes.one(kind), due=time.perf_counter())
    return _right(found)


def _stage(house: RunningServer) -> day.Stage:
    with house.database.connect(Role.LOADER) as eye:
        roles = dict(eye.execute(_AT_WORK).fetchall())
    return day.stage(house.database, house.url, _cookies(house.database, roles), roles)


def _cookies(database: Database, roles: Mapping[str, str]) -> dict[str, str]:
    """A session of everybody who asks, made as signing in makes one, without the hash of a password."""
    os.environ |= database.environment(Role.APP)
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    found = {}
    for user in get_user_model().objects.filter(username__in=roles):
        browser = Client()
        browser.force_login(user)
        found[user.get_username()] = (
            f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
        )
    return found
