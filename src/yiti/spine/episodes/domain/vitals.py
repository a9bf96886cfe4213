"""Vital signs: what is measured, in which unit, what is possible, and what is alarming.

Units and scales stand here; every limit is rule data (`vitals.*`) and comes in as `VitalLimits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_


class VitalKind(StrEnum):
    """What is measured (code system `vital-sign`; FHIR Observation.code)."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    HEART_RATE = "heart-rate"
    RESPIRATION = "respiratory-rate"
    TEMPERATURE = "temperature"
    SPO2 = "spo2"
    GLUCOSE_FASTING = "glucose-fasting"
    GLUCOSE_RANDOM = "glucose-random"
    GLUCOSE_2H = "glucose-2h"
    WEIGHT = "weight"
    HEIGHT = "height"
    WAIST = "waist"
    CONSCIOUSNESS = "consciousness"

    @property
    def facts(self) -> VitalFacts:
        """Words, unit and scale."""
        return _VITALS[self]

    @property
    def field(self) -> str:
        """The name of its input on a form."""
        return self.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class VitalFacts:
    """`plain` is the word a villager knows, "" where the term is one; `decimals` is the scale kept."""

    zh: str
    plain: str
    unit: str
    decimals: int


_VITALS = {
    VitalKind.SYSTOLIC: VitalFacts(N_("收缩压"), N_("高压"), "mmHg", 0),
    VitalKind.DIASTOLIC: VitalFacts(N_("舒张压"), N_("低压"), "mmHg", 0),
    VitalKind.HEART_RATE: VitalFacts(N_("心率"), N_("心跳"), N_("次/分"), 0),
    VitalKind.RESPIRATION: VitalFacts(N_("呼吸频率"), "", N_("次/分"), 0),
    VitalKind.TEMPERATURE: VitalFacts(N_("体温"), "", "℃", 1),
    VitalKind.SPO2: VitalFacts(N_("血氧饱和度"), N_("指夹血氧"), "%", 0),
    VitalKind.GLUCOSE_FASTING: VitalFacts(N_("空腹血糖"), N_("没吃饭测的"), "mmol/L", 1),
    VitalKind.GLUCOSE_RANDOM: VitalFacts(N_("随机血糖"), N_("不管吃没吃"), "mmol/L", 1),
    VitalKind.GLUCOSE_2H: VitalFacts(N_("餐后 2 小时血糖"), N_("吃完 2 小时"), "mmol/L", 1),
    VitalKind.WEIGHT: VitalFacts(N_("体重"), "", "kg", 1),
    VitalKind.HEIGHT: VitalFacts(N_("身高"), "", "cm", 1),
    VitalKind.WAIST: VitalFacts(N_("腰围"), "", "cm", 1),
    VitalKind.CONSCIOUSNESS: VitalFacts(N_("意识"), N_("清不清醒"), "", 0),
}


class Consciousness(StrEnum):
    """Level of consciousness (AVPU)."""

    ALERT = "A"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"

    @property
    def zh(self) -> str:
        """Words that say what one sees."""
        return _AVPU_WORDS[self]


_AVPU_WORDS = {
    Consciousness.ALERT: N_("清醒"),
    Consciousness.VOICE: N_("叫得醒"),
    Consciousness.PAIN: N_("疼痛才有反应"),
    Consciousness.UNRESPONSIVE: N_("没有反应"),
}


