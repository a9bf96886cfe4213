"""Vital signs: what is possible, what alarms, and what is said about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yiti.kernel.errors import InvalidInput
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.domain import (
    Alarm,
    Consciousness,
    VitalKind,
    VitalLimits,
    VitalValue,
    ensure_plausible,
    ensure_pressures_agree,
)
from yiti.spine.episodes.selectors import limits
from yiti.spine.episodes.tests.builders import readings

TODAY = date(2026, 11, 20)

IMPOSSIBLE = {
    "a digit too many": ({"systolic": 1680}, "systolic", "收缩压 1680 不可能，是不是 168？"),
    "the point forgotten": ({"temperature": 368}, "temperature", "体温 368 不可能，是不是 36.8？"),
    "the point a place too far left": (
        {"temperature": "3.7"},
        "temperature",
        "体温 3.7 不可能，是不是 37.0？",
    ),
    "glucose without its point": (
        {"glucose_fasting": 84},
        "glucose_fasting",
        "空腹血糖 84 不可能，是不是 8.4？",
    ),
    "nothing to guess": ({"spo2": 101}, "spo2", "血氧饱和度 101 不可能，请核对（40 到 100 %）"),
    "zero": ({"heart_rate": 0}, "heart_rate", "心率 0 不可能，请核对（20 到 300 次/分）"),
    "below zero": ({"weight": -60}, "weight", "体重 -60 不可能，请核对（0.3 到 350.0 kg）"),
    "half a millimetre of mercury": ({"systolic": "168.5"}, "systolic", "收缩压填整数"),
    "too fine": ({"temperature": "36.85"}, "temperature", "体温最多 1 位小数"),
    "endless": ({"systolic": "1E+400"}, "systolic", "收缩压填写有误，请核对"),
    "not a number": ({"systolic": "NaN"}, "systolic", "收缩压填写有误，请核对"),
    "infinite": ({"height": "Infinity"}, "height", "身高填写有误，请核对"),
}


@pytest.mark.parametrize(("typed", "field", "sentence"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_no_living_person_has_is_refused(typed: dict[str, str], field: str, sentence: str) -> None:
    (reading,) = readings(**typed)
    with pytest.raises(InvalidInput) as refused:
        ensure_plausible(reading, limits(TODAY))
    assert (refused.value.field, refused.value.text()) == (field, sentence)


POSSIBLE = {
    "usual": {"systolic": 128, "diastolic": 82, "heart_rate": 76, "temperature": "36.6", "spo2": 98},
    "lowest": {"systolic": 50, "temperature": "28.0", "spo2": 40, "glucose_random": "0.6"},
    "highest": {"systolic": 300, "temperature": "43.0", "spo2": 100, "glucose_2h": "55.0"},
    "a newborn": {"weight": "2.4", "height": "47.5", "heart_rate": 168, "respiratory_rate": 52},
    "unconscious": {"consciousness": "U"},
    "no limits of the waist are known but what is possible": {"waist": "104.5"},
}


@pytest.mark.parametrize("typed", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_what_is_possible_passes(typed: dict[str, str]) -> None:
    for reading in readings(**typed):
        ensure_plausible(reading, limits(TODAY))


@pytest.mark.parametrize(
    "wrong",
    [
        VitalValue(VitalKind.CONSCIOUSNESS, value=Decimal(1)),
        VitalValue(VitalKind.SYSTOLIC, level=Consciousness.ALERT),
        VitalValue(VitalKind.SYSTOLIC),
        VitalValue(VitalKind.CONSCIOUSNESS),
        VitalValue(VitalKind.SYSTOLIC, Decimal(120), Consciousness.ALERT),
    ],
)
def test_words_and_numbers_do_not_mix(wrong: VitalValue) -> None:
    with pytest.raises(InvalidInput):
        ensure_plausible(wrong, limits(TODAY))


ALARMS = {
    "on target": ("systolic", 139, Alarm.NORMAL),
    "the target ends below 140": ("systolic", 140, Alarm.HIGH),
    "critical from 180": ("systolic", 180, Alarm.CRITICAL),
    "low": ("systolic", 85, Alarm.LOW),
    "critically low": ("systolic", 80, Alarm.CRITICAL),
    "fasting glucose on target": ("glucose_fasting", "6.9", Alarm.NORMAL),
    "fasting glucose high": ("glucose_fasting", "7.0", Alarm.HIGH),
    "glucose critical at 16.7": ("glucose_random", "16.7", Alarm.CRITICAL),
    "glucose critical at 3.9": ("glucose_random", "3.9", Alarm.CRITICAL),
    "oxygen low": ("spo2", 94, Alarm.LOW),
    "oxygen critical": ("spo2", 90, Alarm.CRITICAL),
    "fever": ("temperature", "37.3", Alarm.HIGH),
    "a waist has no target": ("waist", 140, Alarm.NORMAL),
    "awake": ("consciousness", "A", Alarm.NORMAL),
    "answers to voice": ("consciousness", "V", Alarm.HIGH),
    "answers to pain only": ("consciousness", "P", Alarm.CRITICAL),
}


@pytest.mark.parametrize(("field", "value", "alarm"), ALARMS.values(), ids=ALARMS.keys())
def test_a_value_stands_to_its_target(field: str, value: str | int, alarm: Alarm) -> None:
    (reading,) = readings(**{field: value})
    assert reading.alarm(limits(TODAY)) is alarm


def test_children_have_no_targets_of_adults() -> None:
    (reading,) = readings(heart_rate=130)
    assert reading.alarm(limits(TODAY)) is Alarm.HIGH
    assert reading.alarm(limits(TODAY, is_adult=False)) is Alarm.NORMAL
    ensure_plausible(reading, limits(TODAY, is_adult=False))


@pytest.mark.parametrize(("upper", "lower"), [(80, 120), (120, 120)])
def test_swapped_pressures_are_noticed(upper: int, lower: int) -> None:
    pair = {each.kind: each for each in readings(systolic=upper, diastolic=lower)}
    with pytest.raises(InvalidInput, match="是不是填反了") as refused:
        ensure_pressures_agree(pair)
    assert refused.value.field == "diastolic"


def test_one_pressure_alone_contradicts_nothing() -> None:
    ensure_pressures_agree({each.kind: each for each in readings(diastolic=120)})


def test_limits_of_one_end_only() -> None:
    only_low = VitalLimits(low=Decimal(10))
    assert only_low.is_possible(Decimal(10_000))
    assert not only_low.is_possible(Decimal(9))


def test_units_and_scales_are_those_of_the_code_table(code_tables: None) -> None:
    listed = {row.code: (row.unit, row.decimals) for row in terminology.measures()}
    ours = {kind.value: (kind.facts.unit, kind.facts.decimals) for kind in VitalKind}
    shared = listed.keys() & ours.keys()
    assert {code: listed[code] for code in shared} == {code: ours[code] for code in shared}
    assert len(shared) >= 11


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [("systolic", "168.00", "168"), ("temperature", "37.00", "37.0"), ("consciousness", "P", "疼痛才有反应")],
)
def test_a_value_is_written_with_its_own_scale(field: str, value: str, text: str) -> None:
    (reading,) = readings(**{field: value})
    assert reading.text == text
