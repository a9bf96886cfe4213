"""Putting a county into the database: what every county has, and the example county."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from yiti.config.roles import ROLES
from yiti.foundation.accounts import public as accounts
from yiti.kernel.actor import NOBODY, Actor, Purpose
from yiti.kernel.errors import InvalidInput
from yiti.kernel.sheets import Problem
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import public as staff
from yiti.registry.terminology import public as terminology

SETUP = Actor(
    user_id=NOBODY,
    name="初始化",
    role="setup",
    permissions=frozenset(
        {"terminology.manage", "accounts.manage", "facilities.manage", "staff.manage", "residents.write"}
    ),
    purpose=Purpose.SYSTEM,
)


def load_reference(at: datetime) -> None:
    """Code systems and roles: the same in every county, brought up to date at every start."""
    terminology.load_code_systems(actor=SETUP, at=at)
    accounts.define_roles(actor=SETUP, roles=ROLES, at=at)


def load_divisions(folder: Path, at: datetime, *, dry_run: bool = False) -> facilities.LoadReport:
    """The national administrative divisions, province to township, from a folder of four CSV files.

    Raises FileNotFoundError, and InvalidInput naming the first line that cannot be read or does not fit.
    """
    sheets, problems = facilities.read_divisions(folder)
    _ensure_sound(problems)
    report = facilities.load_facilities(actor=SETUP, sheets=sheets, at=at, dry_run=dry_run)
    _ensure_sound(report.problems)
    return report


def load_places(folder: Path, at: datetime) -> facilities.LoadReport:
    """Regions, institutions, wards and beds of an example folder.

    Raises InvalidInput naming the first line that cannot be read or does not fit.
    """
    sheets, problems = facilities.read_folder(folder)
    _ensure_sound(problems)
    report = facilities.load_facilities(actor=SETUP, sheets=sheets, at=at)
    _ensure_sound(report.problems)
    return report


def load_people_at_work(folder: Path, first_password_hash: str, at: datetime) -> staff.StaffReport:
    """Staff, accounts and postings of an example folder; everybody has the same first password.

    Raises InvalidInput naming the first line that cannot be read or does not fit.
    """
    rows, problems = staff.read_staff(folder / "staff.csv", accounts.role_names())
    _ensure_sound(problems)
    hashes = {row.values["code"]: first_password_hash for row in rows}
    report = staff.load_staff(actor=SETUP, rows=rows, first_password_hashes=hashes, at=at)
    _ensure_sound(report.problems)
    return report


def _ensure_sound(problems: Sequence[Problem]) -> None:
    if problems:
        first = problems[0]
        raise InvalidInput(
            "{sheet}.csv {line}: {column} {why} (+{more})",
            sheet=first.sheet,
            line=first.line,
            column=first.column,
            why=first.text(),
            more=len(problems) - 1,
        )
