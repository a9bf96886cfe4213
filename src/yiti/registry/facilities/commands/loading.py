"""Bringing a county's places in, from CSV files, a workbook or the national list: once, twice, any time.

Rows are matched by their natural codes. The whole load is planned in memory first; if one row has a
problem nothing is saved, and the report says which rows. Loading the same rows again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.facilities.commands.tables import TABLES, Codes, Key, Table, Values
from yiti.registry.facilities.domain import LoadReport, Outcome, RowOutcome
from yiti.registry.facilities.domain.checks import find_problems
from yiti.registry.facilities.domain.sheets import SHEETS, Problem, SheetRow

_BATCH = 4000
_RANK = (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.CREATED)


@dataclass
class _Plan:
    """What one sheet will do to its table."""

    table: Table
    old: dict[Key, dict[str, Any]] = field(default_factory=dict)
    create: list[models.Model] = field(default_factory=list)
    change: list[models.Model] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    outcomes: list[RowOutcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@access.command
def load_facilities(
    *, actor: Actor, sheets: Mapping[str, Sequence[SheetRow]], at: datetime, dry_run: bool = False
) -> LoadReport:
    """Create or update regions, institutions, wards, beds, memberships and the rest by their codes.

    `sheets` holds rows read by `read_sheet`, by sheet name (see `SHEETS`); a sheet that is missing is left
    alone, and so is a column that the file does not have. Rows that are missing stay: things end by a
    date or by `is_active`, never by their absence. With `dry_run`, or with any problem, nothing is saved.
    Raises `Conflict` when the rows contradict what is already there (a second head, overlapping dates).
    """
    actor.require("facilities.manage")
    _wait_in_line()
    codes = Codes()
    plans = [_plan(table, sheets[table.sheet], codes) for table in TABLES if sheets.get(table.sheet)]
    report = _report(plans, dry_run=dry_run)
    if report.saved:
        _save(plans)
        total = Counter(each.outcome for each in report.outcomes)
        detail: audit.Detail = {str(outcome): total[outcome] for outcome in Outcome}
        audit.note(actor, "facilities.load", kind="facilities.sheet", record_id=None, at=at, detail=detail)
    return report


def _wait_in_line() -> None:
    """Let one transaction at a time compare files with these tables, which nobody else changes: the rows
    a second one would lock are not there yet."""
    access.lock_by_name("facilities.load")


def _plan(table: Table, rows: Sequence[SheetRow], codes: Codes) -> _Plan:
    """Compare the rows of one sheet with its table; make known the codes that later sheets refer to."""
    plan = _Plan(table, problems=find_problems(SHEETS[table.sheet], rows))
    ids = codes.of(table.sheet)
    if table.has_plain_key:
        # Known before any row is looked at: regions and institutions refer to their own kind, and a row
        # that is wrong in itself must not make every row that refers to it look wrong too.
        for row in rows:
            ids.setdefault(tuple(row.values[name] for name in table.key), new_id())
    if plan.problems:
        return plan
    resolved = [(row.line, _resolved(plan, row, codes)) for row in rows]
    plan.columns = {name for _, many in resolved for values in many for name in values} - set(table.key)
    plan.old = table.existing(plan.columns)
    for line, many in resolved:
        found = [_compare(plan, values, ids) for values in many]
        if found:
            plan.outcomes.append(RowOutcome(table.sheet, line, max(found, key=_RANK.index)))
    return plan


def _resolved(plan: _Plan, row: SheetRow, codes: Codes) -> list[dict[str, Any]]:
    try:
        return [codes.resolve(plan.table, values) for values in plan.table.rows(row.values)]
    except InvalidInput as error:
        plan.problems.append(
            Problem(plan.table.sheet, row.line, error.field or "", error.message, error.params)
        )
        return []


def _compare(plan: _Plan, values: Values, ids: dict[Key, Any]) -> Outcome:
    key = tuple(values[name] for name in plan.table.key)
    old = plan.old.get(key)
    if old is None:
        plan.create.append(plan.table.model(id=ids.setdefault(key, new_id()), **values))
        return Outcome.CREATED
    if all(_plain(old[name]) == value for name, value in values.items()):
        return Outcome.UNCHANGED
    plan.change.append(plan.table.model(**{**old, **values}))
    return Outcome.CHANGED


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _report(plans: Sequence[_Plan], *, dry_run: bool) -> LoadReport:
    problems = tuple(problem for plan in plans for problem in plan.problems)
    return LoadReport(
        saved=not problems and not dry_run,
        counts={plan.table.sheet: Counter(each.outcome for each in plan.outcomes) for plan in plans},
        outcomes=tuple(outcome for plan in plans for outcome in plan.outcomes),
        problems=problems,
    )


def _save(plans: Sequence[_Plan]) -> None:
    try:
        with transaction.atomic():
            for plan in plans:
                rows = plan.table.model._default_manager  # noqa: SLF001
                rows.bulk_create(plan.create, batch_size=_BATCH)
                if plan.change:
                    rows.bulk_update(plan.change, sorted(plan.columns), batch_size=_BATCH)
            _check_deferred()
    except IntegrityError as error:
        raise Conflict(_sentence(error)) from error


def _check_deferred() -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


_SENTENCES = {
    "facilities_member_of_one_consortium": N_("一个机构同一时间只能在一个医共体里，请先终止原来的"),
    "facilities_consortium_one_head": N_("一个医共体同一时间只能有一个牵头医院"),
    "facilities_alliance_once": N_("同一机构在同一医联体里的时间重叠了"),
    "facilities_operation_once": N_("同一机构同一手术的准许时间重叠了"),
    "facilities_override_once": N_("同一机构同一病种的收治能力时间重叠了"),
}


def _sentence(error: IntegrityError) -> str:
    """Which promise of the database the rows would break, in words."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    return _SENTENCES.get(name, N_("资料和已有的内容矛盾，没有保存"))
