"""What the command `yiti` can do, one function a word; each answers an exit code."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from rich.markup import escape

from yiti.ops import example, keeping, marks, prepare
from yiti.ops.checks import Problem, check_server
from yiti.ops.children import Program
from yiti.ops.database import Database, opened
from yiti.ops.errors import OpsError
from yiti.ops.example import State
from yiti.ops.roles import Role
from yiti.ops.saying import err, out
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


def demo(*, port: int, reset: bool, dev: bool) -> int:
    """Everything a newcomer needs: server, tables, the example county, pages."""
    ensure_free(HOST, port)
    if dev:
        os.environ["YITI_DEBUG"] = "1"
    os.environ.setdefault("YITI_SECOND_FACTOR", "nobody")  # a newcomer has no authenticator at hand
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
        if database.python(Role.APP, "yiti.ops.prepare", "--check") != DONE:
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
        backups = keeping.state_of_backups(database)
        _tell(backups or [])
        code = database.python(Role.APP, "yiti.ops.prepare", "--check")
        whole = code == DONE and database.python(Role.WORKER, "django", "check_county") == DONE
    out.print(f"{_word(not problems)}: database server and roles")
    out.print(f"{_word(code == DONE)}: pages, tables and static files")
    out.print(f"{_word(whole)}: histories, work lists and beds")
    if backups is not None:
        out.print(f"{_word(not backups)}: backups")
    if problems or backups or not whole:
        return FAILED
    marks.succeeded("check")
    return DONE


def manage(words: Sequence[str]) -> int:
    """Run one of Django's management commands, connected as the role it needs. A county is made on tables
    that are brought up to date first."""
    with opened() as database:
        if "init_county" in words[:1] and {"-h", "--help"}.isdisjoint(words):
            _prepare(database)
        return database.python(ROLES.get(words[0], Role.APP) if words else Role.APP, "django", *words)


def _prepare(database: Database) -> None:
    """Bring everything up to date; what a county holds is backed up before its tables change."""
    held = example.state(database) in {State.COUNTY, State.LOADED}
    code = database.python(Role.OWNER, "yiti.ops.prepare", *([prepare.HOLD] if held else []))
    way_back = ""
    if code == prepare.HELD:
        way_back = keeping.before_migration(database)
        code = database.python(Role.OWNER, "yiti.ops.prepare")
    if code != DONE:
        todo = f"The lines above say why. {way_back}".rstrip()
        raise OpsError("The tables could not be brought up to date.", todo)


def _load_example(database: Database) -> None:
    example.mark(database, State.LOADING)
    if database.python(Role.LOADER, "django", "load_example", EXAMPLE) != DONE:
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
    _tell(problems)
    return problems


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        err.print(f"[bold red]{escape(problem.what)}[/] {escape(problem.todo)}")
