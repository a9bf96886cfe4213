"""Who must agree before a person is sent (decision 30): the first row of the rule that fits counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiti.kernel.text import N_

_WAITS, _FREE = N_("待审批：{row}"), N_("免审批：{row}")
_AGREED, _NEVER = N_("已审批：{row}"), N_("没有审批：{row}")
APPROVALS = (_WAITS, _FREE, _AGREED, _NEVER)
_FIELDS = ("direction", "from", "to", "urgency")


@dataclass(frozen=True, slots=True)
class Approval:
    """Whether somebody must agree, in which role, and the row of the rule that says so."""

    required: bool
    approver: str
    zh: str

    @property
    def text(self) -> str:
        """The words of the first line of the time line: `免审批：镇到县不审批`."""
        return (_WAITS if self.required else _FREE).format(row=self.zh)


def decide_approval(
    rows: Iterable[Mapping[str, Any]], *, direction: str, from_level: str, to_level: str, urgency: str
) -> Approval:
    """The answer of rule `referral.approval` for a referral; a field a row leaves out fits everything.

    `rows` are `{zh, direction: […], from: […], to: […], urgency: […], required, approver}`. Raises
    ValueError when no row fits: the last row of the rule must catch everything.
    """
    asked = dict(zip(_FIELDS, (direction, from_level, to_level, urgency), strict=True))
    for row in rows:
        if all(_fits(row.get(name), value) for name, value in asked.items()):
            return Approval(bool(row["required"]), str(row.get("approver", "")), str(row["zh"]))
    raise ValueError(f"no row of the approval rule fits {asked}")


def _fits(wanted: Sequence[str] | None, value: str) -> bool:
    return wanted is None or value in wanted


def approval_now(text: str, *, waits: bool, agreed: bool) -> str:
    """What was said at sending, as it stands now: `待审批：…` only as long as somebody still has to agree."""
    start = _WAITS.format(row="")
    if waits or not text.startswith(start):
        return text
    return (_AGREED if agreed else _NEVER).format(row=text.removeprefix(start))
