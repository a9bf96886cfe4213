"""Periodic work by name. Rooms and the edge register what to do; tasks.py says when."""

from __future__ import annotations

from collections.abc import Callable

_every_minute: dict[str, Callable[[], object]] = {}
_every_hour: dict[str, Callable[[], object]] = {}
_on_wake: list[Callable[[], object]] = []


def every_minute(name: str, work: Callable[[], object]) -> None:
    """Run `work` once a minute in the worker. Raises ValueError for a name taken twice."""
    if _every_minute.setdefault(name, work) is not work:
        raise ValueError(f"minute job {name} is registered twice")


def every_hour(name: str, work: Callable[[], object]) -> None:
    """Run `work` once an hour in the worker. Raises ValueError for a name taken twice."""
    if _every_hour.setdefault(name, work) is not work:
        raise ValueError(f"hour job {name} is registered twice")


def on_wake(work: Callable[[], object]) -> None:
    """Run `work` in the worker whenever the outbox has something new, and once a minute anyway."""
    _on_wake.append(work)


def minute_work() -> dict[str, Callable[[], object]]:
    """What is registered for every minute, in order of registration."""
    return dict(_every_minute)


def hour_work() -> dict[str, Callable[[], object]]:
    """What is registered for every hour, in order of registration."""
    return dict(_every_hour)


def wake_work() -> tuple[Callable[[], object], ...]:
    """What is registered for a wake-up."""
    return tuple(_on_wake)
