"""Why people are sent up: what they have, who gets it, which ward takes them, what comes of it.

The table is `data/conditions.csv`: ages and sex say who may have it, `wards` are department codes by
hospital with the usual one first, `stay` the usual days in bed (0: seen at the clinic), `urgent` and
`critical` shares, `home` how likely a plan goes home with the person, compared with others. `mark` is the
risk mark of those who have it, `vitals` what is measured (`signs`), a drug `name|dose|frequency|route|days`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yiti.config.example.people import Somebody
from yiti.kernel.identity import Sex

HEAD, TCM, MATERNAL, CITY = "LN-RMYY", "LN-ZYY", "LN-FY", "QY-RMYY"
_TABLE = Path(__file__).with_name("data") / "conditions.csv"

# Share of each reason in percent, near that of the board.
REASONS = {
    "surgery": 34,
    "unclear": 23,
    "equipment": 18,
    "uncontrolled": 14,
    "mother-newborn": 6,
    "critical": 2,
    "infectious": 1,
    "other": 2,
}


# What somebody with that allergy is not given: a word of the name of the drug.
_NOT_GIVEN = {"101": "西林", "103": "头孢", "L113": "沙星"}
# Who has this cannot travel without an ambulance, urgent or not.
_LIES = frozenset({"S72.0", "S82.2"})


@dataclass(frozen=True, slots=True)
class Medicine:
    """A drug of the plan home: dose as taken, codes of `order-frequency` and `drug-route`."""

    name: str
    dose: str
    frequency: str
    route: str
    days: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the table."""

    reason: str
    weight: int
    code: str
    words: str
    complaint: str
    wards: Mapping[str, str]
    stay: int
    urgent: float
    critical: float
    youngest: int
    oldest: int
    sex: Sex | None
    home: float
    mark: str
    vitals: str
    summary: str
    outcome: str
    treatment: str
    rehabilitation: str
    lifestyle: str
    warning: str
    drugs: tuple[Medicine, ...]

    def suits(self, one: Somebody, age: int) -> bool:
        """Whether somebody of that age and sex may have it, and may be given what helps."""
        return self.youngest <= age <= self.oldest and self.sex in (None, one.sex) and self._may_have(one)

    def _may_have(self, one: Somebody) -> bool:
        word = _NOT_GIVEN.get(one.allergy, "")
        return not word or all(word not in drug.name for drug in self.drugs)

    @property
    def needs_ambulance(self) -> bool:
        """Whether nobody who has it could come by own means."""
        return self.code in _LIES

    @property
    def is_beyond_the_county(self) -> bool:
        """Whether only the city's hospital treats it."""
        return CITY in self.wards


@cache
def conditions() -> tuple[Condition, ...]:
    """The whole table, in its order."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(_read(line) for line in csv.DictReader(lines))


def _read(line: dict[str, str]) -> Condition:
    return Condition(
        reason=line["reason"],
        weight=int(line["weight"]),
        code=line["code"],
        words=line["words"],
        complaint=line["complaint"],
        wards=dict(each.split(":") for each in line["wards"].split()),
        stay=int(line["stay"]),
        urgent=float(line["urgent"]),
        critical=float(line["critical"]),
        youngest=int(line["youngest"]),
        oldest=int(line["oldest"]),
        sex=Sex(line["sex"]) if line["sex"] else None,
        home=float(line["home"]),
        mark=line["mark"],
        vitals=line["vitals"],
        summary=line["summary"],
        outcome=line["outcome"],
        treatment=line["treatment"],
        rehabilitation=line["rehabilitation"],
        lifestyle=line["lifestyle"],
        warning=line["warning"],
        drugs=tuple(_drug(each) for each in line["drugs"].split("；") if each),
    )


def _drug(text: str) -> Medicine:
    name, dose, frequency, route, days = text.split("|")
    return Medicine(name, dose, frequency, route, int(days))


def by_code(code: str) -> Condition:
    """The first line of that ICD-10 code. Raises StopIteration."""
    return next(each for each in conditions() if each.code == code)
