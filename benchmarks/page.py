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
    yield "| | p50 | p95 | p99 | per second | known ones found | load |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for label, name in (
        ("candidates, probability, decision", "check"),
        ("the whole answer of the page", "page"),
        ("splink: the record registered, `predict_between` the index and it", "splink"),
    ):
        one = result[name]
        times = " | ".join(f"{one[cut]:.2f} ms" for cut in ("p50_ms", "p95_ms", "p99_ms"))
        found = f"{one['found']} of {work['new'] // 2}" if "found" in one else ""
        yield f"| {label} | {times} | {one['per_second']:.0f} | {found} | {one['load']:.1f} |"
    load, night = result["load_s"], result["night_s"]
    yield f"\nLoading the index took {load:.0f} s, one night's work on it {night:.0f} s.\n"


def _whole_county(result: Any) -> Iterator[str]:
    work, load, memory = result["work"], result["load"], result["memory_mb"]
    yield f"## A county of {load['people']:,} people with {load['visits']:,} visits\n"
    yield f"Loading: {load['seconds'] / 60:.1f} min, {load['cpu'] / 60:.1f} min of it the loader's processor,"
    yield f"{load['peak_mb']:.0f} MB at most; {load['database_mb'] / 1000:.1f} GB on disk with all indexes."
    yield f"Then the worker's first night, duplicates and seals: {result['night_s'] / 60:.1f} min."
    yield f"{_where(result)}\n"
    mix = ", ".join(f"{name} {count:g}" for name, count in work["mix"].items())
    yield f"A busy day: {work['per_second']} requests a second for {work['minutes']} minutes, each due at a"
    yield f"moment of its own whether or not the last answer has come ({mix} of 30), browsers and database"
    yield f"on the same machine (load before it {result['machine_load']:.1f}). Every answer was looked at."
    yield "The ratio is to the empty page with its frame and menu, of the same run.\n"
    yield "| page | p50 | p95 | p99 | times | p95 to the empty page | alone: p50 | p95 | p99 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    empty = result["day"]["empty"]["p95_ms"]
    for name, label in _PAGES.items():
        one, alone = result["day"][name], result["alone"].get(name)
        cuts = " | ".join(f"{one[cut]:.0f} ms" for cut in _CUTS)
        apart = " | ".join(f"{alone[cut]:.0f} ms" if alone else "" for cut in _CUTS)
        yield f"| {label} | {cuts} | {one['times']:,} | {one['p95_ms'] / empty:.2f} | {apart} |"
    first, last = f"{memory['first']:.0f} MB", f"{memory['last']:.0f} MB"
    yield f"\nMemory of the processes that answer: {first} as it began, {last} at the end,"
    yield f"{memory['drift']:+.1%} from the second quarter to the last.\n"


_CUTS = ("p50_ms", "p95_ms", "p99_ms")
_PAGES = {
    "empty": "the empty page",
    "search": "search as one types",
    "record": "a person's record",
    "inbox": "the work list",
    "board": "the referral board",
    "bell": "the bell",
    "form": "the referral form",
    "create": "sending it",
}


def _profile(result: Any) -> Iterator[str]:
    """Where the time of sending goes, by a profile of a run of its own."""
    layers, parts = (result["profile"][name].items() for name in ("layers", "parts"))
    yield f"\nOf the time: {', '.join(f'{name} {share:.0%}' for name, share in layers)}."
    yield "By what it is for: " + ", ".join(f"{name} {share:.0%}" for name, share in parts) + "."
    yield "The rest is spread over codes, rules, the trail and the referral's own rows.\n"
    yield "At 0.15 of the insert all of it might take what seven inserts of one row take. Tried: SQL that is"
    yield "kept for rows asked for by id (done, ADR 15); each row read once in the whole command (left: a"
    yield "command reads anew, because others may have changed it, and the second looks are few per cent).\n"


def _sending(result: Any) -> Iterator[str]:
    work = result["work"]
    yield "## Sending a referral\n"
    yield "The whole command (who may, where it goes, number, log, bells, access to the record, trail, event"
    yield "for the worker; one durable transaction) beside inserting one row with Django's ORM into the same"
    yield "PostgreSQL, by processes that do nothing else:"
    yield f"{work['seconds']:g} s each, {work['rounds']} rounds in turn. {_where(result)}\n"
    yield "| processes | sent a second | inserted a second | ratio | statements | CPU of each | insert |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for processes in (1, 4):
        one = result[f"with_{processes}"]
        send, insert = one["send"], one["insert"]
        yield (
            f"| {processes} | {send['per_second']:.0f} | {insert['per_second']:.0f} | {one['ratio']:.3f} "
            f"| {send['statements']:.0f} | {send['cpu_ms']:.1f} ms | {insert['cpu_ms']:.2f} ms |"
        )
    yield from _profile(result)


def _where(result: Mapping[str, Any]) -> str:
    here = result["surroundings"]
    versions = ", ".join(f"{name} {number}" for name, number in here["versions"].items())
    machine = f"{here['cores']} cores ({here['processor']})"
    return f"{here['date']}, {machine}, Python {here['python']}, {versions}."


_PARTS = {
    "whole_county": _whole_county,
    "sending": _sending,
    "duplicates": _duplicates,
    "desk_check": _desk_check,
}
