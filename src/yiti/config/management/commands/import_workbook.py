"""`import_workbook PATH`: a county's institutions, staff and residents from one Excel workbook."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.status import Status

from yiti.config import setup, workbook
from yiti.config.workbook import Import, Workbook
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, InvalidInput
from yiti.kernel.sheets import Outcome, Sheet

PROBLEMS, WRONG_USAGE = 1, 2
MOST_TOLD = 20
WORDS = {Outcome.CREATED: "新增", Outcome.CHANGED: "改动", Outcome.UNCHANGED: "未变"}


def existing(text: str) -> Path:
    """A path that is there, as an argument."""
    path = Path(text)
    if not path.exists():
        raise ArgumentTypeError(f"没有这个文件：{path}")
    return path


class Command(BaseCommand):
    help = (
        "Read institutions, staff and residents from an Excel workbook, or the national divisions. "
        "Exit codes: 0 saved (or nothing to say against it), 1 some rows have problems, 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=existing, nargs="?", help="the workbook (.xlsx)")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument(
            "--divisions",
            type=existing,
            metavar="FOLDER",
            help="first load the national divisions from provinces.csv, cities.csv, areas.csv, streets.csv",
        )

    def handle(
        self, *args: Any, path: Path | None, divisions: Path | None, dry_run: bool, **options: Any
    ) -> None:
        if path is None and divisions is None:
            raise CommandError("要导入什么？请给出工作簿或 --divisions 文件夹", returncode=WRONG_USAGE)
        if divisions is not None:
            self._import_divisions(divisions, dry_run=dry_run)
        if path is not None:
            self._import(path, dry_run=dry_run)

    def _import_divisions(self, folder: Path, *, dry_run: bool) -> None:
        began = monotonic()
        try:
            with _status("全国区划"):
                report = setup.load_divisions(folder, now(), dry_run=dry_run)
        except FileNotFoundError as error:
            raise CommandError(f"文件夹里没有 {error.filename}", returncode=WRONG_USAGE) from error
        except (InvalidInput, Conflict) as error:
            raise CommandError(error.text(), returncode=PROBLEMS) from error
        self._tell_counts("区划", report.counts["regions"], saved=report.saved)
        self._tell_time(began)

    def _import(self, path: Path, *, dry_run: bool) -> None:
        began, at, sheets = monotonic(), now(), workbook.sheets()
        try:
            book = workbook.read_workbook(path, sheets)
        except InvalidInput as error:
            raise CommandError(error.text(), returncode=WRONG_USAGE) from error
        with _status("读工作簿") as status:
            done = workbook.import_workbook(
                actor=setup.SETUP, workbook=book, at=at, dry_run=dry_run, say=status.update
            )
        if done.first_passwords:
            target = path.with_name(f"{path.stem}-first-passwords-{at:%Y%m%d-%H%M%S}.xlsx")
            workbook.write_first_passwords(target, done.first_passwords)
            self.stdout.write(f"新账号的首次密码在 {target}，分发给本人后请删掉这个文件。")
        self._tell(book, done, sheets)
        self._tell_time(began)
        if done.problems:
            target = path.with_name(f"{path.stem}-errors.xlsx")
            workbook.write_mistakes(target, book.tables, sheets, done.problems)
            raise CommandError(f"有 {len(done.problems)} 处要改，见 {target}", returncode=PROBLEMS)

    def _tell(self, book: Workbook, done: Import, sheets: Sequence[Sheet]) -> None:
        titles = {sheet.name: sheet.zh for sheet in sheets}
        for name, counts in done.counts.items():
            self._tell_counts(titles[name], counts, saved=name in done.saved)
        for title in book.unknown:
            self.stdout.write(f"没有读“{title}”表：不在模板里")
        for table in book.tables.values():
            if table.unread:
                self.stdout.write(f"“{table.sheet.zh}”表里没有读的列：{'、'.join(table.unread)}")
        for problem in done.problems[:MOST_TOLD]:
            self.stderr.write(workbook.tell(problem, sheets))
        if len(done.problems) > MOST_TOLD:
            self.stderr.write(f"……还有 {len(done.problems) - MOST_TOLD} 处")

    def _tell_counts(self, title: str, counts: Mapping[Outcome, int], *, saved: bool) -> None:
        told = "，".join(f"{word} {counts.get(outcome, 0):,}" for outcome, word in WORDS.items())
        self.stdout.write(f"{title}：{told}{'' if saved else '（没有保存）'}")

    def _tell_time(self, began: float) -> None:
        self.stdout.write(f"用时 {monotonic() - began:.1f} 秒")


def _status(what: str) -> Status:
    """A line that says what is being done, where a person is looking."""
    return Console(stderr=True).status(what)
