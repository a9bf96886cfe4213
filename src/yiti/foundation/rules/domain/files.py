"""The rulebook's files: `<subject>/<any name>.yaml`, each a list of rules.

The YAML read here is a strict subset of version 1.2: `true` and `false` are the only booleans,
numbers with a point are exact decimals, `010` and `14:30` are texts, a field given twice is an
error. (YAML 1.1 reads them as 8 and 870, and keeps the last of two.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, cast

import yaml

from yiti.foundation.rules.domain.book import Rulebook, make_rulebook
from yiti.foundation.rules.domain.checks import RulebookError
from yiti.foundation.rules.domain.rule import ANYWHERE, Confidence, Rule, Value
from yiti.kernel.workhours import Clock

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_REGION_LENGTHS = (2, 4, 6, 9, 12)

_Row: TypeAlias = dict[str, object]


def load_rulebook(path: Path) -> Rulebook:
    """Read and check every file under `path`. Raises RulebookError with every problem found."""
    problems: list[str] = []
    rules: list[Rule] = []
    for file in sorted(path.rglob("*.y*ml")):
        where = file.relative_to(path)
        try:
            rows = list(_rows(file, where))
        except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
            problems.append(f"{where}: {error}")
            continue
        for number, row in enumerate(rows, start=1):
            faults = list(_faults(row, subject=where.parent.name))
            problems += [f"{where}, rule {number}: {fault}" for fault in faults]
            if not faults:
                rules.append(_rule(row))
    if problems:
        raise RulebookError(problems)
    if not rules:
        raise RulebookError([f"no rules under {path}"])
    return make_rulebook(rules)


def _rows(file: Path, where: Path) -> Iterator[_Row]:
    if len(where.parts) != 2 or file.suffix != ".yaml":
        raise ValueError("a rule file stands at <subject>/<name>.yaml")
    content = yaml.load(file.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - a SafeLoader with less
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ValueError("a rule file is a list of rules")
    yield from content


def _faults(row: _Row, *, subject: str) -> Iterator[str]:
    for name in sorted(set(map(str, row)) - set(_FIELDS)):
        yield f"unknown field {name}"
    for name in sorted(_REQUIRED - set(row)):
        yield f"field {name} is missing"
    for name, (is_fit, what) in _FIELDS.items():
        if name in row and not is_fit(row[name]):
            yield f"field {name} must be {what}"
    if isinstance(key := row.get("key"), str) and key.partition(".")[0] != subject:
        yield f"key {key} stands in the folder {subject}"


def _rule(row: _Row) -> Rule:
    clock, until = row.get("clock"), row.get("until")
    return Rule(
        key=str(row["key"]),
        zh=str(row["zh"]),
        en=str(row["en"]),
        value=_frozen(row["value"]),
        unit=str(row.get("unit", "")),
        clock=Clock(str(clock)) if clock is not None else None,
        region=str(row["region"]),
        valid_from=cast("date", row["from"]),
        valid_until=cast("date", until) if until is not None else None,
        source=str(row["source"]),
        confidence=Confidence(str(row["confidence"])),
        continuous=bool(row.get("continuous", False)),
    )


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() == value != ""


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_value, value))
    if isinstance(value, dict):
        return bool(value) and all(isinstance(k, str) for k in value) and all(map(_is_value, value.values()))
    return isinstance(value, bool | int | Decimal) or _is_text(value)


def _is_region(value: object) -> bool:
    if value == ANYWHERE:
        return True
    # a prefix, so a province is "44", not "440000"
    return (
        isinstance(value, str)
        and re.fullmatch(r"[0-9]+", value) is not None
        and len(value) in _REGION_LENGTHS
        and not value.endswith("00")
    )


def _is_day(value: object) -> bool:
    return isinstance(value, date)


_FIELDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "key": (_is_key, "lower-case words joined by points"),
    "zh": (_is_text, "a text"),
    "en": (_is_text, "a text"),
    "value": (_is_value, "a number, text, true, false, or a list or mapping of such"),
    "unit": (_is_text, "a text"),
    "clock": (lambda value: value in list(Clock), "24h or working"),
    "region": (_is_region, '"*" or the first 2, 4, 6, 9 or 12 digits of a region code, in quotes'),
    "from": (_is_day, "a day"),
    "until": (lambda value: value is None or _is_day(value), "a day or empty"),
    "source": (_is_text, "a text"),
    "confidence": (lambda value: value in list(Confidence), "H, M or L"),
    "continuous": (lambda value: isinstance(value, bool), "true or false"),
}
_REQUIRED = {"key", "zh", "en", "value", "region", "from", "source", "confidence"}


def _frozen(value: object) -> Value:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(each) for name, each in value.items()})
    return cast("Value", value)


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader without the surprises of YAML 1.1; see the top of this file."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002
        names = [self.construct_object(name, deep=True) for name, _ in node.value]
        if twice := {name for name in names if names.count(name) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"given twice: {sorted(twice)}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> date:
    return date.fromisoformat(loader.construct_scalar(node))


_StrictLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _day)
