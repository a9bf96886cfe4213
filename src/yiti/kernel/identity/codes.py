"""Code tables of identity: sex (GB/T 2261.1) and kinds of document (CV02.01.101)."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class Sex(StrEnum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _SEX_WORDS[self]


_SEX_WORDS = {
    Sex.UNKNOWN: N_("未知"),
    Sex.MALE: N_("男"),
    Sex.FEMALE: N_("女"),
    Sex.UNSTATED: N_("未说明"),
}


class IdType(StrEnum):
    """Kinds of identity document: CV02.01.101 of WS/T 364.3; 08 to 12 came with the 2023 edition.

    Of 10 and 11 we know only that they are residence permits; which is which is unchecked.
    """

    RESIDENT_CARD = "01"
    HOUSEHOLD_BOOK = "02"
    PASSPORT = "03"
    OFFICER_CARD = "04"
    DRIVING_LICENCE = "05"
    HONG_KONG_MACAO_PERMIT = "06"
    TAIWAN_PERMIT = "07"
    TEMPORARY_CARD = "08"
    ARMED_POLICE_CARD = "09"
    HONG_KONG_MACAO_RESIDENCE = "10"
    TAIWAN_RESIDENCE = "11"
    SOCIAL_SECURITY_CARD = "12"
    OTHER = "99"

    @property
    def zh(self) -> str:
        """The name on screen."""
        return _ID_TYPE_NAMES[self]


_ID_TYPE_NAMES = {
    IdType.RESIDENT_CARD: N_("居民身份证"),
    IdType.HOUSEHOLD_BOOK: N_("居民户口簿"),
    IdType.PASSPORT: N_("护照"),
    IdType.OFFICER_CARD: N_("军官证"),
    IdType.DRIVING_LICENCE: N_("驾驶证"),
    IdType.HONG_KONG_MACAO_PERMIT: N_("港澳居民来往内地通行证"),
    IdType.TAIWAN_PERMIT: N_("台湾居民来往大陆通行证"),
    IdType.TEMPORARY_CARD: N_("临时居民身份证"),
    IdType.ARMED_POLICE_CARD: N_("武警警官证"),
    IdType.HONG_KONG_MACAO_RESIDENCE: N_("港澳居民居住证"),
    IdType.TAIWAN_RESIDENCE: N_("台湾居民居住证"),
    IdType.SOCIAL_SECURITY_CARD: N_("社会保障卡"),
    IdType.OTHER: N_("其他有效证件"),
}
