"""One rule: what it says about itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yiti.foundation.rules.domain import Confidence, Range, Rule, Value
from yiti.foundation.rules.tests.builders import a_rule
from yiti.kernel.workhours import Clock, Limit

TABLE = ({"level": "county", "needed": True}, {"level": "city", "needed": False})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (30, "minute", "30 分"),
        (4, "hour", "4 时"),
        (3, "day", "3 天"),
        (25, "percent", "25 %"),
        (Decimal("1.4"), "", "1.4"),
        (True, "", "是"),
        (False, "", "否"),
        ({"low": 50, "high": 300}, "mmHg", "50 到 300 mmHg"),
        ({"low": Decimal("34.0"), "high": Decimal("43.0")}, "°C", "34.0 到 43.0 °C"),
        ({"capability": 40, "bed": 25}, "", "capability 40，bed 25"),
        (("急", "危重"), "", "急、危重"),
        ((), "", "无"),
        (TABLE, "", "2 行"),
    ],
)
def test_a_value_in_words(value: Value, unit: str, text: str) -> None:
    assert a_rule(value=value, unit=unit).value_text == text


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        pytest.param(
            a_rule(),
            "规则：泡茶时长 3 分，来源 通用做法，可信度 中。",
            id="general knowledge",
        ),
        pytest.param(
            a_rule(clock=Clock.WORKING, region="441826", confidence=Confidence.LOW),
            "规则：泡茶时长（地区 441826） 3 分，工作时间计，来源 通用做法，可信度 待核。",
            id="a county's own time limit",
        ),
        pytest.param(
            a_rule(clock=Clock.ROUND, source="WS/T 529-2016", confidence=Confidence.HIGH),
            "规则：泡茶时长 3 分，24 小时计，来源 WS/T 529-2016，可信度 高。",
            id="a standard",
        ),
    ],
)
def test_a_rule_explains_itself_in_one_sentence(rule: Rule, sentence: str) -> None:
    assert rule.explain() == sentence


def test_a_reference_tells_versions_apart() -> None:
    versions = [
        a_rule(),
        a_rule(region="441826"),
        a_rule(valid_from=date(2021, 1, 1)),
        a_rule(key="tea.water"),
    ]
    assert len({rule.reference for rule in versions}) == 4
    assert a_rule().reference == "tea.steeping@*/2020-01-01"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2020, 6, 30), True),
        (date(2020, 7, 1), False),
    ],
)
def test_both_ends_of_the_period_belong_to_it(day: date, holds: bool) -> None:
    assert a_rule(valid_until=date(2020, 6, 30)).holds_on(day) is holds


@pytest.mark.parametrize(
    ("unit", "clock", "limit"),
    [
        ("minute", Clock.ROUND, Limit(3, Clock.ROUND)),
        ("hour", Clock.WORKING, Limit(180, Clock.WORKING)),
        ("day", Clock.ROUND, Limit(4320, Clock.ROUND)),
    ],
)
def test_a_limit_counts_in_minutes(unit: str, clock: Clock, limit: Limit) -> None:
    assert a_rule(unit=unit, clock=clock).limit() == limit


def test_a_value_is_read_as_what_it_is() -> None:
    assert a_rule().integer() == 3
    assert a_rule().number() == 3
    assert a_rule(value=Decimal("1.4")).number() == Decimal("1.4")
    assert a_rule(value={"low": 50, "high": Decimal("300.5")}).range() == Range(Decimal(50), Decimal("300.5"))
    assert a_rule(value=TABLE).rows() == TABLE
    assert a_rule(value=()).rows() == ()


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        pytest.param(3, Rule.limit, id="no clock, no limit"),
        pytest.param(True, Rule.integer, id="yes is no number"),
        pytest.param("3", Rule.integer, id="a text is no number"),
        pytest.param(Decimal("3.0"), Rule.integer, id="a number with a point is no whole number"),
        pytest.param(False, Rule.number, id="no is no number"),
        pytest.param("3", Rule.number, id="a text is not even a number"),
        pytest.param({"low": 1}, Rule.range, id="half a range"),
        pytest.param({"low": 1, "high": "2"}, Rule.range, id="a range of texts"),
        pytest.param(3, Rule.range, id="one number is no range"),
        pytest.param(("a", "b"), Rule.rows, id="a list of texts is no table"),
        pytest.param((*TABLE, "c"), Rule.rows, id="a table with a text among its rows"),
        pytest.param({"a": 1}, Rule.rows, id="a mapping is no table"),
    ],
)
def test_a_value_read_as_something_else_is_a_bug(value: Value, reading: object) -> None:
    with pytest.raises(TypeError, match=r"tea\.steeping is not"):
        reading(a_rule(value=value))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("number", "inside"), [(49, False), (50, True), (Decimal("299.9"), True), (300, True), (301, False)]
)
def test_both_ends_of_a_range_are_inside(number: int | Decimal, inside: bool) -> None:
    assert Range(Decimal(50), Decimal(300)).holds(number) is inside
