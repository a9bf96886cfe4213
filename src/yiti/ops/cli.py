"""The command line `yiti`: words, options, help, and what becomes of a refusal."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.markup import escape

from yiti import __version__
from yiti.ops import commands, keeping
from yiti.ops.errors import DamagedBackupError, OpsError
from yiti.ops.paths import data_folder
from yiti.ops.recovery import Moment, parse_moment
from yiti.ops.saying import err

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
        err.print(f"[bold red]{escape(error.what)}[/]\n{escape(error.todo)}")
        return commands.FAILED if isinstance(error, DamagedBackupError) else commands.UNFIT
    except KeyboardInterrupt:
        err.print("Stopped.")
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
        words,
        "backup",
        "Back up the server, or write a FILE that any PostgreSQL can take.",
        lambda given: keeping.back_up(given.file),
    )
    backup.add_argument("file", type=Path, nargs="?", help="the file to write, with its list FILE.json")
    made = _add(
        words,
        "backup-keys",
        "Make the key pair of the backups: two shares for two custodians.",
        lambda given: keeping.make_keys(given.shares[0], given.shares[1], replace=given.replace),
    )
    made.add_argument("shares", type=Path, nargs=2, metavar="SHARE", help="a file to write; two of them")
    made.add_argument("--replace", action="store_true", help="from now on seal for a new pair")
    restore = _add(
        words,
        "restore",
        "Bring a backup into an empty place, and look it through.",
        lambda given: keeping.restore(given.file, given.to, given.share),
    )
    which = restore.add_mutually_exclusive_group(required=True)
    which.add_argument("file", type=Path, nargs="?", help="the backup in a file; its list stands beside it")
    which.add_argument("--to", type=_moment, metavar="MOMENT", help='"2026-11-28 10:00:00", or latest')
    restore.add_argument(
        "--share", type=Path, action="append", default=[], help="a custodian's share; both are needed"
    )


def _add(
    words: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    made = words.add_parser(name, help=text, description=text)
    made.set_defaults(run=run)
    return made


def _moment(text: str) -> Moment:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f'{error}; say a moment of the past like "2026-11-28 10:00:00", or latest'
        ) from error


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
