"""What an action of the audit trail was, in the words of the tab 谁看过."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from yiti.kernel.text import N_

_WORDS = {
    "read:residents:record": N_("打开档案"),
    "read:residents:facts": N_("看资料"),
    "read:residents:looks": N_("看谁看过"),
    "read:residents:reveal_number": N_("看证件全号"),
    "read:residents:reveal_phone": N_("看全部电话"),
    "read:residents:closed": N_("看卡片"),
    **{
        f"read:residents:{form}": N_("打开表单")
        for form in (
            "edit",
            "move",
            "death",
            "merge",
            "unmerge",
            "new_allergy",
            "correct_allergy",
            "refute_allergy",
            "new_risk",
            "end_risk",
            "new_document",
            "end_document",
            "household",
        )
    },
    "residents.register_person": N_("登记"),
    "residents.change_profile": N_("修改资料"),
    "residents.move_village": N_("改住址"),
    "residents.record_death": N_("登记死亡"),
    "residents.add_identifier": N_("添加证件"),
    "residents.end_identifier": N_("停用证件"),
    "residents.add_allergy": N_("记过敏"),
    "residents.correct_allergy": N_("更正过敏"),
    "residents.refute_allergy": N_("撤销过敏"),
    "residents.mark_risk": N_("标风险"),
    "residents.end_risk": N_("结束风险"),
    "residents.set_household": N_("改家庭成员"),
    "residents.merge_persons": N_("合并档案"),
    "residents.unmerge": N_("撤销合并"),
    "residents.open_by_break_glass": N_("紧急调阅"),
}
_PURPOSES = {
    "care": N_("诊疗"),
    "management": N_("管理"),
    "audit": N_("审计"),
    "emergency": N_("紧急调阅"),
    "system": N_("系统"),
}
_KINDS = {"read": N_("查看"), "try": N_("试图办理")}


class LookRow(Protocol):
    """The part of a row of the trail that the tab needs."""

    @property
    def at(self) -> datetime: ...
    @property
    def user_name(self) -> str: ...
    @property
    def institution_name(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def outcome(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the tab, in words."""

    at: datetime
    who: str
    institution: str
    what: str
    purpose: str
    is_done: bool


def look_in_words(row: LookRow) -> Look:
    """A row of the trail as the tab shows it."""
    return Look(
        at=row.at,
        who=row.user_name,
        institution=row.institution_name,
        what=action_text(row.action),
        purpose=_PURPOSES.get(row.purpose, row.purpose),
        is_done=row.outcome == "done",
    )


def action_text(action: str) -> str:
    """What was done: `read:residents:record` -> 打开档案; actions of other rooms by their kind."""
    kind = action.partition(":")[0] if ":" in action else ""
    return _WORDS.get(action) or _KINDS.get(kind, N_("办理"))
