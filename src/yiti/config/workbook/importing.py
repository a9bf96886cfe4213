"""Importing a workbook: everything is tried first, then saved part by part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yiti.config.workbook.parts import PARTS, Part, Rows, Run
from yiti.config.workbook.reading import Table, Workbook
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.identity import tidy
from yiti.kernel.sheets import LoadReport, Outcome, Problem, SheetRow, read_lines
from yiti.registry.staff import public as staff

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """What somebody signs in with the first time; told once and kept nowhere."""

    code: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Import:
    """What became of a workbook. `counts` are lines by sheet and outcome; those of a sheet that is not in
    `saved` say what would happen."""

    counts: Mapping[str, Mapping[Outcome, int]]
    problems: Sequence[Problem]
    saved: Sequence[str]
    first_passwords: Sequence[FirstPassword]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A part that has been tried."""

    part: Part
    rows: Rows
    report: LoadReport
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class _Refused:
    """A row that has a problem, with its code or number."""

    sheet: str
    line: int
    names: Collection[str]


def import_workbook(
    *, actor: Actor, workbook: Workbook, at: datetime, dry_run: bool = False, say: Say = lambda _: None
) -> Import:
    """Try all parts, then save them in their order. A part with a problem is not saved, nor are those
    after it. `say` is told the parts as they are tried and saved. Newcomers get first passwords."""
    run = Run(actor, at, workbook, {})
    attempts = list(_attempts(run, say))
    passwords = [each for attempt in attempts for each in _first_passwords(attempt.report)]
    saved: list[str] = []
    problems = [problem for attempt in attempts for problem in attempt.problems]
    if not dry_run:
        hashes = {each.code: accounts.hash_first_password(each.password) for each in passwords}
        saved, late = _save_in_order(attempts, replace(run, first_password_hashes=hashes), say)
        problems += late
    return Import(
        counts={name: counts for attempt in attempts for name, counts in attempt.report.counts.items()},
        problems=problems,
        saved=saved,
        first_passwords=passwords if staff.STAFF.name in saved else [],
    )


def _attempts(run: Run, say: Say) -> Iterator[_Attempt]:
    refused: list[_Refused] = []
    for part in PARTS:
        found = [run.workbook.tables[name] for name in part.sheets if name in run.workbook.tables]
        tables = [table for table in found if table.rows or table.problems]
        if not tables:
            continue
        say(part.zh)
        rows, problems = _read(tables)
        report = part.load(run, rows, True)  # noqa: FBT003 - a dry run
        refused += _refused(tables, [*problems, *report.problems])
        problems += [each for each in report.problems if not _is_consequence(each, refused)]
        yield _Attempt(part, rows, report, problems)


def _read(tables: Sequence[Table]) -> tuple[dict[str, list[SheetRow]], list[Problem]]:
    rows: dict[str, list[SheetRow]] = {}
    problems: list[Problem] = []
    for table in tables:
        good, wrong = read_lines(table.sheet, table.rows) if table.is_sound else ([], [])
        spoilt = {(each.line, each.column) for each in table.problems}
        rows[table.sheet.name] = [row for row in good if row.line not in {line for line, _ in spoilt}]
        problems += [*table.problems, *(each for each in wrong if (each.line, each.column) not in spoilt)]
    return rows, problems


def _refused(tables: Sequence[Table], problems: Sequence[Problem]) -> Iterator[_Refused]:
    """Rows with a problem, by what others call them."""
    lines = {(each.sheet, each.line) for each in problems}
    for table in tables:
        for line, row in table.rows:
            if not table.is_sound or (table.sheet.name, line) in lines:
                names = {row.get("code", ""), tidy(row.get("id_number", ""))} - {""}
                yield _Refused(table.sheet.name, line, names)


def _is_consequence(problem: Problem, refused: Sequence[_Refused]) -> bool:
    """Whether a row is only wrong because it refers to another one that is."""
    code, place = problem.params.get("code"), (problem.sheet, problem.line)
    return any(code in each.names and (each.sheet, each.line) != place for each in refused)


def _first_passwords(report: LoadReport) -> list[FirstPassword]:
    if not isinstance(report, staff.StaffReport):
        return []
    return [
        FirstPassword(code, name, accounts.new_first_password()) for code, name in report.newcomers.items()
    ]


def _save_in_order(attempts: Sequence[_Attempt], run: Run, say: Say) -> tuple[list[str], Sequence[Problem]]:
    """Save part after part up to the first with a problem; the sheets saved, and what the database had
    against the next one although it was fine a moment ago."""
    saved: list[str] = []
    for attempt in attempts:
        if attempt.problems:
            break
        say(attempt.part.zh)
        try:
            problems = attempt.part.load(run, attempt.rows, False).problems  # noqa: FBT003 - for good
        except Conflict as error:
            problems = (Problem("", 0, "", error.message, error.params),)
        if problems:
            return saved, problems
        saved += attempt.rows
    return saved, ()
