"""Migrations of a county that is at work: its tables are full."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddIndex, RemoveConstraint, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.models import Index

_WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\b", re.MULTILINE)
_FILL = RunSQL("INSERT INTO shelf SELECT 1")
_GRANT = RunSQL("GRANT SELECT ON shelf TO app")
_ALTER = RemoveConstraint("shelf", "full")


def alters_after_writing(operations: Sequence[Operation]) -> bool:
    """Whether a table may be altered in the transaction that put rows in: PostgreSQL refuses that where keys
    are checked at its end, and it shows only where there are rows."""
    writes = [isinstance(each, RunSQL) and bool(_WRITES.search(str(each.sql))) for each in operations]
    if True not in writes:
        return False
    return not all(isinstance(each, RunSQL) for each in operations[writes.index(True) :])


@pytest.mark.parametrize(
    ("operations", "is_wrong"),
    [
        ([_FILL, _ALTER], True),
        ([_GRANT, _FILL, AddIndex("shelf", Index(fields=["full"], name="shelf_full"))], True),
        ([_ALTER, _FILL, _GRANT], False),
        ([_GRANT, _ALTER], False),
    ],
)
def test_altering_after_writing_is_found(operations: Sequence[Operation], *, is_wrong: bool) -> None:
    assert alters_after_writing(operations) is is_wrong


def test_no_migration_alters_after_writing() -> None:
    known = MigrationLoader(None).disk_migrations.items()
    ours = {name: each for name, each in known if each.__module__.startswith("yiti.")}
    assert len(ours) > 20
    assert not [name for name, each in ours.items() if each.atomic and alters_after_writing(each.operations)]
