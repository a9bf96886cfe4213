"""What must hold between the cells of a row and between the rows of a sheet, before anything is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from yiti.kernel.sheets.model import Problem, Sheet, SheetRow
from yiti.kernel.text import N_

Values = Mapping[str, Any]
Complaint = tuple[str, str]
Check = Callable[[Values], Iterable[Complaint]]
Keys = Callable[[Sheet, Values], Iterable[tuple[Any, ...]]]


def plain_keys(sheet: Sheet, values: Values) -> Iterator[tuple[Any, ...]]:
    """The one key that most rows have: the columns that name them."""
    yield tuple(values.get(name) for name in sheet.key)


def find_problems(
    sheet: Sheet, rows: Sequence[SheetRow], checks: Sequence[Check] = (), *, keys: Keys = plain_keys
) -> list[Problem]:
    """Everything wrong within one sheet, in the order of its lines: what `checks` (values -> column and
    sentence) say of a row, keys that stand twice, periods that overlap in a dated sheet."""
    problems = [
        Problem(sheet.name, row.line, column, message)
        for row in rows
        for check in checks
        for column, message in check(row.values)
    ]
    problems += _repeated(sheet, rows, keys)
    problems += _overlapping(sheet, rows)
    return sorted(problems, key=lambda each: each.line)


def check_period(values: Values) -> Iterator[Complaint]:
    """A period that excludes its last day, `valid_from` to `valid_until`, is not empty."""
    start, end = values.get("valid_from"), values.get("valid_until")
    if start and end and end <= start:
        yield "valid_until", N_("终止日期要晚于生效日期")


def _repeated(sheet: Sheet, rows: Sequence[SheetRow], keys: Keys) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        for key in keys(sheet, row.values):
            line = first.setdefault(key, row.line)
            if line != row.line:
                yield Problem(sheet.name, row.line, sheet.key[-1], N_("和第 {line} 行重复"), {"line": line})
                break


def _overlapping(sheet: Sheet, rows: Sequence[SheetRow]) -> Iterator[Problem]:
    if not sheet.apart:
        return
    together: dict[tuple[Any, ...], list[SheetRow]] = defaultdict(list)
    for row in rows:
        together[tuple(row.values[name] for name in sheet.apart)].append(row)
    for group in together.values():
        group.sort(key=lambda row: row.values["valid_from"])
        for earlier, later in pairwise(group):
            if later.values["valid_from"] < (earlier.values.get("valid_until") or date.max):
                yield Problem(
                    sheet.name, later.line, "valid_from", N_("和第 {line} 行时间重叠"), {"line": earlier.line}
                )
