"""Reading a county's staff file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from yiti.kernel.sheets import Problem, SheetRow, read_sheet
from yiti.registry.staff.domain import STAFF


def read_staff(path: Path, roles: Mapping[str, str]) -> tuple[list[SheetRow], list[Problem]]:
    """The rows of a CSV file, ready for `load_staff`, and every cell that could not be read.

    `roles` are names by code, as `accounts.role_names` gives them.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        return read_sheet(STAFF.with_codes({"roles": roles}), csv.DictReader(file))
