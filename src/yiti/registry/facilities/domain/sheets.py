"""The sheets a county fills in to say where care happens, on top of `kernel.sheets`."""

from __future__ import annotations

from collections.abc import Mapping

from yiti.kernel.sheets import Column, Problem, Sheet, SheetRow, cells, read_sheet
from yiti.kernel.text import N_
from yiti.registry.facilities.domain.capability import Verdict
from yiti.registry.facilities.domain.kinds import (
    AllianceKind,
    AllianceScope,
    BedFeature,
    Kind,
    Level,
    MemberRole,
    RegionLevel,
)

__all__ = ["SHEETS", "Problem", "Sheet", "SheetRow", "read_sheet"]

REGION_CODE = cells.pattern(r"[0-9]{12}", N_("区划代码是 12 位数字"))
ICD_PREFIX = cells.pattern(r"[A-Z]([0-9]{1,2}|[0-9]{2}\.[0-9x]{1,7})?", N_("要填 ICD-10 编码或开头，如 K35"))


_KINDS = {kind: kind.facts.zh for kind in Kind}
_LEVELS = {level: level.glyph for level in Level}
_REGION_LEVELS = {
    RegionLevel.PROVINCE: N_("省"),
    RegionLevel.CITY: N_("市"),
    RegionLevel.COUNTY: N_("县"),
    RegionLevel.TOWNSHIP: N_("乡镇"),
    RegionLevel.VILLAGE: N_("村"),
}
_BED_FEATURES = {
    BedFeature.MONITORED: N_("监护"),
    BedFeature.ISOLATION: N_("隔离"),
    BedFeature.OBSERVATION: N_("留观"),
    BedFeature.NEWBORN: N_("新生儿"),
    BedFeature.DELIVERY: N_("产床"),
}
_ALLIANCE_KINDS = {
    AllianceKind.ALLIANCE: N_("医联体或专科联盟"),
    AllianceKind.GROUP: N_("医疗集团"),
    AllianceKind.SUPPORT: N_("托管或帮扶"),
}
_ALLIANCE_SCOPES = {
    AllianceScope.STAFF: N_("人员"),
    AllianceScope.TECHNIQUE: N_("技术"),
    AllianceScope.RECOGNITION: N_("结果互认"),
    AllianceScope.PRESCRIPTION: N_("处方流转"),
    AllianceScope.MANAGEMENT: N_("管理"),
}


def _institution(name: str = "institution", zh: str = "机构编码", *, required: bool = True) -> Column:
    return Column(name, zh, cells.code(24), required=required, refers_to="institutions")


_FROM = Column("valid_from", "生效日期", cells.day, required=True)
_UNTIL = Column("valid_until", "终止日期", cells.day)
_LATITUDE = Column("latitude", "纬度", cells.degrees(90))
_LONGITUDE = Column("longitude", "经度", cells.degrees(180))
_CHECKED = Column("facts_checked", "已核实", cells.yes_no, empty=False)
_ACTIVE = Column("is_active", "在用", cells.yes_no, empty=True)

