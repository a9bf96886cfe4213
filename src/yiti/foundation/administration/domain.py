"""What the lists of the administrators can be asked for."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class TrailSort(StrEnum):
    """The trail is read newest first; there is no other order worth having."""

    AT = "at"


_KINDS = {"read": N_("查看"), "try": N_("试图办理")}


def act_of(action: str) -> str:
    """What sort of act a row of the trail is about: `read:residents:record` -> 查看."""
    kind = action.partition(":")[0] if ":" in action else ""
    return _KINDS.get(kind, N_("办理"))


OUTCOMES = {"done": N_("已做"), "refused": N_("已拒绝"), "failed": N_("出错")}
PURPOSES = {
    "care": N_("诊疗"),
    "management": N_("管理"),
    "audit": N_("审计"),
    "emergency": N_("紧急调阅"),
    "system": N_("系统"),
}
