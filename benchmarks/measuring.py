"""Time, processor, memory and surroundings of a piece of work, each in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took: seconds of wall clock and processor, peak memory of its process in MB, the load of
    the machine (one minute) as it began, and what it found (figures by name)."""

    wall: float
    cpu: float
    peak_mb: float
    load: float
    found: Mapping[str, Any]


Work = Callable[[], Mapping[str, Any]]
#: Makes the work ready (data in memory, not measured) and gives what is measured.
Prepare = Callable[[], Work]


def take_apart(prepare: Prepare) -> Taken:
    """Run it in a fresh process, so that memory and caches are its own. Raises what it raised."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_take, (prepare,))


def _take(prepare: Prepare) -> Taken:
    work = prepare()
    load, began = os.getloadavg()[0], time.process_time()
    start = time.perf_counter()
    found = work()
    wall = time.perf_counter() - start
    cpu = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Taken(wall, cpu, peak, load, found)


def in_turn(contenders: Mapping[str, Prepare], rounds: int) -> dict[str, list[Taken]]:
    """A B A B: each contender once in every round, so that a busy neighbour meets all alike."""
    runs: dict[str, list[Taken]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, prepare in contenders.items():
            runs[name].append(take_apart(prepare))
            last = runs[name][-1]
            took = f"{last.wall:.2f} s, {last.cpu:.2f} CPU s, {last.peak_mb:.0f} MB"
            print(f"  {name}: {took}, load {last.load:.1f}")
    return runs


def summed_up(runs: Sequence[Taken]) -> dict[str, Any]:
    """Medians and the runs themselves."""
    middle = {
        name: statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "peak_mb")
    }
    best = min(run.wall for run in runs)
    return {**middle, "best_wall": best, "found": runs[-1].found, "runs": [asdict(run) for run in runs]}


def surroundings(*packages: str) -> dict[str, Any]:
    """Where it was measured: versions and machine."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("numpy", *packages)},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def write(name: str, result: Mapping[str, Any]) -> None:
    """Keep a result for the page of figures."""
    text = json.dumps(_rounded(result), ensure_ascii=False, indent=1, sort_keys=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    """With five digits: more of a measurement means nothing."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value
