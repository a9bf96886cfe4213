"""Vital signs as a table writes them: `bp=168/110 hr~94` - `=` as the text beside it says, `~` about that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from yiti.spine.episodes import public as episodes

_Kind = episodes.VitalKind
ADULT = "bp~128/78 hr~80 rr~18 t~36.7 spo2~97"
# kind, and how far it may be from what is written
_KINDS = {
    "sys": (_Kind.SYSTOLIC, "5"),
    "dia": (_Kind.DIASTOLIC, "3"),
    "hr": (_Kind.HEART_RATE, "4"),
    "rr": (_Kind.RESPIRATION, "1"),
    "t": (_Kind.TEMPERATURE, "0.2"),
    "spo2": (_Kind.SPO2, "1"),
    "glu": (_Kind.GLUCOSE_FASTING, "0.4"),
}


def read_signs(rng: Random, text: str) -> list[episodes.VitalValue]:
    """The values as they were measured once."""
    return [
        episodes.VitalValue(_KINDS[name][0], value if is_stated else _near(rng, value, _KINDS[name][1]))
        for name, value, is_stated in signs(text)
    ]


def signs(text: str) -> Iterator[tuple[str, Decimal, bool]]:
    """Name, value and whether the value is stated; a pressure is two. Raises ValueError."""
    for each in text.split():
        is_stated = "=" in each
        name, value = each.split("=" if is_stated else "~")
        names = ("sys", "dia") if name == "bp" else (name,)
        for part, number in zip(names, value.split("/"), strict=True):
            yield part, Decimal(number), is_stated


def _near(rng: Random, value: Decimal, width: str) -> Decimal:
    drawn = value + Decimal(width) * Decimal(rng.uniform(-1, 1))
    return drawn.quantize(Decimal("0.1") if "." in width else Decimal(1))
