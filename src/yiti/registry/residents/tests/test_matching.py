"""How likely two people are one by what is stated beforehand, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from yiti.foundation.rules import public as rules
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain import MatchFacts, MatchScore, compute_matches
from yiti.registry.residents.domain.linking.columns import column
from yiti.registry.residents.domain.linking.comparing import Day
from yiti.registry.residents.domain.linking.people import stated
from yiti.registry.residents.domain.matching import Commonness
from yiti.registry.residents.selectors import match_policy

VILLAGE = new_id()
KNOWN = MatchFacts(
    name="房金养",
    sounds=frozenset({"fangjinyang"}),
    birth="19590314",
    birth_year=1959,
    sex=Sex.MALE,
    numbers=frozenset({"digest of 441826195903142317"}),
    number_tails=frozenset({"2317"}),
    phones=frozenset({"digest of 13822716620"}),
    phone_tails=frozenset({"6620"}),
    village_id=VILLAGE,
)
ONCE: Commonness = {name: {} for name in ("name", "sound", "birth", "number", "phone", "family", "village")}
NAME_AND_BIRTH = MatchFacts(
    name="房金养", sounds=KNOWN.sounds, birth="19590314", birth_year=1959, sex=Sex.MALE
)


def beside_known(new: MatchFacts, commonness: Commonness = ONCE) -> MatchScore:
    """The score in a small index of which nothing was learned."""
    return compute_matches(new, {1: KNOWN}, stated(0), commonness)[1]


@pytest.mark.parametrize(
    ("new", "score", "reasons"),
    [
        pytest.param(
            MatchFacts(name="另一个", numbers=KNOWN.numbers), 100, ("证件号相同",), id="the number decides"
        ),
        pytest.param(KNOWN, 100, ("证件号相同",), id="the same in everything"),
        pytest.param(NAME_AND_BIRTH, 99, ("姓名相同", "出生日期相同"), id="name and birth"),
        pytest.param(
            replace(NAME_AND_BIRTH, village_id=VILLAGE),
            99,
            ("姓名相同", "出生日期相同", "同村"),
            id="name, birth, village",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, phones=KNOWN.phones, phone_tails=KNOWN.phone_tails),
            99,
            ("姓名相同", "出生日期相同", "电话相同"),
            id="name, birth, phone",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="19590315"),
            86,
            ("姓名相同", "出生日期只差一处"),
            id="one digit of the birth",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="19600714"), 0, ("姓名相同", "出生日期不同"), id="another birth"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="", birth_year=1960),
            80,
            ("姓名相同", "出生年份相近"),
            id="year only",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="", birth_year=None), 13, ("姓名相同",), id="birth unknown"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="方锦阳"), 97, ("姓名同音", "出生日期相同"), id="same sound"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="房金杨", sounds=frozenset({"x"})),
            74,
            ("姓名相近", "出生日期相同"),
            id="one character differs",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="李小妹", sounds=frozenset({"y"})),
            0,
            ("姓名不同", "出生日期相同"),
            id="another name, same birth",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, sex=Sex.FEMALE),
            91,
            ("姓名相同", "出生日期相同", "性别不同"),
            id="another sex",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, sex=Sex.UNKNOWN), 99, ("姓名相同", "出生日期相同"), id="sex unknown"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, numbers=frozenset({"z"}), number_tails=frozenset({"8841"})),
            91,
            ("姓名相同", "出生日期相同", "证件号不同"),
            id="two people of one name and birthday",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, numbers=frozenset({"y"}), number_tails=frozenset({"2371"})),
            99,
            ("姓名相同", "出生日期相同", "证件后四位相同或只差一处"),
            id="a slip in the number",
        ),
        pytest.param(MatchFacts(name="房金养"), 7, ("姓名相同",), id="name alone"),
        pytest.param(MatchFacts(name=""), 0, (), id="nothing known"),
    ],
)
def test_score(new: MatchFacts, score: int, reasons: tuple[str, ...]) -> None:
    match = beside_known(new)
    assert (match.score, match.reasons) == (score, reasons)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        pytest.param("19590314", "19590315", "slip", id="one digit"),
        pytest.param("19590314", "19590341", "slip", id="neighbours swapped"),
        pytest.param("19590314", "19950314", "slip", id="digits of the year swapped"),
        pytest.param("19590312", "19591203", "swapped", id="day and month swapped"),
        pytest.param("19590314", "19590314", "same", id="the same is no slip"),
        pytest.param("19590314", "19590425", "other", id="another day"),
        pytest.param("19590314", "91950314", "other", id="two neighbours of another two"),
    ],
)
def test_slips_of_a_birth(one: str, other: str, level: str) -> None:
    comparison = Day("birth")
    people = {"birth": column([one, other])}
    rows = np.array([0, 1])
    found = comparison.compare(people, rows, rows[::-1]).levels
    assert [comparison.levels[each] for each in found] == [level, level]


@pytest.mark.parametrize(
    ("known", "least", "most"),
    [
        pytest.param({"name": {"房金养": 1}, "birth": {"19590314": 30}}, 98, 99, id="a rare name"),
        pytest.param({"name": {"房金养": 2_000}, "birth": {"19590314": 30}}, 30, 70, id="a common name"),
        pytest.param(
            {"name": {"房金养": 1}, "birth": {"19590314": 9_000}},
            60,
            95,
            id="a day that half the clerks make up",
        ),
    ],
)
def test_agreement_in_what_is_common_says_less(known: Commonness, least: int, most: int) -> None:
    score = compute_matches(NAME_AND_BIRTH, {1: KNOWN}, stated(600_000), {**ONCE, **known})[1].score
    assert least <= score <= most


def test_nobody_to_compare_with() -> None:
    assert compute_matches(KNOWN, {}, stated(0), ONCE) == {}


def test_every_version_of_the_limits_can_be_read() -> None:
    days = {rule.valid_from for rule in rules.versions("residents.matching.show_from")}
    assert all(
        0 < match_policy(day).show_from < match_policy(day).strong_from < 100
        for day in days | {date(2026, 11, 20)}
    )
