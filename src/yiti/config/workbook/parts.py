"""The parts a workbook is imported in, one after the other, each by the use case of its room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiti.config.workbook.reading import Workbook
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import Actor
from yiti.kernel.sheets import LoadReport, Sheet, SheetRow
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.terminology import public as terminology

_ROLES = "roles"

Rows = Mapping[str, Sequence[SheetRow]]


@dataclass(frozen=True, slots=True)
class Run:
    """One import: who, when, from which workbook, and the hashes of first passwords by staff code."""

    actor: Actor
    at: datetime
    workbook: Workbook
    first_password_hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Sheets that are saved together or not at all. `load` takes the rows of these sheets; in a dry run it
    counts as known what the parts before it would bring."""

    zh: str
    sheets: tuple[str, ...]
    load: Callable[[Run, Rows, bool], LoadReport]


def sheets() -> list[Sheet]:
    """All sheets in their order, with the codes of this database in their lists."""
    declared = (*facilities.SHEETS.values(), staff.STAFF, residents.RESIDENTS)
    systems = {column.codes for sheet in declared for column in sheet.columns if column.codes} - {_ROLES}
    tables = {system: dict(terminology.choices(system)) for system in systems}
    tables[_ROLES] = accounts.role_names()
    tables["id-type"] = {
        code: word for code, word in tables["id-type"].items() if code not in residents.NOT_IN_SHEETS
    }
    return [each.with_codes(tables) for each in declared]


def _load_places(run: Run, rows: Rows, dry_run: bool) -> LoadReport:  # noqa: FBT001 - see `Part.load`
    return facilities.load_facilities(actor=run.actor, sheets=rows, at=run.at, dry_run=dry_run)


def _load_staff(run: Run, rows: Rows, dry_run: bool) -> LoadReport:  # noqa: FBT001
    return staff.load_staff(
        actor=run.actor,
        rows=rows[staff.STAFF.name],
        first_password_hashes=run.first_password_hashes,
        at=run.at,
        coming=_coming_places(run.workbook) if dry_run else {},
        dry_run=dry_run,
    )


def _coming_places(workbook: Workbook) -> dict[str, list[str]]:
    """Codes of the institutions of a workbook, with those of their departments."""
    found: dict[str, list[str]] = {code: [] for code in workbook.codes("institutions")}
    table = workbook.tables.get("departments")
    for _, row in table.rows if table else ():
        found.setdefault(row.get("institution", ""), []).append(row.get("code", ""))
    return found


def _load_residents(run: Run, rows: Rows, dry_run: bool) -> LoadReport:  # noqa: FBT001
    return residents.load_residents(
        actor=run.actor,
        rows=rows[residents.RESIDENTS.name],
        at=run.at,
        coming=_coming_villages(run.workbook) if dry_run else (),
        dry_run=dry_run,
    )


def _coming_villages(workbook: Workbook) -> set[str]:
    """Codes and names of the regions of a workbook, also with the name above them, and its institutions."""
    table = workbook.tables.get("regions")
    rows = [row for _, row in table.rows] if table else []
    names = {row.get("code", ""): row.get("name", "") for row in rows}
    joined = {names.get(f"{code[:9]}000", "") + name for code, name in names.items()}
    return (set(names) | set(names.values()) | joined | workbook.codes("institutions")) - {""}


PARTS = (
    Part(N_("机构"), tuple(facilities.SHEETS), _load_places),
    Part(N_("人员"), (staff.STAFF.name,), _load_staff),
    Part(N_("居民"), (residents.RESIDENTS.name,), _load_residents),
)
