"""One run of the invention: its chance, its ids, its moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from yiti.kernel.ids import id_at


@dataclass(slots=True)
class Invention:
    """The same seed at the same moment gives the same chance and the same ids. `share` is how much of the
    county is invented: people, those sent up, those in bed."""

    rng: Random
    make_id: Callable[[], UUID]
    at: datetime
    share: float = 1


def a_run(seed: int, at: datetime, share: float = 1) -> Invention:
    """A run that begins now."""
    return Invention(Random(seed), _ids(seed, at), at, share)


def _ids(seed: int, at: datetime) -> Callable[[], UUID]:
    """Repeatable UUIDv7 of the day before `at`, in order."""
    rng = Random(seed)
    start = int((at - timedelta(days=1)).timestamp() * 1000)
    numbers = count()
    return lambda: id_at(start + next(numbers) // 64, rng.getrandbits(74))
