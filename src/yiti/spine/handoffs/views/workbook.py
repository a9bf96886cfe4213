"""The work list as an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from yiti.kernel.clock import local_date
from yiti.kernel.display import age_text, full_time
from yiti.kernel.text import N_
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
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_workbook(rows: Iterable[WorkRow], at: datetime) -> bytes:
    """The rows as `.xlsx`: every cell a text, and none that Excel would take for a formula, also after it
    has been saved as CSV."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("工作台"))
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        for column, (title, width) in enumerate(_COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, _(title), bold)
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate(_cells(row, at)):
                sheet.write_string(line, column, text, quoted if text.startswith(_FORMULA) else None)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


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
        it.performer_name,
        it.department_name,
        it.subject,
        it.subject_code,
        _(it.state_label),
        full_time(it.opened_at),
        full_time(it.due_at) if it.due_at else "",
    ]
