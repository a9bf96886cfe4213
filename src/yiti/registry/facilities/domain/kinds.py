"""Kinds and levels of institutions and regions: the enums every table and screen shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.text import N_


class RegionLevel(StrEnum):
    """Level of an administrative division (GB/T 2260, GB/T 10114, statistics bureau code)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Level(StrEnum):
    """Level of an institution in the consortium: decides its glyph on every screen."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"

    @property
    def glyph(self) -> str:
        """村, 镇, 县 or 市."""
        return _GLYPHS[self]

    @property
    def rank(self) -> int:
        """0 for a village up to 3 for a city: up-referrals go to a higher rank."""
        return list(Level).index(self)


_GLYPHS = {Level.VILLAGE: "村", Level.TOWNSHIP: "镇", Level.COUNTY: "县", Level.CITY: "市"}


class Tier(StrEnum):
    """Column of the capability catalogue: what may be expected of institutions of one sort."""

    TERTIARY = "tertiary"
    COUNTY = "county"
    COUNTY_TCM = "county_tcm"
    COUNTY_MCH = "county_mch"
    TOWNSHIP_CENTRAL = "township_central"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def zh(self) -> str:
        """The words of the directory for this column."""
        return _TIER_WORDS[self]


_TIER_WORDS = {
    Tier.TERTIARY: N_("市级三级医院"),
    Tier.COUNTY: N_("县级综合医院"),
    Tier.COUNTY_TCM: N_("县级中医医院"),
    Tier.COUNTY_MCH: N_("县级妇幼保健院"),
    Tier.TOWNSHIP_CENTRAL: N_("中心卫生院"),
    Tier.TOWNSHIP: N_("乡镇卫生院"),
    Tier.VILLAGE: N_("村卫生站"),
}


class Kind(StrEnum):
    """Sort of institution, as seen in the consortia that Yiti must run."""

    TERTIARY_GENERAL = "tertiary_general"
    TERTIARY_TCM = "tertiary_tcm"
    COUNTY_GENERAL = "county_general"
    COUNTY_TCM = "county_tcm"
    COUNTY_MCH = "county_mch"
    COUNTY_SUBCENTRE = "county_subcentre"
    LUNG_PSYCHIATRIC = "lung_psychiatric"
    PSYCHOLOGICAL_REHABILITATION = "psychological_rehabilitation"
    CENTRAL_TOWNSHIP = "central_township"
    TOWNSHIP = "township"
    BRANCH = "branch"
    FARM = "farm"
    COMMUNITY_HOSPITAL = "community_hospital"
    COMMUNITY_CENTRE = "community_centre"
    COMMUNITY_STATION = "community_station"
    VILLAGE_CLINIC = "village_clinic"
    TCM_HALL = "tcm_hall"
    VACCINATION_CLINIC = "vaccination_clinic"
    CDC = "cdc"
    EMERGENCY_CENTRE = "emergency_centre"
    EMERGENCY_STATION = "emergency_station"
    PRIVATE_GENERAL = "private_general"
    PRIVATE_EYE = "private_eye"
    PRIVATE_DENTAL = "private_dental"
    PRIVATE_MATERNITY = "private_maternity"
    PRIVATE_SKIN = "private_skin"
    PRIVATE_REHABILITATION = "private_rehabilitation"
    PRIVATE_DIALYSIS = "private_dialysis"
    PRIVATE_CHECKUP = "private_checkup"
    PRIVATE_LABORATORY = "private_laboratory"
    PRIVATE_CLINIC = "private_clinic"

    @property
    def facts(self) -> KindFacts:
        """Words, class and usual level of this kind."""
        return _KINDS[self]


@dataclass(frozen=True, slots=True)
class KindFacts:
    """`ws218` is the class of WS 218-2002 (general knowledge, confidence M: check before an exchange
    relies on it), None where that table has no class of its own. `tier` is the column of the
    capability catalogue, None for those who admit nobody."""

    zh: str
    ws218: str | None
    level: Level
    tier: Tier | None = None


_KINDS = {
    Kind.TERTIARY_GENERAL: KindFacts(N_("三级综合医院"), "A100", Level.CITY, Tier.TERTIARY),
    Kind.TERTIARY_TCM: KindFacts(N_("三级中医医院"), "A210", Level.CITY, Tier.TERTIARY),
    Kind.COUNTY_GENERAL: KindFacts(N_("县级综合医院"), "A100", Level.COUNTY, Tier.COUNTY),
    Kind.COUNTY_TCM: KindFacts(N_("县级中医医院"), "A210", Level.COUNTY, Tier.COUNTY_TCM),
    Kind.COUNTY_MCH: KindFacts(N_("县级妇幼保健院"), "G100", Level.COUNTY, Tier.COUNTY_MCH),
    Kind.COUNTY_SUBCENTRE: KindFacts(N_("医疗副中心"), "A100", Level.COUNTY, Tier.TOWNSHIP_CENTRAL),
    Kind.LUNG_PSYCHIATRIC: KindFacts(N_("肺科（精神）医院"), "A520", Level.COUNTY),
    Kind.PSYCHOLOGICAL_REHABILITATION: KindFacts(N_("心理康复医院"), "A520", Level.COUNTY),
    Kind.CENTRAL_TOWNSHIP: KindFacts(N_("中心卫生院"), "C210", Level.TOWNSHIP, Tier.TOWNSHIP_CENTRAL),
    Kind.TOWNSHIP: KindFacts(N_("乡镇卫生院"), "C220", Level.TOWNSHIP, Tier.TOWNSHIP),
    Kind.BRANCH: KindFacts(N_("分院"), "C220", Level.TOWNSHIP, Tier.TOWNSHIP),
    Kind.FARM: KindFacts(N_("农场医院"), "A100", Level.TOWNSHIP, Tier.TOWNSHIP),
    Kind.COMMUNITY_HOSPITAL: KindFacts(N_("社区医院"), "B100", Level.TOWNSHIP, Tier.TOWNSHIP_CENTRAL),
    Kind.COMMUNITY_CENTRE: KindFacts(N_("社区卫生服务中心"), "B100", Level.TOWNSHIP, Tier.TOWNSHIP),
    Kind.COMMUNITY_STATION: KindFacts(N_("社区卫生服务站"), "B200", Level.VILLAGE, Tier.VILLAGE),
    Kind.VILLAGE_CLINIC: KindFacts(N_("村卫生站"), "D600", Level.VILLAGE, Tier.VILLAGE),
    Kind.TCM_HALL: KindFacts(N_("国医堂"), "D120", Level.TOWNSHIP),
    Kind.VACCINATION_CLINIC: KindFacts(N_("接种门诊"), None, Level.TOWNSHIP),
    Kind.CDC: KindFacts(N_("疾病预防控制中心"), "J100", Level.COUNTY),
    Kind.EMERGENCY_CENTRE: KindFacts(N_("急救中心"), "E100", Level.COUNTY),
    Kind.EMERGENCY_STATION: KindFacts(N_("急救站"), "E300", Level.TOWNSHIP),
    Kind.PRIVATE_GENERAL: KindFacts(N_("民营综合医院"), "A100", Level.COUNTY),
    Kind.PRIVATE_EYE: KindFacts(N_("眼科医院"), "A512", Level.COUNTY),
    Kind.PRIVATE_DENTAL: KindFacts(N_("口腔门诊部"), "D150", Level.COUNTY),
    Kind.PRIVATE_MATERNITY: KindFacts(N_("妇产医院"), "A518", Level.COUNTY),
    Kind.PRIVATE_SKIN: KindFacts(N_("皮肤病医院"), "A522", Level.COUNTY),
    Kind.PRIVATE_REHABILITATION: KindFacts(N_("康复医院"), "A527", Level.COUNTY),
    Kind.PRIVATE_DIALYSIS: KindFacts(N_("血液透析中心"), None, Level.COUNTY),
    Kind.PRIVATE_CHECKUP: KindFacts(N_("健康体检中心"), None, Level.COUNTY),
    Kind.PRIVATE_LABORATORY: KindFacts(N_("医学检验实验室"), "P100", Level.COUNTY),
    Kind.PRIVATE_CLINIC: KindFacts(N_("诊所"), "D211", Level.TOWNSHIP),
}


class BedFeature(StrEnum):
    """What a bed offers beyond a place to lie."""

    MONITORED = "monitored"  # 监护
    ISOLATION = "isolation"  # 隔离
    OBSERVATION = "observation"  # 留观
    NEWBORN = "newborn"  # 新生儿
    DELIVERY = "delivery"  # 产床


class UseKind(StrEnum):
    """Why a bed is not free."""

    HOLD = "hold"  # 留床: kept for somebody on the way, always with an end
    STAY = "stay"  # 在床: until the person leaves


class NoteKind(StrEnum):
    """How the free beds of a ward became known."""

    WARD = "ward"  # 病区自报
    PHONE = "phone"  # 电话核实


class MemberRole(StrEnum):
    """Place of an institution in a consortium."""

    HEAD = "head"
    SPECIALISED_HEAD = "specialised_head"
    MEMBER = "member"
    BRANCH = "branch"

    @property
    def zh(self) -> str:
        """The words for this place."""
        return _ROLE_WORDS[self]


_ROLE_WORDS = {
    MemberRole.HEAD: N_("医共体牵头"),
    MemberRole.SPECIALISED_HEAD: N_("医共体专科牵头"),
    MemberRole.MEMBER: N_("医共体成员"),
    MemberRole.BRANCH: N_("医共体分院"),
}


class AllianceKind(StrEnum):
    """Ties beside the consortium."""

    ALLIANCE = "alliance"  # 医联体、专科联盟
    GROUP = "group"  # 医疗集团
    SUPPORT = "support"  # 三甲托管、组团式帮扶


class AllianceScope(StrEnum):
    """What an alliance shares."""

    STAFF = "staff"
    TECHNIQUE = "technique"
    RECOGNITION = "recognition"
    PRESCRIPTION = "prescription"
    MANAGEMENT = "management"
