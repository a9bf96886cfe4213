"""How likely two people are one: the rulebook's points, case by case."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from yiti.foundation.rules import public as rules
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain import MatchFacts, MatchPolicy, compute_match
from yiti.registry.residents.domain.matching import is_birth_slip
from yiti.registry.residents.selectors import match_policy

POLICY = match_policy(date(2026, 11, 20))
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
NAME_AND_BIRTH = MatchFacts(
    name="房金养", sounds=KNOWN.sounds, birth="19590314", birth_year=1959, sex=Sex.MALE
)


@pytest.mark.parametrize(
    ("new", "score", "reasons"),
    [
        pytest.param(
            MatchFacts(name="另一个", numbers=KNOWN.numbers), 100, ("证件号相同",), id="the number decides"
        ),
        pytest.param(KNOWN, 100, ("证件号相同",), id="the same in everything"),
        pytest.param(NAME_AND_BIRTH, 75, ("姓名相同", "出生日期相同"), id="name and birth"),
        pytest.param(
            replace(NAME_AND_BIRTH, village_id=VILLAGE),
            83,
            ("姓名相同", "出生日期相同", "同村"),
            id="name, birth, village",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, phones=KNOWN.phones, phone_tails=KNOWN.phone_tails),
            95,
            ("姓名相同", "出生日期相同", "电话相同"),
            id="name, birth, phone",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="19590315"),
            62,
            ("姓名相同", "出生日期只差一处"),
            id="one digit of the birth",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="19600714"), 15, ("姓名相同", "出生日期不同"), id="another birth"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="", birth_year=1960),
            50,
            ("姓名相同", "出生年份相近"),
            id="year only",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, birth="", birth_year=None), 40, ("姓名相同",), id="birth unknown"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="方锦阳"), 65, ("姓名同音", "出生日期相同"), id="same sound"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="房金杨", sounds=frozenset({"x"})),
            55,
            ("姓名相近", "出生日期相同"),
            id="one character differs",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, name="李小妹", sounds=frozenset({"y"})),
            10,
            ("姓名不同", "出生日期相同"),
            id="another name, same birth",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, sex=Sex.FEMALE),
            55,
            ("姓名相同", "出生日期相同", "性别不同"),
            id="another sex",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, sex=Sex.UNKNOWN), 75, ("姓名相同", "出生日期相同"), id="sex unknown"
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, numbers=frozenset({"z"}), number_tails=frozenset({"8841"})),
            45,
            ("姓名相同", "出生日期相同", "证件号不同"),
            id="two people of one name and birthday",
        ),
        pytest.param(
            replace(NAME_AND_BIRTH, numbers=frozenset({"y"}), number_tails=frozenset({"2371"})),
            90,
            ("姓名相同", "出生日期相同", "证件后四位只差一处"),
            id="a slip in the number",
        ),
        pytest.param(MatchFacts(name="房金养"), 40, ("姓名相同",), id="name alone"),
        pytest.param(MatchFacts(name=""), 0, (), id="nothing known"),
    ],
)
def test_score(new: MatchFacts, score: int, reasons: tuple[str, ...]) -> None:
    match = compute_match(new, KNOWN, POLICY)
    assert (match.score, match.reasons) == (score, reasons)


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        pytest.param("19590314", "19590315", True, id="one digit"),
        pytest.param("19590314", "19590341", True, id="neighbours swapped"),
        pytest.param("19590314", "19950314", True, id="digits of the year swapped"),
        pytest.param("19590312", "19591203", True, id="day and month swapped"),
        pytest.param("19590314", "19590314", False, id="the same is no slip"),
        pytest.param("19590314", "19590425", False, id="another day"),
    ],
)
def test_slips_of_a_birth(one: str, other: str, is_slip: bool) -> None:
    assert (is_birth_slip(one, other), is_birth_slip(other, one)) == (is_slip, is_slip)


def test_every_version_of_the_points_can_be_read() -> None:
    assert [match_policy(rule.valid_from) for rule in rules.versions("residents.matching.points")]


def test_one_changed_weight_changes_the_score_by_as_much() -> None:
    heavier = replace(POLICY, village_same=POLICY.village_same + 5)
    new = replace(NAME_AND_BIRTH, village_id=VILLAGE)
    assert compute_match(new, KNOWN, heavier).score == compute_match(new, KNOWN, POLICY).score + 5


def test_the_policy_is_whole_numbers() -> None:
    assert all(isinstance(getattr(POLICY, field.name), int) for field in fields(MatchPolicy))
