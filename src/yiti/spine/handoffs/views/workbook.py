"""The work list as an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from yiti.kernel.clock import local_date
from yiti.kernel.display import age_text, full_time
from yiti.kernel.text import N_
from yiti.kernel.workbook import Table
from yiti.kernel.workbook import as_workbook as written
from yiti.spine.handoffs.domain.lists import WorkRow

_COLUMNS = {
    N_("单号"): 20,
    N_("时限"): 16,
    N_("姓名"): 12,
    N_("性别"): 6,
    N_("年龄"): 8,
    N_("住址"): 24,
    N_("急"): 6,
    N_("类型"): 10,
    N_("转出方"): 20,
    N_("接收方"): 20,
    N_("科室"): 16,
    N_("诊断"): 30,
    N_("编码"): 10,
    N_("状态"): 12,
    N_("发起时间"): 18,
    N_("到期时间"): 18,
}


def as_workbook(rows: Iterable[WorkRow], at: datetime) -> bytes:
    """The rows as `.xlsx`, every cell a text."""
    columns = {_(title): width for title, width in _COLUMNS.items()}
    return written([Table(_("工作台"), columns, (_cells(row, at) for row in rows))])


def _cells(row: WorkRow, at: datetime) -> list[str]:
    it, born = row.handoff, row.handoff.person_birth_date
    return [
        it.number,
        row.clock.text if row.clock else "",
        it.person_name,
        it.sex_zh,
        age_text(born, local_date(at)) if born else "",
        it.person_place,
        _(it.urgency.zh) if it.urgency.zh else "",
        _(it.kind.label),
        it.requester_name,
        it.goes_to.name,
        it.goes_to_text,
        it.subject,
        it.subject_code,
        _(it.state_label),
        full_time(it.opened_at),
        full_time(it.due_at) if it.due_at else "",
    ]
