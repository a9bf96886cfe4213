"""What happened to a person in twelve months: chronic care in the village, acute visits, stays.

A course is data: when, where by level, what, which values. The loader turns it into rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from yiti.config.example.people import Somebody
from yiti.kernel.clock import SHANGHAI

VILLAGE, TOWNSHIP, COUNTY = "village", "township", "county"
YEAR = 364  # days


@dataclass(slots=True)
class Encounter:
    """One visit of a course. `kind` is a visit kind; `values` are vitals by kind as text."""

    at: datetime
    level: str
    kind: str
    complaint: str
    code: str
    values: dict[str, str] = field(default_factory=dict)
    drugs: tuple[tuple[str, str, str], ...] | None = None
    plan: str = ""
    days: int = 0


@dataclass(slots=True)
class Course:
    """One episode: its problem and its visits, oldest first."""

    problem: str
    code: str
    visits: list[Encounter]
    is_long_term: bool = False


# complaint, code, words of the code, share at village / township / county, months' weight
_ACUTE = (
    ("咳嗽、流涕 3 天", "J06.9", "急性上呼吸道感染", (70, 25, 5), 30),
    ("咽痛、发热 2 天", "J02.9", "急性咽炎", (65, 30, 5), 12),
    ("腰腿痛 1 周", "M54.5", "腰痛", (45, 40, 15), 14),
    ("腹痛、腹泻 1 天", "A09.9", "急性胃肠炎", (55, 38, 7), 12),
    ("上腹不适、反酸 2 周", "K29.5", "慢性胃炎", (30, 45, 25), 10),
    ("咳嗽、咳痰 5 天", "J20.9", "急性支气管炎", (40, 45, 15), 10),
    ("膝关节疼痛", "M17.9", "膝关节骨关节炎", (35, 45, 20), 8),
    ("皮肤瘙痒", "L30.9", "湿疹", (55, 35, 10), 5),
    ("尿频、尿急 2 天", "N39.0", "尿路感染", (30, 50, 20), 5),
)
_STAYS = (
    ("咳嗽、发热伴气促 4 天", "J18.9", "肺炎", 0.45, 7),
    ("咳喘加重 3 天", "J44.1", "慢性阻塞性肺疾病急性加重", 0.4, 8),
    ("头晕、一侧肢体乏力", "I63.9", "脑梗死", 0.1, 11),
    ("反复胸闷、胸痛", "I20.0", "不稳定型心绞痛", 0.05, 6),
    ("右上腹痛", "K80.1", "胆囊结石伴胆囊炎", 0.1, 7),
    ("转移性右下腹痛", "K35.8", "急性阑尾炎", 0.2, 6),
    ("跌倒后髋部疼痛", "S72.0", "股骨颈骨折", 0.0, 14),
    ("腰痛伴下肢放射痛", "M51.1", "腰椎间盘突出伴神经根病", 0.35, 9),
)


def courses(rng: Random, person: Somebody, now: datetime, days: int = YEAR) -> Iterator[Course]:
    """The episodes of one person in the `days` (35 at least) before `now`."""
    age, years = person.age(now.date()), days / YEAR
    if person.has("hypertension") or person.has("diabetes"):
        yield _chronic(rng, person, now, days)
    visits = (0.35 if age < 45 else 0.6) * years
    if age < 6:
        visits = 1.1 * years
    while rng.random() < visits:
        visits *= 0.45
        yield _acute(rng, now, days)
    if rng.random() < (0.015 if age < 45 else 0.04 if age < 65 else 0.1) * years:
        yield _stay(rng, now, days)


def _chronic(rng: Random, person: Somebody, now: datetime, days: int) -> Course:
    """Follow-ups about every three months in the village, one of them a check-up in the township."""
    is_hypertension = person.has("hypertension")
    code, problem = ("I10", "高血压") if is_hypertension else ("E11.9", "2型糖尿病")
    if is_hypertension and person.has("diabetes"):
        problem = "高血压、糖尿病管理"
    control = rng.gauss(0, 1)
    day = now.date() - timedelta(days=rng.randint(days - 34, days))
    visits: list[Encounter] = []
    while day < now.date():
        values = _chronic_values(rng, person, control)
        high = int(values.get("systolic", "0")) >= 140 or float(values.get("glucose-fasting", "0")) >= 7
        is_checkup = len(visits) == 2
        visits.append(
            Encounter(
                _moment(rng, day),
                TOWNSHIP if is_checkup else VILLAGE,
                "outpatient" if is_checkup or not visits else "followup",
                "慢病复诊" if is_checkup else "慢病随访",
                code,
                values,
                _chronic_drugs(person) if not visits or is_checkup else None,
                "未达标，调整用药，2 周后复查" if high else "继续现用药，3 个月后随访",
            )
        )
        day += timedelta(days=rng.randint(12, 18) if high and rng.random() < 0.5 else rng.randint(80, 100))
    return Course(problem, code, visits, is_long_term=True)


def _chronic_values(rng: Random, person: Somebody, control: float) -> dict[str, str]:
    values: dict[str, str] = {}
    systolic = round(136 + 9 * control + rng.gauss(0, 7))
    if person.has("hypertension"):
        values["systolic"] = str(min(max(systolic, 104), 186))
        values["diastolic"] = str(min(max(round(systolic * 0.6 + rng.gauss(0, 4)), 58), 112))
        values["heart-rate"] = str(min(max(round(rng.gauss(76, 8)), 54), 108))
    if person.has("diabetes"):
        values["glucose-fasting"] = f"{min(max(7.1 + 1.1 * control + rng.gauss(0, 0.7), 4.2), 15.0):.1f}"
    return values


def _chronic_drugs(person: Somebody) -> tuple[tuple[str, str, str], ...]:
    drugs: list[tuple[str, str, str]] = []
    if person.has("hypertension"):
        drugs.append(("氨氯地平片", "5 mg", "09"))
    if person.has("diabetes"):
        drugs.append(("二甲双胍片", "0.5 g", "01"))
    if person.has("heart") or person.has("stroke"):
        drugs += [("阿托伐他汀片", "20 mg", "L02"), ("阿司匹林肠溶片", "0.1 g", "09")]
    return tuple(drugs)


def _acute(rng: Random, now: datetime, days: int) -> Course:
    complaint, code, words, shares, _ = rng.choices(_ACUTE, [row[4] for row in _ACUTE])[0]
    level = rng.choices((VILLAGE, TOWNSHIP, COUNTY), shares)[0]
    day = now.date() - timedelta(days=rng.randint(1, days - 1))
    values = {"temperature": f"{rng.triangular(36.2, 39.2, 36.8):.1f}"} if code.startswith("J") else {}
    return Course(words, code, [Encounter(_moment(rng, day), level, "outpatient", complaint, code, values)])


def _stay(rng: Random, now: datetime, days: int) -> Course:
    complaint, code, words, township_share, usual = rng.choice(_STAYS)
    level = TOWNSHIP if rng.random() < township_share else COUNTY
    length = max(2, round(rng.gauss(usual, 2)))
    day = now.date() - timedelta(days=rng.randint(length + 1, days - 1))
    values = {
        "systolic": str(round(rng.gauss(138, 14))),
        "diastolic": str(round(rng.gauss(82, 8))),
        "heart-rate": str(round(rng.gauss(86, 9))),
        "temperature": f"{rng.triangular(36.3, 39.0, 36.9):.1f}",
    }
    stay = Encounter(_moment(rng, day), level, "inpatient", complaint, code, values, days=length)
    return Course(words, code, [stay])


def _moment(rng: Random, day: date) -> datetime:
    """A moment of a working day at a desk: mornings more often."""
    hour = rng.choices((8, 9, 10, 11, 14, 15, 16), (6, 8, 8, 4, 3, 3, 2))[0]
    return datetime.combine(day, time(hour, rng.randint(0, 59)), SHANGHAI)
