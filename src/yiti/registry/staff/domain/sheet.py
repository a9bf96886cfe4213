"""The sheet `staff`, one line a posting, and the people its lines are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from yiti.kernel import sheets
from yiti.kernel.errors import InvalidInput
from yiti.kernel.sheets import Column, Complaint, LoadReport, Problem, Sheet, SheetRow, Values, cells
from yiti.kernel.text import N_
from yiti.registry.staff.domain.people import LicenceKind, Title

_MOBILE_DIGITS = 11


def staff_code(cell: str) -> str:
    """A staff code (工号) as it is stored: 3 to 20 letters, digits or hyphens, upper case."""
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z-]{2,19}", cell):
        raise InvalidInput(N_("工号是 3 到 20 位字母或数字"))
    return cell.upper()


STAFF = Sheet(
    "staff",
    "人员",
    (
        Column("code", "工号", staff_code, required=True, hint=N_("登录用；一人多岗就填多行，工号相同")),
        Column("name", "姓名", cells.name, required=True),
        Column("title", "职称", cells.one_of(Title), empty=Title.NONE),
        Column("phone", "电话", cells.phone, empty="", hint=N_("手机号也可以登录")),
        Column("licence", "执业类别", cells.one_of(LicenceKind)),
        Column("licence_number", "执业证号", cells.text(30), empty=""),
        Column("institution", "机构编码", cells.code(24), required=True, refers_to="institutions"),
        Column("department", "科室编码", cells.code(20), empty=""),
        Column("role", "角色", cells.code(40), required=True, codes="roles"),
        Column("valid_from", "上岗日期", cells.day, required=True),
        Column("valid_until", "最后一天", cells.day, hint=N_("离岗才填；空着不会恢复已停用的岗位")),
        Column("is_primary", "主岗", cells.yes_no, hint=N_("一人一个主岗；不填时第一个岗位是主岗")),
    ),
    ("code", "institution", "department", "role", "valid_from"),
)
PERSONAL = ("name", "title", "phone", "licence", "licence_number")


@dataclass(frozen=True, slots=True)
class PersonLines:
    """Somebody's lines, in the order of the file, and what they agree on. A personal column that the file
    does not have is missing in `values`."""

    code: str
    values: Mapping[str, Any]
    lines: tuple[SheetRow, ...]

    @property
    def first_line(self) -> int:
        """Where the person is told about first."""
        return self.lines[0].line


@dataclass(frozen=True, slots=True)
class StaffReport(LoadReport):
    """What a load did. `newcomers` are names by staff code of those whose account is new."""

    newcomers: Mapping[str, str]


def mobile(phone: str) -> str:
    """The number if somebody can sign in with it, else nothing: landlines are shared."""
    return phone if len(phone) == _MOBILE_DIGITS else ""


def people_of(rows: Sequence[SheetRow]) -> list[PersonLines]:
    """The people of a sheet, in the order in which they appear."""
    together: dict[str, list[SheetRow]] = defaultdict(list)
    for row in rows:
        together[row.values["code"]].append(row)
    return [PersonLines(code, _agreed(lines), tuple(lines)) for code, lines in together.items()]


def _agreed(lines: Sequence[SheetRow]) -> dict[str, Any]:
    """What the lines say of the person: for each column the first cell that is filled in."""
    found: dict[str, Any] = {}
    for name in PERSONAL:
        if name in lines[0].values:
            empty = STAFF.column(name).empty
            filled = (row.values[name] for row in lines if row.values[name] != empty)
            found[name] = next(filled, empty)
    return found


def find_problems(rows: Sequence[SheetRow]) -> list[Problem]:
    """Everything wrong within the sheet, in the order of its lines."""
    people = people_of(rows)
    problems = sheets.find_problems(STAFF, rows, (_check_period, _check_licence))
    for person in people:
        problems += _differing(person)
        problems += _two_primaries(person)
        problems += overlapping([(row.line, _post(row), *period_of(row.values)) for row in person.lines])
    problems += _shared(people, lambda values: mobile(values.get("phone", "")), "phone", N_("手机号"))
    problems += _shared(people, _licence_of, "licence_number", N_("执业证号"))
    return sorted(problems, key=lambda each: each.line)


def _check_period(values: Values) -> Iterator[Complaint]:
    start, end = period_of(values)
    if end is not None and end < start:
        yield "valid_until", N_("最后一天不能早于上岗日期")


def _check_licence(values: Values) -> Iterator[Complaint]:
    if values.get("licence_number") and not values.get("licence"):
        yield "licence", N_("填了执业证号，请一起填执业类别")


def _differing(person: PersonLines) -> Iterator[Problem]:
    for row in person.lines[1:]:
        for name, agreed in person.values.items():
            if row.values[name] not in (agreed, STAFF.column(name).empty):
                message = N_("同一工号，和第 {line} 行填的不一样")
                yield Problem(STAFF.name, row.line, name, message, {"line": person.first_line})


def _two_primaries(person: PersonLines) -> Iterator[Problem]:
    primaries = [row for row in person.lines if row.values.get("is_primary") and not period_of(row.values)[1]]
    for row in primaries[1:]:
        message = N_("一人只有一个主岗，第 {line} 行已经是了")
        yield Problem(STAFF.name, row.line, "is_primary", message, {"line": primaries[0].line})


def _post(row: SheetRow) -> tuple[Any, ...]:
    return tuple(row.values.get(name) for name in ("institution", "department", "role"))


def period_of(values: Values) -> tuple[date, date | None]:
    """First and last day of a posting."""
    return values["valid_from"], values.get("valid_until")


def overlapping(
    periods: Sequence[tuple[int | None, tuple[Any, ...], date, date | None]],
) -> Iterator[Problem]:
    """Postings of one person, as (line or None, post, first day, last day), that share a post and a day.
    Two that begin on the same day are told about as a repetition elsewhere."""
    posts: dict[tuple[Any, ...], list[tuple[int | None, date, date | None]]] = defaultdict(list)
    for line, post, start, end in periods:
        posts[post].append((line, start, end))
    for group in posts.values():
        group.sort(key=lambda each: each[1])
        for (before, since, until), (line, start, _) in pairwise(group):
            at = line or before
            if at is not None and since < start <= (until or date.max):
                params = {"day": since if line else start}
                yield Problem(
                    STAFF.name, at, "valid_from", N_("这个岗位从 {day} 起已经在岗，时间重叠了"), params
                )


def _licence_of(values: Mapping[str, Any]) -> Any:
    number = values.get("licence_number")
    return (values.get("licence"), number) if number else None


def _shared(people: Sequence[PersonLines], value_of: Any, column: str, what: str) -> Iterator[Problem]:
    """What two people have in common and must not."""
    first: dict[Any, PersonLines] = {}
    for person in people:
        value = value_of(person.values)
        if value and (other := first.setdefault(value, person)) is not person:
            message = N_("{what}和工号 {code} 的一样")
            yield Problem(STAFF.name, person.first_line, column, message, {"what": what, "code": other.code})