_ALL = (
    Sheet(
        "regions",
        "区划",
        (
            Column("code", "区划代码", REGION_CODE, required=True),
            Column("name", "名称", cells.text(60), required=True),
            Column("level", "级别", cells.one_of(RegionLevel, _REGION_LEVELS), required=True),
            _LATITUDE,
            _LONGITUDE,
            _CHECKED,
            _ACTIVE,
        ),
        ("code", "level"),
    ),
    Sheet(
        "institutions",
        "机构",
        (
            Column("code", "机构编码", cells.code(24), required=True),
            Column("credit_code", "统一社会信用代码", cells.credit_code),
            Column("name", "名称", cells.text(80), required=True),
            Column("short_name", "简称", cells.text(30), required=True),
            Column("kind", "类别", cells.one_of(Kind, _KINDS), required=True),
            Column("level", "级别", cells.one_of(Level, _LEVELS), required=True),
            Column("grade", "等级", cells.text(20), empty=""),
            Column("region", "区划代码", REGION_CODE, required=True, refers_to="regions"),
            _institution("managed_by", "由谁管理", required=False),
            Column("phone", "电话", cells.phone, empty=""),
            Column("profile", "一院一策", cells.text(2000), empty=""),
            _LATITUDE,
            _LONGITUDE,
            Column("is_external", "县外", cells.yes_no, empty=False),
            _CHECKED,
            Column("opened_date", "开业日期", cells.day),
            Column("closed_date", "停业日期", cells.day),
        ),
        ("code",),
    ),
    Sheet(
        "departments",
        "科室",
        (
            _institution(),
            Column("code", "科室编码", cells.code(20), required=True),
            Column("name", "科室名称", cells.text(40), required=True),
            Column("specialty", "诊疗科目", cells.code(8), empty=""),
            Column("phone", "电话", cells.text(30), empty=""),
            Column("position", "顺序", cells.whole(0, 9999), empty=0),
            _ACTIVE,
        ),
        ("institution", "code"),
    ),
    Sheet(
        "beds",
        "床位",
        (
            _institution(),
            Column("department", "科室编码", cells.code(20), required=True),
            Column("first", "起始床号", cells.whole(1, 999), required=True),
            Column("last", "结束床号", cells.whole(1, 999), required=True),
            Column("features", "特点", cells.some_of(BedFeature, _BED_FEATURES), empty=()),
            _ACTIVE,
        ),
        ("department", "label"),
    ),
    Sheet(
        "operations",
        "准许开展的手术和技术",
        (
            _institution(),
            Column("code", "编码", cells.code(20), required=True),
            Column("name", "名称", cells.text(80), required=True),
            _FROM,
            _UNTIL,
        ),
        ("institution", "code", "valid_from"),
        ("institution", "code"),
    ),
    Sheet(
        "equipment",
        "设备",
        (
            _institution(),
            Column("name", "名称", cells.text(60), required=True),
            Column("quantity", "台数", cells.whole(1, 9999), empty=1),
            Column("note", "说明", cells.text(120), empty=""),
        ),
        ("institution", "name"),
    ),
    Sheet(
        "consortia",
        "医共体",
        (
            Column("code", "医共体编码", cells.code(24), required=True),
            Column("name", "名称", cells.text(80), required=True),
        ),
        ("code",),
    ),
    Sheet(
        "memberships",
        "医共体成员",
        (
            Column("consortium", "医共体编码", cells.code(24), required=True, refers_to="consortia"),
            _institution(),
            Column("role", "角色", cells.one_of(MemberRole), required=True),
            _FROM,
            _UNTIL,
        ),
        ("consortium", "institution", "valid_from"),
        ("institution",),
    ),
    Sheet(
        "alliances",
        "医联体",
        (
            Column("code", "医联体编码", cells.code(24), required=True),
            Column("name", "名称", cells.text(80), required=True),
            Column("kind", "类别", cells.one_of(AllianceKind, _ALLIANCE_KINDS), required=True),
        ),
        ("code",),
    ),
    Sheet(
        "alliance_members",
        "医联体成员",
        (
            Column("alliance", "医联体编码", cells.code(24), required=True, refers_to="alliances"),
            _institution(),
            Column("is_lead", "牵头", cells.yes_no, empty=False),
            Column("scopes", "合作范围", cells.some_of(AllianceScope, _ALLIANCE_SCOPES), required=True),
            _FROM,
            _UNTIL,
        ),
        ("alliance", "institution", "valid_from"),
        ("alliance", "institution"),
    ),
    Sheet(
        "capability",
        "收治能力",
        (
            _institution(),
            Column("icd_prefix", "ICD-10", ICD_PREFIX, required=True),
            Column("verdict", "结论", cells.one_of(Verdict), required=True),
            Column("condition", "条件", cells.text(200), empty=""),
            _FROM,
            _UNTIL,
        ),
        ("institution", "icd_prefix", "valid_from"),
        ("institution", "icd_prefix"),
    ),
)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in _ALL}
