"""Where the time of sending a referral goes: by what runs, and by what it is done for."""

from __future__ import annotations

import cProfile
import multiprocessing
import os
import pstats
from collections import Counter
from collections.abc import Mapping
from typing import Any

from yiti.ops.database import Database
from yiti.ops.roles import Role

TIMES = 200
# What is done, by the function that does it, with all that it calls.
_PARTS = {
    "the person's record": ("residents/selectors/records.py", "person"),
    "the episode, looked at twice": ("episodes/selectors/episodes.py", "episode"),
    "institutions, looked at twice": ("facilities/selectors/institutions.py", "institutions"),
    "departments, looked at twice": ("facilities/selectors/beds.py", "departments_by_id"),
    "whether it was sent before": ("handoffs/commands/opening.py", "_opened_before"),
    "its number": ("handoffs/commands/opening.py", "_next_number"),
    "its event": ("handoffs/commands/logging.py", "append"),
    "the record opened to the hospital": ("handoffs/commands/addressing.py", "open_record"),
    "bells, and the event for the worker": ("handoffs/commands/moving.py", "announce"),
    "the draft thrown away": ("drafts/commands.py", "discard_draft"),
}


def taken(database: Database) -> Mapping[str, Any]:
    """Shares of the time of one referral: `layers` by what runs, `parts` by what for."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_profile, [database.environment(Role.APP), database.urls[Role.LOADER]])


def _profile(environment: dict[str, str], eye: str) -> Mapping[str, Any]:
    os.environ |= environment
    import django  # noqa: PLC0415

    django.setup()
    from benchmarks.sending import sending  # noqa: PLC0415

    piece = sending(eye, 0)
    for _ in range(20):
        piece()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(TIMES):
        piece()
    profiler.disable()
    return shares(pstats.Stats(profiler).stats)  # type: ignore[attr-defined]


def shares(stats: Mapping[tuple[str, int, str], tuple[Any, ...]]) -> Mapping[str, Any]:
    """Shares out of the figures of a profiler: (file, line, function) with (calls, calls, own time, time with
    all that it calls, callers)."""
    layers: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for (file, _, name), (_, _, own, cumulative, _) in stats.items():
        layers[_layer(file, name)] += own
        for part, (ending, function) in _PARTS.items():
            if name == function and file.endswith(ending):
                parts[part] += cumulative
    whole = sum(layers.values())
    return {
        "layers": {name: time / whole for name, time in layers.most_common()},
        "parts": {name: time / whole for name, time in parts.most_common()},
    }


def _layer(file: str, name: str) -> str:
    if "psycopg" in file:
        return "waiting for PostgreSQL" if name == "wait" else "the driver"
    if "django" in file:
        return "Django"
    if "yiti" in file:
        return "Yiti's own lines"
    return "what Python itself does for all of them"
