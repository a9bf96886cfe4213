"""Households of a village: ages, sexes, relations, names, numbers, phones, chronic disease by age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from yiti.config.example.names import given_name, surname
from yiti.kernel.identity import Sex, make_id_number

FICTITIOUS_REGION = "999826"
PHONES = 20_000  # of each series of numbers
HAN, YAO = "01", "13"
# Share of Yao people by township code; other townships: a tenth.
_YAO_SHARE = {
    "441826105": 0.95,
    "441826106": 0.97,
    "441826108": 0.97,
    "441826109": 0.9,
    "441826101": 0.5,
    "441826100": 0.45,
}


@dataclass(slots=True)
class Somebody:
    """An invented person. `relation` is to the head of the household (GB/T 4761)."""

    name: str
    sex: Sex
    birth: date
    ethnic: str
    id_number: str
    phone: str
    relation: str
    risks: list[tuple[str, str]] = field(default_factory=list)
    allergy: str = ""

    def age(self, on: date) -> int:
        """Full years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))

    def has(self, risk: str) -> bool:
        """Whether the person carries that risk mark."""
        return any(code == risk for code, _ in self.risks)


@dataclass(slots=True)
class Village:
    """A village to be filled: its region code, its place name, and how many people."""

    code: str
    name: str
    people: int


class Numbers:
    """Hands out resident numbers and phones, none twice; each `series` (0 to 9) has its own."""

    def __init__(self, rng: Random, series: int = 0):
        self._rng = rng
        self._region = str(int(FICTITIOUS_REGION) + series)
        self._serials: dict[tuple[date, bool], int] = {}
        self._phone = series * PHONES

    def id_number(self, birth: date, *, is_female: bool) -> str:
        """The next resident number of that birth date; serial numbers are even for women."""
        serial = self._serials.get((birth, is_female), 2 if is_female else 1)
        self._serials[birth, is_female] = serial + 2
        return make_id_number(self._region, birth, serial)

    def phone(self) -> str:
        """An invented mobile number: the block 1xx0000 is nobody's."""
        self._phone += 1
        return f"1{30 + self._phone // 10_000 % 70}0000{self._phone % 10_000:04d}"


def households(rng: Random, village: Village, numbers: Numbers, today: date) -> Iterator[list[Somebody]]:
    """Households until the village is full; the head comes first."""
    count = 0
    yao_share = _YAO_SHARE.get(village.code[:9], 0.1)
    while count < village.people:
        is_yao = rng.random() < yao_share
        members = _household(rng, numbers, today, is_yao=is_yao)[: village.people - count]
        count += len(members)
        yield members


def _household(rng: Random, numbers: Numbers, today: date, *, is_yao: bool) -> list[Somebody]:
    family = surname(rng, is_yao=is_yao)
    make = _Maker(rng, numbers, today, is_yao)
    head_age = int(rng.triangular(24, 84, 52))
    head = make.person(family, head_age, is_female=rng.random() < 0.18, relation="02")
    members = [head]
    if head_age < 80 and rng.random() < 0.84:
        is_wife = head.sex is Sex.MALE
        partner_age = max(20, head_age + rng.randint(-6, 3))
        members.append(
            make.person(
                surname(rng, is_yao=is_yao),
                partner_age,
                is_female=is_wife,
                relation="12" if is_wife else "11",
            )
        )
    members += _children(rng, make, family, head_age)
    if head_age < 58 and rng.random() < 0.38:
        mother_age = head_age + rng.randint(20, 30)
        members.append(make.person(surname(rng, is_yao=is_yao), mother_age, is_female=True, relation="52"))
    return members


def _children(rng: Random, make: _Maker, family: str, head_age: int) -> list[Somebody]:
    born_at = [rng.randint(21, 34) for _ in range(rng.choices((0, 1, 2, 3), (2, 4, 4, 2))[0])]
    ages = [head_age - years for years in born_at]
    at_home = [age for age in ages if age >= 0 and (age < 24 or rng.random() < 0.3)]
    found = []
    for age in at_home:
        is_female = rng.random() < 0.48
        found.append(make.person(family, age, is_female=is_female, relation="30" if is_female else "20"))
    return found


@dataclass(slots=True)
class _Maker:
    rng: Random
    numbers: Numbers
    today: date
    is_yao: bool

    def person(self, family: str, age: int, *, is_female: bool, relation: str) -> Somebody:
        rng = self.rng
        birth = self.today - timedelta(days=min(age, 99) * 365 + age // 4 + rng.randint(1, 364))
        made = Somebody(
            name=family + given_name(rng, is_female=is_female, is_yao=self.is_yao, birth_year=birth.year),
            sex=Sex.FEMALE if is_female else Sex.MALE,
            birth=birth,
            ethnic=YAO if self.is_yao else HAN,
            id_number=self.numbers.id_number(birth, is_female=is_female),
            phone=self.numbers.phone() if age >= 16 else "",
            relation=relation,
        )
        made.risks = list(_risks(rng, age, is_female=is_female))
        if rng.random() < 0.03:
            made.allergy = rng.choice(("101", "103", "102", "207", "L113"))
        return made


def _risks(rng: Random, age: int, *, is_female: bool) -> Iterator[tuple[str, str]]:
    """Chronic disease by age: shares near what county surveys report, invented for each person."""
    if rng.random() < _by_age(age, ((35, 0.16), (45, 0.27), (55, 0.4), (65, 0.53), (75, 0.58))):
        yield "hypertension", rng.choices(("低危", "中危", "高危", "很高危"), (2, 5, 4, 2))[0]
    if rng.random() < _by_age(age, ((35, 0.05), (45, 0.09), (55, 0.14), (65, 0.19))):
        yield "diabetes", "2型"
    if rng.random() < _by_age(age, ((55, 0.03), (65, 0.08), (75, 0.12))):
        yield "heart", ""
    if rng.random() < _by_age(age, ((55, 0.02), (65, 0.06), (75, 0.08))):
        yield "stroke", ""
    if not is_female and rng.random() < _by_age(age, ((45, 0.03), (60, 0.1))):
        yield "copd", ""


def _by_age(age: int, steps: tuple[tuple[int, float], ...]) -> float:
    return next((share for start, share in reversed(steps) if age >= start), 0.0)
