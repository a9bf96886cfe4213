"""The command line `yiti`: words, options, help, and what becomes of a refusal."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.markup import escape

from yiti import __version__
from yiti.ops import commands
from yiti.ops.backup import DamagedBackupError
from yiti.ops.errors import OpsError
from yiti.ops.paths import data_folder

Run = Callable[[argparse.Namespace], int]

# Their options belong to the management command behind them, which also prints their help.
PASSED_ON = {
    "init": ("init_county", "Make a county without demo data: first administrators, then its master data."),
    "import": ("import_workbook", "Read institutions, staff and residents from an Excel workbook."),
    "manage": (None, "Run a Django management command as the database role it needs (for developers)."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 the machine is not fit."""
    given = list(sys.argv[1:] if argv is None else argv)
    # A plain `kill` must end what was started just as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if given and given[0] in PASSED_ON:
            behind, _ = PASSED_ON[given[0]]
            return commands.manage([*([behind] if behind else []), *given[1:]])
        arguments = _parser().parse_args(given)
        run: Run = arguments.run
        return run(arguments)
    except OpsError as error:
        commands.err.print(f"[bold red]{escape(error.what)}[/]\n{escape(error.todo)}")
        return commands.UNFIT
    except DamagedBackupError as error:
        commands.err.print(f"[bold red]{escape(str(error))}[/]\nUse another backup; this one proves nothing.")
        return commands.FAILED
    except KeyboardInterrupt:
        commands.err.print("Stopped.")
        return commands.DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yiti",
        description="Yiti 一体 runs a tight-knit county medical consortium.",
        epilog=f"Data folder: {data_folder()} (YITI_DATA names another). With DATABASE_URL, YITI_OWNER_URL, "
        "YITI_WORKER_URL and YITI_LOADER_URL a PostgreSQL of your own is used instead of the embedded one. "
        "Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 the machine or its set-up is not fit.",
    )
    parser.add_argument("--version", action="version", version=f"yiti {__version__}")
    words = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serving(words)
    _add_keeping(words)
    for name, (_, text) in PASSED_ON.items():
        words.add_parser(name, help=text, add_help=False)
    return parser


def _add_serving(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _add(
        words,
        "demo",
        "Start everything with the example county of Liannan.",
        lambda given: commands.demo(port=given.port, reset=given.reset, dev=given.dev),
    )
    demo.add_argument("--reset", action="store_true", help="drop the example first and load it anew")
    demo.add_argument("--port", type=_port, default=commands.PORT, help="port (default: %(default)s)")
    demo.add_argument("--dev", action="store_true", help="debug pages that start again when a file changes")
    serve = _add(
        words,
        "serve",
        "Serve the pages and do the background work until Ctrl-C.",
        lambda given: commands.serve(host=given.host, port=given.port),
    )
    serve.add_argument("--host", default=commands.HOST, help="address to listen at (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=commands.PORT, help="port (default: %(default)s)")


def _add_keeping(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(
        words,
        "migrate",
        "Bring tables, reference data and static files up to date.",
        lambda _: commands.migrate(),
    )
    _add(words, "check", "Say whether this place is fit to keep records.", lambda _: commands.check())
    backup = _add(
        words, "backup", "Write a backup of the database.", lambda given: commands.back_up(given.file)
    )
    backup.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="the file to write (default: one named by the time, in the data folder)",
    )
    restore = _add(
        words,
        "restore",
        "Bring a backup into an empty database and count it.",
        lambda given: commands.restore(given.file),
    )
    restore.add_argument("file", type=Path, help="the backup; its list FILE.json stands beside it")


def _add(
    words: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    made = words.add_parser(name, help=text, description=text)
    made.set_defaults(run=run)
    return made


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
