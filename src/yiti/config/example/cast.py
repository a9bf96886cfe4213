"""People the guide and the journeys speak of; invented like all others, but always there."""

from __future__ import annotations

from datetime import date

from yiti.config.example.people import YAO, Numbers, Somebody
from yiti.kernel.identity import Sex

CAST_VILLAGE = "441826105903"  # 油岭村


def cast(numbers: Numbers) -> list[Somebody]:
    """The household of 房金养, the man of the golden thread; the head comes first."""

    def one(name: str, sex: Sex, birth: date, relation: str, **more: object) -> Somebody:
        number = numbers.id_number(birth, is_female=sex is Sex.FEMALE)
        phone = numbers.phone() if birth.year < 2010 else ""
        return Somebody(name, sex, birth, YAO, number, phone, relation, **more)  # type: ignore[arg-type]

    marks = [("hypertension", "很高危"), ("diabetes", "2型")]
    return [
        one("房金养", Sex.MALE, date(1959, 3, 14), "02", risks=marks, allergy="101"),
        one("唐四妹", Sex.FEMALE, date(1962, 8, 2), "12", risks=[("hypertension", "中危")]),
        one("房国庆", Sex.MALE, date(1986, 10, 1), "20"),
        one("房梓豪", Sex.MALE, date(2015, 5, 20), "41"),
    ]
