"""Money is an integer number of fen (0.01 yuan). Rounding is named, and parts add up."""

from __future__ import annotations

from collections.abc import Sequence


def format_fen(fen: int) -> str:
    """`347500` -> `¥3,475.00`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def split_fen(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split by largest remainder: the parts are proportional to `weights` and sum to the total.

    Raises ValueError for a negative total, no weights, a negative weight or a zero sum of weights.
    """
    whole = sum(weights)
    if total_fen < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("nothing to split by")
    parts = [total_fen * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total_fen * weights[i] % whole), i))
    for i in by_remainder[: total_fen - sum(parts)]:
        parts[i] += 1
    return parts
