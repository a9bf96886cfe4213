"""Tests named in a table, and whether they are there."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("foundation", "registry", "spine", "care", "kernel")


def file_of(name: str) -> Path:
    """`security/test_limits` stands below tests; `accounts/test_sign_in` in the tests of that room."""
    folder, _, file = name.rpartition("/")
    if folder in {"", "security", "watch", "county", "ops", "journeys"}:
        return ROOT / "tests" / folder / f"{file}.py"
    found = [*(ROOT / "src" / "yiti").glob(f"*/{folder}/tests/{file}.py")]
    return found[0] if found else ROOT / "src" / "yiti" / folder / "tests" / f"{file}.py"


@cache
def tests_in(file: Path) -> frozenset[str]:
    """The test functions of a file; none where there is no file."""
    if not file.exists():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in named if name.startswith("test_"))


def is_there(test: str) -> bool:
    """Whether `security/test_limits::test_...` names a test of the project."""
    file, _, name = test.partition("::")
    return name in tests_in(file_of(file))


def link(test: str) -> str:
    """The test as docs/security shows it."""
    file, _, name = test.partition("::")
    return f"[{name}](../../{file_of(file).relative_to(ROOT)})"
