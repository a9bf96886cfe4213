"""What the command `yiti` can do, one function a word; each answers an exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from yiti.kernel import clock
from yiti.ops import backup, example, marks
from yiti.ops.checks import Problem, check_server
from yiti.ops.children import Program
from yiti.ops.database import Database, opened
from yiti.ops.errors import OpsError
from yiti.ops.example import State
from yiti.ops.paths import data_folder
from yiti.ops.roles import Role
from yiti.ops.supervisor import Supervisor, ensure_free, pages, reloading_pages, worker

DONE, FAILED, UNFIT = 0, 1, 3
HOST, PORT = "127.0.0.1", 8000
EXAMPLE = "liannan"

# Management commands that need more than the pages may do.
OWNERS = ("migrate", "makemigrations", "sqlmigrate", "showmigrations", "createcachetable")
LOADERS = ("load_example", "load_reference", "init_county", "import_workbook")
ROLES = {
    **dict.fromkeys(OWNERS, Role.OWNER),
    **dict.fromkeys(LOADERS, Role.LOADER),
    "run_worker": Role.WORKER,
    "check_county": Role.WORKER,
}

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def demo(*, port: int, reset: bool, dev: bool) -> int:
    """Everything a newcomer needs: server, tables, the example county, pages."""
    ensure_free(HOST, port)
    if dev:
        os.environ["YITI_DEBUG"] = "1"
    with opened() as database:
        found = example.state(database)
        if found is State.COUNTY:
            example.refuse()
        if reset or found is State.LOADING:
            example.clear(database)
        _prepare(database)
        if example.state(database) is State.EMPTY:
            _load_example(database)
        make = reloading_pages if dev else pages
        programs = [make(database, host=HOST, port=port), worker(database)]
        return _serve(database, programs, address=(HOST, port), greeting=example.sign_ins(EXAMPLE))


def serve(*, host: str, port: int) -> int:
    """The pages and the worker, on tables that are up to date."""
    ensure_free(host, port)
    with opened() as database:
        if _python(database, Role.APP, "yiti.ops.prepare", "--check") != DONE:
            raise OpsError("Pages, tables or static files are not ready.", "Run `yiti migrate` first.")
        programs = [pages(database, host=host, port=port), worker(database)]
        return _serve(database, programs, address=(host, port))


def migrate() -> int:
    """Bring tables, reference data (code systems, roles) and static files up to date."""
    with opened() as database:
        _prepare(database)
    out.print("Tables, reference data and static files are up to date.")
    return DONE


def check() -> int:
    """Say whether this place is fit to keep records."""
    with opened() as database:
        problems = _problems(database)
        code = _python(database, Role.APP, "yiti.ops.prepare", "--check")
        whole = code == DONE and _python(database, Role.WORKER, "django", "check_county") == DONE
    out.print(f"{_word(not problems)}: database server and roles")
    out.print(f"{_word(code == DONE)}: pages, tables and static files")
    out.print(f"{_word(whole)}: histories, work lists and beds")
    if problems or not whole:
        return FAILED
    marks.succeeded("check")
    return DONE


def manage(words: Sequence[str]) -> int:
    """Run one of Django's management commands, connected as the role it needs. A county is made on tables
    that are brought up to date first."""
    with opened() as database:
        if "init_county" in words[:1] and {"-h", "--help"}.isdisjoint(words):
            _prepare(database)
        return _python(database, ROLES.get(words[0], Role.APP) if words else Role.APP, "django", *words)


def back_up(target: Path | None) -> int:
    """Write a backup, in the data folder unless told otherwise."""
    file = target or data_folder() / "backups" / f"yiti-{clock.now():%Y%m%d-%H%M%S}.dump"
    with opened() as database, out.status("Writing the backup"):
        manifest = backup.back_up(database, file)
    marks.succeeded("backup")
    out.print(f"{file}: {len(manifest.rows)} tables, {sum(manifest.rows.values()):,} rows.")
    return DONE


def restore(source: Path) -> int:
    """Bring a backup into an empty database and count it."""
    with opened() as database, out.status("Restoring and counting"):
        manifest = backup.restore(database, source)
    rows = sum(manifest.rows.values())
    out.print(f"Restored {len(manifest.rows)} tables, {rows:,} rows; every table holds what its list says.")
    return DONE


def _python(database: Database, role: Role, module: str, *arguments: str) -> int:
    """Run a Python module as a process that connects as a role; its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=database.environment(role), check=False).returncode


def _prepare(database: Database) -> None:
    if _python(database, Role.OWNER, "yiti.ops.prepare") != DONE:
        raise OpsError("The tables could not be brought up to date.", "The lines above say why.")


def _load_example(database: Database) -> None:
    example.mark(database, State.LOADING)
    if _python(database, Role.LOADER, "django", "load_example", EXAMPLE) != DONE:
        raise OpsError(f"The example {EXAMPLE} could not be loaded.", "The lines above say why.")
    example.mark(database, State.LOADED)


def _serve(
    database: Database, programs: Sequence[Program], *, address: tuple[str, int], greeting: str = ""
) -> int:
    if _problems(database):
        raise OpsError("This database server is not safe to keep records.", "Put right what is said above.")

    def ready() -> None:
        out.print(f"\n[bold]Yiti runs at http://{address[0]}:{address[1]}/[/] (Ctrl-C ends it)\n{greeting}\n")

    supervisor = Supervisor(
        programs, cluster=database.cluster, say=lambda line: out.print(line, markup=False)
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stop())
    supervisor.run(address=address, ready=ready)
    out.print("Stopped.")
    return DONE


def _word(passed: bool) -> str:  # noqa: FBT001 - its one argument is the whole question
    return "passed" if passed else "[bold red]failed[/]"


def _problems(database: Database) -> list[Problem]:
    """What is wrong with the server for the two roles that serve people, printed as well."""
    found = [problem for role in (Role.APP, Role.WORKER) for problem in check_server(database.urls[role])]
    problems = list(dict.fromkeys(found))
    for problem in problems:
        err.print(f"[bold red]{escape(problem.what)}[/] {escape(problem.todo)}")
    return problems
