"""The shape of the house, held by a machine. Each check is first shown a house that breaks it."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "yiti"
FLOORS = ("foundation", "registry", "spine", "care")
MOST_LINES, MOST_STATEMENTS = 300, 25
STRAY = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py", "managers.py", "admin.py"}
ROOM_FILES = {
    "__init__.py",
    "apps.py",
    "commands.py",
    "domain.py",
    "fhir.py",
    "forms.py",
    "handlers.py",
    "loading.py",
    "models.py",
    "public.py",
    "selectors.py",
    "urls.py",
    "views.py",
}
FOUNDATION_FILES = {
    "adapter.py",
    "backends.py",
    "counting.py",
    "drawings.py",
    "gallery.py",
    "limits.py",
    "middleware.py",
    "pages.py",
    "registry.py",
    "rendering.py",
    "request.py",
    "scope.py",
    "tasks.py",
    "trouble.py",
    "validators.py",
    "wording.py",
}
ROOM_FOLDERS = {"management", "migrations", "static", "templates", "templatetags", "tests", "data"}


def rooms() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (p for p in sorted((SRC / floor).iterdir()) if (p / "__init__.py").exists())


def ours(*suffixes: str) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix in suffixes
            and "/migrations/" not in name
            and "/static/vendor/" not in name
            and path.exists()
        ):
            yield path


def too_long(path: Path) -> int:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    return lines if lines > MOST_LINES else 0


def crowded(source: str) -> list[str]:
    """Functions with more statements than the house allows (a docstring is none)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.stmt)]
            count = len(inner) - 1 - (ast.get_docstring(node) is not None)
            if count > MOST_STATEMENTS:
                found.append(f"{node.name}: {count}")
    return found


WRITING_SQL = re.compile(r"\b(insert\s+into|update\s+\S+\s+set|delete\s+from|truncate\s)", re.IGNORECASE)
ALWAYS_WRITE = {"save", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
NARROWED = {"filter", "exclude", "all", "get", "select_for_update", "order_by"}


def writes(source: str) -> list[int]:
    """Lines that call a writing method of a manager, a query or a row, or hold SQL that writes."""
    nodes = list(ast.walk(ast.parse(source)))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    sql = {node.lineno for node in nodes if id(node) not in prose and is_writing_sql(node)}
    return sorted(sql | {node.lineno for node in nodes if is_writing_call(node)})


def is_writing_sql(node: ast.AST) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and bool(WRITING_SQL.search(text))


def is_writing_call(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    verb, target = node.func.attr, node.func.value
    if verb in ALWAYS_WRITE or (verb == "delete" and not node.args):
        return True
    narrowed = isinstance(target, ast.Call) and getattr(target.func, "attr", "") in NARROWED
    return verb in {"create", "update", "delete"} and (narrowed or ".objects" in ast.unparse(target))


def test_the_checks_see_a_broken_house(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("x = 1\n" * 301)
    assert too_long(long)
    assert crowded("def f():\n" + "    x = 1\n" * 26) == ["f: 26"]
    assert writes("Thing.objects.filter(x=1).update(y=2)\nrow.save()\nmapping.update(a=1)\n") == [1, 2]
    assert writes("mine.filter(x=1).update(y=2)\nrow.delete()\ncache.delete('key')\n") == [1, 2]
    assert writes("run('INSERT INTO t VALUES (1)')\nrun('SELECT 1; DELETE FROM t')\nrun('select 1')\n") == [
        1,
        2,
    ]
    assert writes("def f():\n    'Never an insert into t.'\n") == []


def test_no_file_is_longer_than_a_person_reads() -> None:
    assert {
        str(p.relative_to(ROOT)): n for p in ours(".py", ".html", ".js", ".css") if (n := too_long(p))
    } == {}


def test_no_function_is_crowded() -> None:
    found = {
        str(p.relative_to(ROOT)): names
        for p in ours(".py")
        if (names := crowded(p.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_nothing_is_called_utils() -> None:
    assert [str(p.relative_to(ROOT)) for p in ours(".py") if p.name in STRAY] == []


@pytest.mark.parametrize("room", list(rooms()), ids=lambda p: p.name)
def test_every_room_has_the_one_shape(room: Path) -> None:
    allowed = ROOM_FILES | (FOUNDATION_FILES if room.parent.name == "foundation" else set())
    packages = {name.removesuffix(".py") for name in allowed}
    names = {p.name for p in room.iterdir() if p.name != "__pycache__"}
    folders = {p.name for p in room.iterdir() if p.is_dir()}
    assert names - allowed - packages - ROOM_FOLDERS == set()
    assert {"domain.py", "public.py"} <= names or {"domain", "public"} <= folders | {n[:-3] for n in names}
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("room", list(rooms()), ids=lambda p: p.name)
def test_only_commands_write(room: Path) -> None:
    writers = {"commands", "loading", "tests", "migrations", "management"}
    found = [
        f"{path.relative_to(SRC)}:{line}"
        for path in room.rglob("*.py")
        if not writers & {*path.relative_to(room).parts, path.stem}
        for line in writes(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_public_door_says_what_it_shows() -> None:
    missing = [str(r.relative_to(SRC)) for r in rooms() if "__all__" not in _public(r)]
    assert missing == []


def _public(room: Path) -> str:
    door = room / "public.py"
    return (door if door.exists() else room / "public" / "__init__.py").read_text(encoding="utf-8")


def test_every_room_has_a_door_contract() -> None:
    """Wildcards miss new rooms, so each room is protected by name and this list is complete."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    guarded = {s.removeprefix("importlinter:contract:door-") for s in config.sections() if ":door-" in s}
    assert guarded == {room.name for room in rooms()}


def test_locks_name_no_host_and_pin_everything() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in line and line.rstrip().endswith("\\") for line in pins)


def sabotaged(module: str, line: str) -> subprocess.CompletedProcess[str]:
    """Run the import contracts with one line added to a module, in a copy of the source."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(
            SRC, copy / "yiti", ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
        )
        shutil.copy(ROOT / ".importlinter", copy)
        victim = copy / "yiti" / module
        victim.write_text(victim.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
        return subprocess.run(
            [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
            cwd=copy,
            env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )


def test_the_import_contracts_hold_and_a_planted_import_breaks_one() -> None:
    """By the program itself; `test_contracts` shows each contract its own fault."""
    planted = "import yiti.registry.facilities.models"
    assert sabotaged("kernel/money.py", "").returncode == 0
    done = sabotaged("registry/staff/selectors.py", planted)
    assert done.returncode == 1, done.stdout[-3000:]
    assert "BROKEN" in done.stdout