class Alarm(StrEnum):
    """How a value stands to its target, for display."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def zh(self) -> str:
        """The word beside the colour."""
        return _ALARM_WORDS[self]


_ALARM_WORDS = {Alarm.NORMAL: "", Alarm.LOW: N_("偏低"), Alarm.HIGH: N_("偏高"), Alarm.CRITICAL: N_("危险")}


@dataclass(frozen=True, slots=True)
class VitalLimits:
    """What the rulebook says of one vital sign, in its unit; None where it says nothing.

    `low` and `high` bound what is possible (both included). The target band includes its low end and
    excludes its high end (`below` 140 means 139 is on target). A value at or beyond a critical limit
    is critical.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    target_low: Decimal | None = None
    target_below: Decimal | None = None
    critical_low: Decimal | None = None
    critical_high: Decimal | None = None

    def is_possible(self, value: Decimal) -> bool:
        """Whether a living person can have this value."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def alarm(self, value: Decimal) -> Alarm:
        """How the value stands: critical before high and low."""
        if self.critical_high is not None and value >= self.critical_high:
            return Alarm.CRITICAL
        if self.critical_low is not None and value <= self.critical_low:
            return Alarm.CRITICAL
        if self.target_below is not None and value >= self.target_below:
            return Alarm.HIGH
        if self.target_low is not None and value < self.target_low:
            return Alarm.LOW
        return Alarm.NORMAL


_MOST_DIGITS = 3  # the power of ten of the first digit: nothing measured here reaches 10,000

Limits = Mapping[VitalKind, VitalLimits]

_AVPU_ALARMS = {
    Consciousness.ALERT: Alarm.NORMAL,
    Consciousness.VOICE: Alarm.HIGH,
    Consciousness.PAIN: Alarm.CRITICAL,
    Consciousness.UNRESPONSIVE: Alarm.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class VitalValue:
    """One measured value: `value` in the unit of its kind, or `level` for consciousness."""

    kind: VitalKind
    value: Decimal | None = None
    level: Consciousness | None = None

    @property
    def text(self) -> str:
        """The value as written: `168`, `36.8`, `叫得醒`."""
        if self.level is not None:
            return self.level.zh
        return f"{self.value:.{self.kind.facts.decimals}f}"

    def alarm(self, limits: Limits) -> Alarm:
        """How it stands to the limits of its kind."""
        if self.level is not None:
            return _AVPU_ALARMS[self.level]
        found = limits.get(self.kind)
        return found.alarm(self.value) if found and self.value is not None else Alarm.NORMAL


def ensure_plausible(reading: VitalValue, limits: Limits) -> None:
    """Raise InvalidInput, with a guess at what was meant, for a value no living person has.

    Also refuses more decimals than the kind keeps, and a value where words belong (or the reverse).
    """
    kind, value = reading.kind, reading.value
    if (kind is VitalKind.CONSCIOUSNESS) != (reading.level is not None) or (value is None) == (
        reading.level is None
    ):
        raise InvalidInput(N_("{name}填写有误，请核对"), field=kind.field, name=kind.facts.zh)
    if value is None:
        return
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS:
        raise InvalidInput(N_("{name}填写有误，请核对"), field=kind.field, name=kind.facts.zh)
    if value != round(value, kind.facts.decimals):
        raise _too_fine(kind)
    found = limits.get(kind)
    if found is not None and not found.is_possible(value):
        raise _impossible(reading, found)


def _too_fine(kind: VitalKind) -> InvalidInput:
    if kind.facts.decimals:
        return InvalidInput(
            N_("{name}最多 {digits} 位小数"), field=kind.field, name=kind.facts.zh, digits=kind.facts.decimals
        )
    return InvalidInput(N_("{name}填整数"), field=kind.field, name=kind.facts.zh)


def _impossible(reading: VitalValue, limits: VitalLimits) -> InvalidInput:
    kind = reading.kind
    guess = guess_meant(reading, limits)
    if guess is not None:
        return InvalidInput(
            N_("{name} {value} 不可能，是不是 {guess}？"),
            field=kind.field,
            name=kind.facts.zh,
            value=_as_typed(reading),
            guess=guess.text,
        )
    return InvalidInput(
        N_("{name} {value} 不可能，请核对（{low} 到 {high} {unit}）"),
        field=kind.field,
        name=kind.facts.zh,
        value=_as_typed(reading),
        low=limits.low if limits.low is not None else "–",
        high=limits.high if limits.high is not None else "–",
        unit=kind.facts.unit,
    )


def _as_typed(reading: VitalValue) -> str:
    """The number without zeros nobody typed: `368`, not `368.0`."""
    text = f"{reading.value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def guess_meant(reading: VitalValue, limits: VitalLimits) -> VitalValue | None:
    """The possible value with the same digits: a point too far right, a digit too many, or the reverse.

    1680 mmHg -> 168; 368 ℃ -> 36.8; 3.7 ℃ -> 37.0. None when no shift of one or two places helps.
    """
    if reading.value is None or not reading.value:
        return None
    for places in (-1, 1, -2, 2):
        meant = reading.value.scaleb(places)
        if meant == round(meant, reading.kind.facts.decimals) and limits.is_possible(meant):
            return VitalValue(reading.kind, meant)
    return None


def ensure_pressures_agree(readings: Mapping[VitalKind, VitalValue]) -> None:
    """Raise InvalidInput when the diastolic pressure is not below the systolic one."""
    upper, lower = readings.get(VitalKind.SYSTOLIC), readings.get(VitalKind.DIASTOLIC)
    if upper and lower and upper.value is not None and lower.value is not None and lower.value >= upper.value:
        raise InvalidInput(
            N_("低压 {lower} 不比高压 {upper} 低，是不是填反了？"),
            field=VitalKind.DIASTOLIC.field,
            lower=lower.text,
            upper=upper.text,
        )
