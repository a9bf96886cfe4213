"""Keys that can be made anywhere, also offline: UUID version 7 (RFC 9562)."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_RANDOM_BITS = 74
_COUNTER_BITS, _TAIL_BITS = 12, 62
_lock = threading.Lock()
_last = [0]  # milliseconds and counter of the last id, as one number


def new_id() -> UUID:
    """A new UUIDv7, greater than every one made before by this process.

    48 bits of Unix milliseconds, then version, a counter of 12 bits within the millisecond (RFC 9562,
    6.2, method 1), variant and 62 random bits. A full counter, or a clock that went back, borrows from
    the next millisecond.
    """
    with _lock:
        _last[0] = max(_last[0] + 1, (time.time_ns() // 1_000_000) << _COUNTER_BITS)
        place = _last[0]
    counter = place & ((1 << _COUNTER_BITS) - 1)
    return _assemble(place >> _COUNTER_BITS, (counter << _TAIL_BITS) | secrets.randbits(_TAIL_BITS))


def id_at(milliseconds: int, random_bits: int) -> UUID:
    """A UUIDv7 of a stated Unix time in milliseconds, for loaders that must be repeatable."""
    return _assemble(milliseconds, random_bits & ((1 << _RANDOM_BITS) - 1))


def _assemble(milliseconds: int, rest: int) -> UUID:
    high = rest >> 62
    low = rest & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
