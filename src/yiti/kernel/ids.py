"""Keys that can be made anywhere, also offline: UUID version 7 (RFC 9562)."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 74


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then version, variant and 74 random bits."""
    return _assemble(time.time_ns() // 1_000_000, secrets.randbits(_RANDOM_BITS))


def id_at(milliseconds: int, random_bits: int) -> UUID:
    """A UUIDv7 of a stated Unix time in milliseconds, for loaders that must be repeatable."""
    return _assemble(milliseconds, random_bits & ((1 << _RANDOM_BITS) - 1))


def _assemble(milliseconds: int, rest: int) -> UUID:
    high = rest >> 62
    low = rest & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
