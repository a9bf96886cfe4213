"""Builders for tests of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from yiti.foundation.rules.domain import Confidence, Rule

A_ROW = {
    "key": "tea.steeping",
    "zh": "泡茶时长",
    "en": "Steeping time",
    "value": "3",
    "unit": "minute",
    "region": '"*"',
    "from": "2020-01-01",
    "source": "general knowledge",
    "confidence": "M",
}


def a_rule(**changes: object) -> Rule:
    """Three minutes for tea, everywhere, since 2020."""
    tea = Rule(
        key="tea.steeping",
        zh="泡茶时长",
        en="Steeping time",
        value=3,
        valid_from=date(2020, 1, 1),
        source="general knowledge",
        confidence=Confidence.MEDIUM,
        unit="minute",
    )
    return replace(tea, **changes)  # type: ignore[arg-type]


def row_text(**changes: str | None) -> str:
    """A rule as it stands in a file; a field given as None is left out."""
    fields: Mapping[str, str | None] = {**A_ROW, **changes}
    lines = [f"{name}: {text}" for name, text in fields.items() if text is not None]
    return "- " + "\n  ".join(lines) + "\n"


def a_rulebook_folder(root: Path, *rows: str, name: str = "tea/times.yaml") -> Path:
    """A folder with one file of these rows."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(rows), encoding="utf-8")
    return root
