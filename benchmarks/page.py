"""The page of figures, made from the results; nothing on it is typed by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.measuring import RESULTS

PATH = Path(__file__).parents[1] / "docs" / "performance.md"
_HEAD = """\
# What was measured

Made by `python -m benchmarks` from `benchmarks/results`; `make bench` measures anew. Each figure stands
beside a comparator that did the same work in the same run, each run in a process of its own, in turn (A B A
B), median of all rounds. A time counts only when its check of correctness has passed. Seconds of wall clock
and of processor; peak memory of the process; load of the machine as the first run began (with two cores,
above 2 something else ran as well).
"""


def text(results: Path = RESULTS) -> str:
    """The page, as the results give it."""
    found = {name: _read(results / f"{name}.json") for name in _PARTS}
    parts = [_HEAD]
    for name, result in found.items():
        if result is not None:
            parts += _PARTS[name](result)
    return "\n".join(parts)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _duplicates(result: Any) -> Iterator[str]:
    work, gate = result["work"], result["febrl4"]["f1"]["best"]
    yield f"## Who stands twice in an index of {work['people'] + work['repeats']:,}\n"
    yield f"{work['people']:,} invented people, {work['repeats']:,} of their records once more."
    yield f"{_where(result)}\n"
    names = ("yiti", "splink")
    yield "| | " + " | ".join(names) + " |"
    yield "| --- |" + " --- |" * len(names)
    for label, value in _DUPLICATES.items():
        yield f"| {label} | " + " | ".join(value(result[name]) for name in names) + " |"
    yield f"\nRatio of the times {result['ratio']:.1f}. FEBRL4 (the gate, F1 at least 0.999): {gate:.4f}.\n"


def _f1(least: str) -> Callable[[Any], str]:
    return lambda one: f"{one['found']['f1'][least]:.4f}"


_DUPLICATES: Mapping[str, Callable[[Any], str]] = {
    "wall, median (best)": lambda one: f"{one['wall']:.1f} s ({one['best_wall']:.1f})",
    "processor": lambda one: f"{one['cpu']:.1f} s",
    "peak memory": lambda one: f"{one['peak_mb']:.0f} MB",
    "load": lambda one: f"{one['runs'][0]['load']:.1f}",
    **{f"F1 at {least}": _f1(least) for least in ("0.1", "0.5", "0.9", "0.99")},
    "F1, best": _f1("best"),
}


def _desk_check(result: Any) -> Iterator[str]:
    work, alike = result["work"], result["pairs_decided_alike"]
    yield f"## One new person against {work['index']:,}\n"
    yield f"One connection; {work['new']:,} new people, half of them in the index already. {alike:,} pairs"
    yield f"were shown, all with the score of the nightly run. {_where(result)}\n"
    yield "| | p50 | p95 | p99 | per second | load |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for label, name in (
        ("candidates, probability, decision", "check"),
        ("the whole answer of the page", "page"),
    ):
        one = result[name]
        times = " | ".join(f"{one[cut]:.2f} ms" for cut in ("p50_ms", "p95_ms", "p99_ms"))
        yield f"| {label} | {times} | {one['per_second']:.0f} | {one['load']:.1f} |"
    load, night = result["load_s"], result["night_s"]
    yield f"\nLoading the index took {load:.0f} s, one night's work on it {night:.0f} s.\n"


def _where(result: Mapping[str, Any]) -> str:
    here = result["surroundings"]
    versions = ", ".join(f"{name} {number}" for name, number in here["versions"].items())
    machine = f"{here['cores']} cores ({here['processor']})"
    return f"{here['date']}, {machine}, Python {here['python']}, {versions}."


_PARTS = {"duplicates": _duplicates, "desk_check": _desk_check}
