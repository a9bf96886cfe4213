"""Columns of a record and their values, as people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiti.kernel.text import N_
from yiti.registry.residents.domain import PROFILE_CODES
from yiti.registry.residents.forms.shapes import code_label, village_name

_LABELS = {
    "name": N_("姓名"),
    "sex": N_("性别"),
    "birth_date": N_("出生日期"),
    "birth_precision": N_("出生日期的准确程度"),
    "ethnic": N_("民族"),
    "phone": N_("电话"),
    "contact_name": N_("联系人"),
    "contact_relation": N_("和本人的关系"),
    "contact_phone": N_("联系人电话"),
    "address": N_("详细住址"),
    "group_no": N_("组"),
    "village_id": N_("所在村"),
    "payer": N_("医疗付费方式"),
    "blood_abo": N_("ABO 血型"),
    "blood_rh": N_("Rh 血型"),
    "occupation": N_("职业"),
    "education": N_("文化程度"),
    "marital": N_("婚姻"),
    "deceased_at": N_("死亡时间"),
}
_PRECISION = {"day": N_("到日"), "month": N_("到月"), "year": N_("到年"), "none": N_("不详")}
_SYSTEMS = {**PROFILE_CODES, "sex": "sex"}


def label_of(column: str) -> str:
    """The Chinese label of a column, still to be translated."""
    return _LABELS[column]


def value_text(column: str, value: str) -> str:
    """A value as history keeps it, in words: codes by their terms, villages by name; 空 for nothing."""
    if not value:
        return _("空")
    if column == "birth_precision":
        return _(_PRECISION[value])
    if column == "village_id":
        return village_name(value)
    return code_label(_SYSTEMS[column], value) if column in _SYSTEMS else value
