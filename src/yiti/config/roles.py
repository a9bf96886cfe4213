"""The roles a county starts with, as data. Permissions are named by the rooms."""

from __future__ import annotations

from yiti.foundation.accounts.public import ADMINISTER, RoleSpec

_CLINICIAN = {
    "residents.search",
    "residents.read",
    "residents.write",
    "residents.break_glass",
    "episodes.write",
    "handoffs.read",
}
_SENDER = {*_CLINICIAN, "referrals.read", "referrals.send"}
_CENTRE = {
    "residents.search",
    "residents.read",
    "handoffs.read",
    "handoffs.urge",
    "referrals.read",
    "referrals.answer",
    "referrals.board",
    "facilities.update_beds",
}


def _role(code: str, zh: str, en: str, permissions: set[str]) -> RoleSpec:
    return RoleSpec(code, zh, en, frozenset(permissions))


ROLES = (
    _role("village_doctor", "村医", "Village doctor", {*_SENDER, "referrals.follow_up"}),
    _role(
        "township_physician",
        "乡镇医师",
        "Township physician",
        {
            *_SENDER,
            "residents.merge",
            "referrals.answer",
            "referrals.treat",
            "referrals.follow_up",
            "facilities.update_beds",
        },
    ),
    _role("referral_nurse", "转诊护士", "Referral nurse", _CENTRE),
    _role(
        "referral_center_head",
        "转诊中心值班长",
        "Head of the referral centre",
        {*_CENTRE, "facilities.oversee", "referrals.approve"},
    ),
    _role("ward_doctor", "病区医师", "Ward doctor", {*_SENDER, "referrals.treat", "facilities.update_beds"}),
    _role(
        "consortium_office",
        "医共体办公室",
        "Consortium office",
        {"handoffs.read", "handoffs.urge", "referrals.board", "facilities.oversee", "facilities.manage"},
    ),
    _role("auditor", "审计管理员", "Auditor", {ADMINISTER, "audit.read"}),
    _role(
        "system_administrator",
        "系统管理员",
        "System administrator",
        {ADMINISTER, "staff.manage", "facilities.manage"},
    ),
    _role("security_administrator", "安全管理员", "Security administrator", {ADMINISTER, "accounts.manage"}),
)
