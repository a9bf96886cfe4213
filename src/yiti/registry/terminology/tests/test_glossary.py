"""The glossary names one thing once, and the code tables it names exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from yiti.registry.terminology.tests.builders import the_shipped_release

GLOSSARY = Path(__file__).parents[5] / "docs" / "glossary.md"


def rows() -> list[list[str]]:
    """Cells of every row of every table, without heads and rules."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "中文" and not set(row[0]) <= {"-"}]


def test_every_term_stands_once_with_english_fhir_and_place() -> None:
    assert [row for row in rows() if len(row) != 4 or not all(row)] == []
    terms = Counter(row[0] for row in rows())
    assert [term for term, times in terms.items() if times > 1] == []


def test_every_code_table_with_a_hyphen_that_it_names_exists() -> None:
    named = {word for row in rows() for cell in row for word in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", cell)}
    systems = {source.system.code for source in the_shipped_release().systems}
    assert named
    assert named <= systems
