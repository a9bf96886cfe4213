"""Fixed words of the person index. Codes once published are never reused or renamed."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class AccessReason(StrEnum):
    """Why an institution may open a person's record."""

    REGISTERED = "registered"  # 建档机构
    CATCHMENT = "catchment"  # 辖区
    CONTRACT = "contract"  # 签约
    EPISODE = "episode"  # 在诊
    HANDOFF = "handoff"  # 转诊、会诊等交接
    BREAK_GLASS = "break_glass"  # 紧急调阅

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _ACCESS_WORDS[self]


_ACCESS_WORDS = {
    AccessReason.REGISTERED: N_("建档机构"),
    AccessReason.CATCHMENT: N_("辖区"),
    AccessReason.CONTRACT: N_("签约"),
    AccessReason.EPISODE: N_("在诊"),
    AccessReason.HANDOFF: N_("交接"),
    AccessReason.BREAK_GLASS: N_("紧急调阅"),
}


class KeyKind(StrEnum):
    """What a search key of a card is. `ID` and `PHONE` hold digests, never the number itself."""

    NAME = "na"
    BIGRAM = "bg"
    CHARACTER = "ch"  # characters after the first; the first is a prefix of NAME
    INITIALS = "in"
    PINYIN = "py"
    SOUND_AND_YEAR = "sy"
    SOUND_AND_VILLAGE = "sv"
    BIRTH = "bd"  # YYYYMMDD, when the day is known
    ID = "id"
    ID_TAIL = "it"  # last four
    PHONE = "ph"
    PHONE_TAIL = "pt"


class Enrolment(StrEnum):
    """How a person came into the index, for those without an identity card at hand."""

    CARD = "card"
    NO_CARD = "no_card"
    NEWBORN = "newborn"
    FOREIGNER = "foreigner"
    UNKNOWN = "unknown"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _ENROLMENT_WORDS[self]


_ENROLMENT_WORDS = {
    Enrolment.CARD: N_("有身份证"),
    Enrolment.NO_CARD: N_("没带证件"),
    Enrolment.NEWBORN: N_("新生儿"),
    Enrolment.FOREIGNER: N_("其他证件"),
    Enrolment.UNKNOWN: N_("无名氏"),
}


class BirthPrecision(StrEnum):
    """How much of the date of birth is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"


class RiskCode(StrEnum):
    """What everybody who treats the person must have in sight."""

    HYPERTENSION = "hypertension"
    DIABETES = "diabetes"
    HEART = "heart"
    STROKE = "stroke"
    COPD = "copd"
    PREGNANCY = "pregnancy"
    MENTAL = "mental"
    TUBERCULOSIS = "tuberculosis"
    INFECTION = "infection"
    FALL = "fall"
    DEPENDENT = "dependent"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _RISKS[self][0]

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels this mark may carry, mildest first; empty when it has none."""
        return _RISKS[self][1]


_RISKS: dict[RiskCode, tuple[str, tuple[str, ...]]] = {
    # 中国高血压防治指南: four levels of cardiovascular risk
    RiskCode.HYPERTENSION: (N_("高血压"), (N_("低危"), N_("中危"), N_("高危"), N_("很高危"))),
    RiskCode.DIABETES: (N_("糖尿病"), (N_("1型"), N_("2型"), N_("妊娠期"), N_("其他类型"))),
    RiskCode.HEART: (N_("冠心病"), ()),
    RiskCode.STROKE: (N_("脑卒中"), ()),
    RiskCode.COPD: (N_("慢阻肺病"), ()),
    # 国卫办妇幼发〔2017〕35号: colours of risk in pregnancy; purple is infectious
    RiskCode.PREGNANCY: (N_("孕产妇风险"), (N_("绿色"), N_("黄色"), N_("橙色"), N_("红色"), N_("紫色"))),
    RiskCode.MENTAL: (
        N_("严重精神障碍"),
        (N_("0级"), N_("1级"), N_("2级"), N_("3级"), N_("4级"), N_("5级")),
    ),
    RiskCode.TUBERCULOSIS: (N_("肺结核"), ()),
    RiskCode.INFECTION: (N_("传染病防护"), (N_("接触"), N_("飞沫"), N_("空气"))),
    RiskCode.FALL: (N_("跌倒风险"), (N_("低"), N_("中"), N_("高"))),
    RiskCode.DEPENDENT: (N_("失能"), (N_("轻度"), N_("中度"), N_("重度"))),
}


# Kinds of document (terminology `id-type`) that residents treats in a way of its own.
RESIDENT_CARD = "01"
HOUSEHOLD_BOOK = "02"
TEMPORARY_CARD = "08"
NO_DOCUMENT = "L09"

#: Numbers of GB 11643: they tell birth and sex and carry a check digit.
RESIDENT_NUMBERS = frozenset({RESIDENT_CARD, TEMPORARY_CARD})

#: A household book is shared by the household, so its number may stand with several people.
SHARED_NUMBERS = frozenset({HOUSEHOLD_BOOK})
