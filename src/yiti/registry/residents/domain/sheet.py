"""The sheet `residents`, one line a person, and what its lines say of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yiti.kernel import sheets
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import IdNumber, Sex, tidy
from yiti.kernel.sheets import Column, Problem, Sheet, SheetRow, Values, cells
from yiti.kernel.text import N_
from yiti.registry.residents.domain.birth import Birth, parse_birth
from yiti.registry.residents.domain.codes import (
    NO_DOCUMENT,
    RESIDENT_CARD,
    RESIDENT_NUMBERS,
    SHARED_NUMBERS,
    BirthPrecision,
    Enrolment,
)
from yiti.registry.residents.domain.facts import HEAD_OF_HOUSEHOLD
from yiti.registry.residents.domain.identifiers import LONGEST_NUMBER, parse_number, resident_number
from yiti.registry.residents.domain.people import LONGEST_ADDRESS, LONGEST_GROUP, Profile, clean_profile

_SELF = "01"  # terminology `relation` (GB/T 4761)
_FAMILY_HINT = N_("户主本人这一行可以不填")

#: Kinds of document a line cannot be known by: others may have the same number, or the county makes it.
NOT_IN_SHEETS = SHARED_NUMBERS | {NO_DOCUMENT}

RESIDENTS = Sheet(
    "residents",
    "居民",
    (
        Column("name", "姓名", cells.name, required=True),
        Column(
            "id_type",
            "证件类型",
            cells.text(4),
            empty=RESIDENT_CARD,
            codes="id-type",
            hint=N_("不填就是居民身份证"),
        ),
        Column(
            "id_number",
            "证件号",
            cells.text(2 * LONGEST_NUMBER),
            required=True,
            hint=N_("再次导入时按它认人；没有证件的人请到窗口登记"),
        ),
        Column("sex", "性别", cells.one_of(Sex), hint=N_("身份证号里有，可以不填")),
        Column(
            "birth",
            "出生日期",
            cells.text(20),
            empty="",
            hint=N_("1959-03-14；只知道年份就写 1959；身份证号里有，可以不填"),
        ),
        Column("village", "村", cells.text(80), empty="", hint=N_("12 位区划代码或村名；县外的人不填")),
        Column("group_no", "组", cells.text(LONGEST_GROUP), empty=""),
        Column("address", "住址", cells.text(LONGEST_ADDRESS), empty=""),
        Column("phone", "电话", cells.phone, empty=""),
        Column("ethnic", "民族", cells.text(4), empty="", codes="ethnic-group"),
        Column("payer", "医保类型", cells.text(4), empty="", codes="payer"),
        Column("head", "户主证件号", cells.text(2 * LONGEST_NUMBER), empty="", hint=_FAMILY_HINT),
        Column("relation", "与户主关系", cells.text(4), empty="", codes="relation", hint=_FAMILY_HINT),
        Column(
            "institution",
            "建档机构编码",
            cells.code(24),
            empty="",
            refers_to="institutions",
            hint=N_("不填就是村里的卫生站，没有卫生站就是镇卫生院"),
        ),
    ),
    ("id_number",),
)


@dataclass(frozen=True, slots=True)
class ResidentLine:
    """A line that could be read: a person, and where in a household. `head` is the number of the head, the
    own one for the head, empty for who was not put into a household."""

    line: int
    kind: str
    number: str
    profile: Profile
    village: str
    institution: str
    head: str
    relation: str

    @property
    def enrolment(self) -> Enrolment:
        """How the person comes into the index."""
        return Enrolment.CARD if self.kind in RESIDENT_NUMBERS else Enrolment.FOREIGNER

    @property
    def is_member(self) -> bool:
        """Whether the person lives in the household of somebody else."""
        return bool(self.head) and self.head != self.number


def read_line(row: SheetRow, *, on: date) -> ResidentLine:
    """The person of a line; `on` is today. Raises InvalidInput whose field is the column."""
    values = row.values
    kind = values.get("id_type", RESIDENT_CARD)
    if kind in NOT_IN_SHEETS:
        raise InvalidInput(N_("这种证件认不准人，请到窗口登记"), field="id_type")
    number = parse_number(kind, values["id_number"], on=on, field="id_number")
    head, relation = _place(values, number)
    told = resident_number(kind, number, on=on)
    profile = Profile(
        name=values["name"],
        sex=_sex(values.get("sex"), told),
        birth=_birth(values.get("birth", ""), told, on=on),
        **{name: values.get(name, "") for name in ("ethnic", "phone", "address", "group_no", "payer")},
    )
    return ResidentLine(
        line=row.line,
        kind=kind,
        number=number,
        profile=clean_profile(profile, on=on),
        village=values.get("village", ""),
        institution=values.get("institution", ""),
        head=head,
        relation=relation,
    )


def _sex(typed: Sex | None, told: IdNumber | None) -> Sex:
    if told is None:
        return typed or Sex.UNKNOWN
    if typed not in (None, told.sex):
        raise InvalidInput(N_("性别和身份证号不一致，请核对"), field="sex")
    return told.sex


def _birth(typed: str, told: IdNumber | None, *, on: date) -> Birth:
    birth = parse_birth(typed, on=on)
    if told is None:
        return birth
    if birth.day not in (None, told.birth):
        raise InvalidInput(N_("出生日期和身份证号不一致，请核对"), field="birth")
    return Birth(told.birth, BirthPrecision.DAY)


def _place(values: Values, number: str) -> tuple[str, str]:
    """Number of the head and relation to the head."""
    head, relation = tidy(values.get("head", "")), values.get("relation", "")
    if relation == _SELF or (relation and head == number):
        relation = HEAD_OF_HOUSEHOLD
    if relation == HEAD_OF_HOUSEHOLD:
        if head not in ("", number):
            raise InvalidInput(N_("与户主关系是户主，户主证件号却是别人的"), field="head")
        return number, relation
    if relation and not head:
        raise InvalidInput(N_("填了与户主关系，请填户主证件号"), field="head")
    if head and head != number and not relation:
        raise InvalidInput(N_("请填与户主关系"), field="relation")
    return head, relation


def find_repeated(rows: Sequence[SheetRow]) -> list[Problem]:
    """Lines whose number stands in the sheet already, however it is written."""

    def number(_: Sheet, values: Values) -> Iterator[tuple[Any, ...]]:
        yield (tidy(values["id_number"]),)

    return sheets.find_problems(RESIDENTS, rows, keys=number)


def find_misplaced(lines: Sequence[ResidentLine]) -> Iterator[Problem]:
    """Members whose head lives in yet another household."""
    by_number = {line.number: line for line in lines}
    for line in lines:
        head = by_number.get(line.head)
        if line.is_member and head is not None and head.is_member:
            message = N_("第 {line} 行的户主自己又是别人家的成员")
            yield Problem(RESIDENTS.name, line.line, "head", message, {"line": head.line})
