"""An invented county whose people are known: who stands in its index twice, and with which errors.

One prefix of identity numbers, 120 family names by Zipf's law, 90 characters of given names, birthdays from
1935 to 2022, 20 towns. Of the repeated records 35 % have no identity number, 40 % no phone, 5 % a slip in
the birth, 6 % another given name, 4 % one other digit in the number; 2 % of all have no number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文辉玲红玉梅鑫宇浩然子涵欣怡梓萱晨曦嘉豪俊雨佳琪志远思博天翔海龙春"
    "燕小兵立新长青永福凤"
)
PREFIX = "330782"

Texts = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class County:
    """Records as columns of texts ("" is unknown); `person` (n,) says whose record each is."""

    family: Texts
    given: Texts
    birth: Texts
    sex: Texts
    number: Texts
    phone: Texts
    town: Texts
    person: NDArray[np.int64]

    @property
    def name(self) -> Texts:
        """Family and given name."""
        return np.strings.add(self.family, self.given)

    def pairs(self) -> int:
        """How many pairs of records are one person."""
        sizes = np.bincount(self.person)
        return int((sizes * (sizes - 1) // 2).sum())


def county(people: int, repeats: int, seed: int = 7) -> County:
    """`people` persons, and `repeats` more records of persons drawn from them."""
    rng = np.random.default_rng(seed)
    first = _persons(rng, people)
    drawn = rng.integers(0, people, repeats)
    again = {name: values[drawn] for name, values in first.items()}
    _spoil(rng, again)
    for records in (first, again):
        records["number"] = np.where(rng.random(len(records["number"])) < 0.02, "", records["number"])
    columns = {name: np.concatenate([first[name], again[name]]) for name in first}
    return County(**columns, person=np.concatenate([np.arange(people), drawn]))


def _persons(rng: np.random.Generator, people: int) -> dict[str, Texts]:
    families, given = np.array(list(FAMILIES)), np.array(list(GIVEN))
    weights = np.arange(1, len(families) + 1) ** -0.8
    second = np.where(rng.random(people) < 0.75, rng.choice(given, people), "")
    days = np.datetime64("1935-01-01") + rng.integers(0, 32_000, people)
    births = np.strings.replace(np.datetime_as_string(days), "-", "")
    serial = rng.integers(0, 1_000, people)
    # not the check digit of GB 11643: one that depends on the serial and the day, so that it can be
    # computed for many
    check = (serial * 7 + births.astype("U8").view("U1").reshape(-1, 8)[:, 7].astype(int)) % 10
    parts = (np.strings.zfill(serial.astype("U3"), 3), check.astype("U1"))
    number = np.strings.add(np.strings.add(np.strings.add(PREFIX, births), parts[0]), parts[1])
    phones = rng.integers(3 * 10**9, 10**10, people).astype("U10")
    return {
        "family": rng.choice(families, people, p=weights / weights.sum()),
        "given": np.strings.add(rng.choice(given, people), second),
        "birth": births,
        "sex": (serial % 2).astype("U1"),
        "number": number,
        "phone": np.strings.add("1", phones),
        "town": rng.integers(0, 20, people).astype("U2"),
    }


def _spoil(rng: np.random.Generator, records: dict[str, Texts]) -> None:
    """The errors of a second registration."""
    size = len(records["birth"])

    def some(share: float) -> NDArray[np.int64]:
        return np.flatnonzero(rng.random(size) < share)

    wrong = some(0.05)
    records["birth"][wrong] = [_slip(birth) for birth in records["birth"][wrong].tolist()]
    renamed = some(0.06)
    records["given"][renamed] = rng.choice(np.array(list(GIVEN)), len(renamed))
    for row in some(0.04).tolist():
        place, number = int(rng.integers(6, 17)), str(records["number"][row])
        records["number"][row] = f"{number[:place]}{rng.integers(0, 10)}{number[place + 1 :]}"
    records["number"][some(0.35)] = ""
    records["phone"][some(0.40)] = ""


def _slip(birth: str) -> str:
    """Day and month swapped where that is a date, else another last digit."""
    year, month, day = birth[:4], birth[4:6], birth[6:]
    return f"{year}{day}{month}" if day <= "12" else f"{birth[:7]}1"
