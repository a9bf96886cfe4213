"""The lock files pin every package by hash and name no host: they install from any index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==\S+( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def faults(text: str) -> list[str]:
    """Lines that are neither a pin with hashes to follow, nor a hash, nor a comment."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    wrong = [line for line in lines if not PINNED.match(line) and not HASH.match(line)]
    follows = zip(lines, [*lines[1:], ""], strict=True)
    unhashed = [line for line, after in follows if PINNED.match(line) and not HASH.match(after)]
    return [*wrong, *unhashed, *(line for line in text.splitlines() if "://" in line)]


@pytest.mark.parametrize("name", ["core.lock", "dev.lock", "bench.lock"])
def test_every_line_is_pinned_and_hashed(name: str) -> None:
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    assert text.count("==") > 20
    assert faults(text) == []


def test_each_set_pins_what_core_pins() -> None:
    def pins(name: str) -> set[str]:
        lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if PINNED.match(line)}

    assert pins("core.lock") <= pins("dev.lock") & pins("bench.lock")


GOOD = "django==5.2.19 \\\n    --hash=sha256:" + "0" * 64
PLANTED = {
    "an address": f"-i https://mirror.example/simple\n{GOOD}",
    "an address in a comment": f"# via https://mirror.example\n{GOOD}",
    "no hash": "django==5.2.19",
    "a loose version": "django>=5 \\\n    --hash=sha256:" + "0" * 64,
    "a short hash": "django==5.2.19 \\\n    --hash=sha256:abc",
    "a pin whose hash is gone": f"psycopg==3.3.9 \\\n{GOOD}",
}


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_seen(text: str) -> None:
    assert faults(GOOD) == []
    assert faults(text)
