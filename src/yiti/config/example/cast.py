"""People the guide and the journeys speak of; invented like all others, but always there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from yiti.config.example.people import HAN, YAO, Numbers, Somebody
from yiti.kernel.identity import Sex

CAST_VILLAGE = "441826105903"  # 油岭村

_M, _F = Sex.MALE, Sex.FEMALE
# village, name, sex, birth, ethnic group; those whose referrals are open when the example begins
_REFERRED = (
    ("441826106903", "唐九妹", _F, date(1992, 5, 8), YAO),
    ("441826102905", "邓福贵", _M, date(1968, 3, 21), HAN),
    ("441826108905", "李桂英", _F, date(1955, 2, 17), HAN),
    ("441826108902", "盘桂兰", _F, date(1960, 7, 4), YAO),
    ("441826109905", "盘志强", _M, date(1981, 1, 30), YAO),
    ("441826109902", "邓长生", _M, date(1957, 10, 12), HAN),
    ("441826105904", "房买尾一", _M, date(1964, 4, 5), YAO),
    ("441826105902", "房志生", _M, date(1961, 9, 9), YAO),
    ("441826100906", "唐丽珍", _F, date(1997, 6, 14), YAO),
    ("441826100904", "唐桂妹", _F, date(1963, 12, 2), YAO),
    ("441826102908", "莫水生", _M, date(1973, 8, 26), HAN),
    ("441826101903", "唐亚木", _M, date(1956, 1, 19), YAO),
    ("441826102907", "邓春兰", _F, date(1962, 11, 11), HAN),
)
_MARKS = {"李桂英": ("diabetes", "2型"), "邓长生": ("copd", "")}  # what their referrals speak of
_CHILD_VILLAGE = "441826101907"  # 上洞村


def cast(numbers: Numbers) -> list[Somebody]:
    """The household of 房金养, the man of the golden thread; the head comes first."""
    marks = [("hypertension", "很高危"), ("diabetes", "2型")]
    return [
        _one(numbers, "房金养", _M, date(1959, 3, 14), "02", risks=marks, allergy="101"),
        _one(numbers, "唐四妹", _F, date(1962, 8, 2), "12", risks=[("hypertension", "中危")]),
        _one(numbers, "房国庆", _M, date(1986, 10, 1), "20"),
        _one(numbers, "房梓豪", _M, date(2015, 5, 20), "41"),
    ]


def referred(numbers: Numbers, village: str) -> Iterator[list[Somebody]]:
    """The households of a village that the first work list names."""
    for place, name, sex, birth, ethnic in _REFERRED:
        if place == village:
            marks = [_MARKS[name]] if name in _MARKS else []
            yield [_one(numbers, name, sex, birth, "02", ethnic=ethnic, risks=marks)]
    if village == _CHILD_VILLAGE:
        yield _child(numbers)


def _child(numbers: Numbers) -> list[Somebody]:
    return [
        _one(numbers, "沈买那", _F, date(1995, 3, 3), "02"),
        _one(numbers, "沈小满", _M, date(2023, 9, 6), "20"),
    ]


def births() -> dict[str, date]:
    """Everybody who is invented by name, and when they were born: others may have the same name."""
    known = {name: birth for _, name, _, birth, _ in _REFERRED}
    apart = Numbers(Random(0))
    return known | {one.name: one.birth for one in (*cast(apart), *_child(apart))}


def _one(numbers: Numbers, name: str, sex: Sex, birth: date, relation: str, **more: object) -> Somebody:
    number = numbers.id_number(birth, is_female=sex is _F)
    phone = numbers.phone() if birth.year < 2010 else ""
    ethnic = str(more.pop("ethnic", YAO))
    return Somebody(name, sex, birth, ethnic, number, phone, relation, **more)  # type: ignore[arg-type]
