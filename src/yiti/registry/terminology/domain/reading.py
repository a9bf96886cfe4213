"""Reading a release from its tables: text in, rows out, no file is opened here.

`systems.csv` names the systems, `<system>.csv` holds the concepts of one, in the order in which
lists show them. `<system>-measures.csv` and `<system>-specialties.csv` hang on a system.
A malformed table is a bug of the release and raises ValueError with its name and line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from yiti.kernel.pinyin import pinyin, pinyin_initials
from yiti.registry.terminology.domain.rows import (
    ConceptRow,
    Confidence,
    GroupRow,
    MeasureRow,
    Name,
    Release,
    SystemRow,
    SystemSource,
)

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
_CONCEPT_COLUMNS = {"code", "zh", "en", "also", "often", "parent", "local", "retired"}
_MOST_OFTEN = 3

Line = Mapping[str, str]


def read_release(tables: Mapping[str, str]) -> Release:
    """All code systems from tables by name (`sex.csv` -> its text)."""
    systems = tuple(_system(line) for line in _lines(tables, "systems"))
    _ensure_unique("systems.csv", (each.code for each in systems))
    return Release(tuple(_source(each, tables) for each in systems))


def _system(line: Line) -> SystemRow:
    if not _SLUG.fullmatch(line["code"]) or not all(line[c] for c in ("version", "zh", "en", "source")):
        raise ValueError(f"systems.csv: {line['code']!r} is malformed")
    words = {column: text for column, text in line.items() if column != "confidence"}
    return SystemRow(**words, confidence=Confidence(line["confidence"]))


def _source(system: SystemRow, tables: Mapping[str, str]) -> SystemSource:
    lines = list(_lines(tables, system.code))
    concepts = tuple(_concept(system.code, line, place) for place, line in enumerate(lines, start=1))
    _ensure_unique(system.code, (c.code for c in concepts))
    _ensure_unique(system.code, (c.zh for c in concepts))
    if lost := {c.parent for c in concepts if c.parent} - {c.code for c in concepts}:
        raise ValueError(f"{system.code}: unknown parents {sorted(lost)}")
    return SystemSource(
        system,
        concepts,
        measures=tuple(_measure(line) for line in _lines(tables, f"{system.code}-measures", missing_ok=True)),
        groups=tuple(
            GroupRow(**line) for line in _lines(tables, f"{system.code}-specialties", missing_ok=True)
        ),
    )


def _concept(system: str, line: Line, place: int) -> ConceptRow:
    if unknown := set(line) - _CONCEPT_COLUMNS:
        raise ValueError(f"{system}: unknown columns {sorted(unknown)}")
    if not _CODE.fullmatch(line["code"]) or not line["zh"] or not line["en"]:
        raise ValueError(f"{system} line {place + 1}: code, zh and en are needed")
    often = int(line.get("often") or 0)
    if not 0 <= often <= _MOST_OFTEN:
        raise ValueError(f"{system} {line['code']}: often is 0 to {_MOST_OFTEN}")
    return ConceptRow(
        system=system,
        code=line["code"],
        name=_name(line["zh"]),
        en=line["en"],
        synonyms=tuple(_name(zh) for zh in line.get("also", "").split("|") if zh),
        parent=line.get("parent", ""),
        sort_order=place,
        often=often,
        active=not _flag(line, "retired"),
        local=_flag(line, "local"),
    )


def _name(zh: str) -> Name:
    return Name(zh, pinyin_initials(zh), pinyin(zh, " "))


def _flag(line: Line, column: str) -> bool:
    value = line.get(column, "")
    if value not in ("", "1"):
        raise ValueError(f"{line['code']}: {column} is empty or 1")
    return value == "1"


def _measure(line: Line) -> MeasureRow:
    return MeasureRow(line["code"], line["unit"], line["ucum"], line["loinc"], int(line["decimals"]))


def _lines(tables: Mapping[str, str], name: str, *, missing_ok: bool = False) -> Iterator[dict[str, str]]:
    table = f"{name}.csv"
    if table not in tables:
        if missing_ok:
            return
        raise ValueError(f"{table} is missing")
    reader = csv.DictReader(io.StringIO(tables[table]), strict=True)
    for line in reader:
        if None in line or None in line.values():
            raise ValueError(f"{table} line {reader.line_num}: wrong number of columns")
        yield line


def _ensure_unique(where: str, values: Iterator[str]) -> None:
    if twice := sorted(value for value, times in Counter(values).items() if times > 1):
        raise ValueError(f"{where}: stand twice: {twice}")
