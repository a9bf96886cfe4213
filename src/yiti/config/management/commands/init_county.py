"""`init_county`: a county without demo data, ready for its first workbook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from yiti.config import founding, setup, workbook
from yiti.config.founding import ADMINISTRATORS, County, Person
from yiti.config.management.commands.import_workbook import PROBLEMS, WRONG_USAGE, existing
from yiti.config.roles import ROLES
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, InvalidInput

T = TypeVar("T")
ROLE_NAMES = {role.code: role.zh for role in ROLES}
PLACES = (("province", "省、自治区、直辖市"), ("city", "地级市、州"), ("county", "县、县级市、区"))


class Command(BaseCommand):
    help = (
        "Make a county without demo data in an empty database: its place, its head hospital and its first "
        "administrators, whose first passwords are printed once. Asks for what no option gives."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", help="the county's administrative code, 6 digits (441826)")
        for name, _ in PLACES:
            parser.add_argument(f"--{name}", help=f"name of the {name}; not needed once divisions are loaded")
        parser.add_argument("--hospital-code", help="code of the head hospital, never changed later")
        parser.add_argument("--hospital-name", help="full name of the head hospital")
        for role in ADMINISTRATORS:
            words = role.replace("_", " ")
            parser.add_argument(
                f"--{role.replace('_', '-')}", metavar="CODE:NAME", help=f"staff code and name of the {words}"
            )
        parser.add_argument(
            "--divisions",
            type=existing,
            metavar="FOLDER",
            help="first load the national divisions from provinces.csv, cities.csv, areas.csv, streets.csv",
        )

    def handle(self, *args: Any, divisions: Path | None, **options: Any) -> None:
        try:
            founding.ensure_nobody()
            if divisions is not None:
                with Console(stderr=True).status("全国区划"):
                    setup.load_divisions(divisions, now())
            county = self._county(options)
            done = founding.found_county(county, now())
        except FileNotFoundError as error:
            raise CommandError(f"文件夹里没有 {error.filename}", returncode=WRONG_USAGE) from error
        except (Conflict, InvalidInput) as error:
            raise CommandError(error.text(), returncode=PROBLEMS) from error
        sheets = workbook.sheets()
        for problem in done.problems:
            self.stderr.write(workbook.tell(problem, sheets))
        if done.problems:
            raise CommandError("没有建成，请改好再来一次", returncode=PROBLEMS)
        self.stdout.write(f"已建好：{county.hospital_name}。首次密码只显示这一次，登录后要先改：\n")
        roles = {person.code.upper(): ROLE_NAMES[role] for role, person in county.administrators.items()}
        for each in done.first_passwords:
            self.stdout.write(f"  {roles[each.code]}　{each.code}　{each.name}　{each.password}")
        self.stdout.write(
            "\n下一步：yiti manage write_template 模板.xlsx，填好机构、人员和居民，再 yiti import 模板.xlsx"
        )

    def _county(self, given: dict[str, Any]) -> County:
        region = self._ask(given["region"], "--region", "县的区划代码（6 位，如 441826）", _region)
        known = founding.known_places(region)
        places = [
            known[at] if known else self._ask(given[name], f"--{name}", f"{words}的名称", _text)
            for at, (name, words) in enumerate(PLACES)
        ]
        return County(
            region=region,
            places=(places[0], places[1], places[2]),
            hospital_name=self._ask(given["hospital_name"], "--hospital-name", "牵头医院全称", _text),
            hospital_code=self._ask(
                given["hospital_code"], "--hospital-code", "牵头医院编码（字母和数字，以后不再改）", _text
            ),
            administrators={role: self._administrator(role, given[role]) for role in ADMINISTRATORS},
        )

    def _administrator(self, role: str, given: str | None) -> Person:
        option = f"--{role.replace('_', '-')}"
        question = f"{ROLE_NAMES[role]}的工号和姓名（如 LN0001 虞明辉）"
        return self._ask(given, option, question, founding.person_of)

    def _ask(self, given: str | None, option: str, question: str, read: Callable[[str], T]) -> T:
        """What an option says, else what a person answers until it can be read."""
        if given is not None:
            return read(given)
        if not sys.stdin.isatty():
            raise CommandError(f"请给出 {option}", returncode=WRONG_USAGE)
        while True:
            try:
                return read(input(f"{question}："))
            except InvalidInput as error:
                self.stderr.write(error.text())


def _text(typed: str) -> str:
    if not typed.strip():
        raise InvalidInput("不能空着")
    return typed.strip()


def _region(typed: str) -> str:
    code = typed.strip()
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        raise InvalidInput("区划代码是 6 位数字")
    return code
