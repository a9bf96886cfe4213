"""The board and its lists as Excel workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from yiti.care.referrals.domain.figures import MonthFigures
from yiti.care.referrals.selectors import Board, ReferralLine
from yiti.kernel.clock import local_date
from yiti.kernel.display import age_text, full_time
from yiti.kernel.text import N_
from yiti.kernel.workbook import Cell, Table
from yiti.kernel.workbook import as_workbook as written
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs

_MONTHS = {
    N_("月份"): 10,
    N_("上转"): 8,
    N_("下转"): 8,
    N_("发出方已闭环"): 14,
    N_("发出方应闭环"): 14,
    N_("发出方闭环率（%）"): 18,
    N_("已回传结果"): 12,
    N_("已到院"): 10,
    N_("接收方闭环率（%）"): 18,
    N_("急转例数"): 10,
    N_("急转超时例数"): 14,
    N_("急转接收中位（分）"): 18,
    N_("县域内住院率（%）"): 18,
}
_MEMBERS = {N_("机构"): 24, N_("上转"): 8, N_("下转"): 8}
_REASONS = {N_("编码"): 16, N_("上转原因"): 28, N_("人次"): 8, N_("占比（%）"): 10}
_WAITING = {
    N_("单号"): 20,
    N_("时限"): 16,
    N_("姓名"): 12,
    N_("转出方"): 20,
    N_("接收方"): 20,
    N_("科室"): 16,
    N_("状态"): 12,
    N_("责任"): 24,
}
_BEDS = {N_("科室"): 20, N_("床位"): 8, N_("占用"): 8, N_("空床"): 8}
_ROWS = {
    N_("单号"): 20,
    N_("送出时间"): 18,
    N_("姓名"): 12,
    N_("性别"): 6,
    N_("年龄"): 8,
    N_("急"): 6,
    N_("类型"): 10,
    N_("转出方"): 20,
    N_("接收方"): 20,
    N_("科室"): 16,
    N_("诊断"): 30,
    N_("编码"): 10,
    N_("状态"): 12,
    N_("时限"): 16,
}


def as_workbook(board: Board) -> bytes:
    """The figures of twelve months, and of the month asked for members, reasons, beds and what waits.

    An unknown figure is an empty cell.
    """
    return written(
        [
            Table(_("各月指标"), _columns(_MONTHS), _months(board)),
            Table(_("按成员单位"), _columns(_MEMBERS), ([m.name, m.up, m.down] for m in board.by_member)),
            Table(
                _("上转原因"), _columns(_REASONS), ([r.code, r.zh, r.n, r.percent] for r in board.by_reason)
            ),
            Table(_("超时和将到期"), _columns(_WAITING), _waiting(board)),
            Table(_("床位"), _columns(_BEDS), (_bed(row) for row in board.beds)),
        ]
    )


def rows_workbook(lines: Iterable[ReferralLine], at: datetime) -> bytes:
    """The referrals behind a figure, one a row."""
    rows = (_line(line.handoff, line.clock, at) for line in lines)
    return written([Table(_("转诊明细"), _columns(_ROWS), rows)])


def _columns(marked: dict[str, int]) -> dict[str, int]:
    return {_(title): width for title, width in marked.items()}


def _months(board: Board) -> Iterator[list[Cell]]:
    for each in board.months:
        yield [*_month(each), board.inpatient_share if each is board.now else None]


def _month(each: MonthFigures) -> list[Cell]:
    return [
        f"{each.month:%Y-%m}",
        each.up,
        each.down,
        each.sender.numerator,
        each.sender.denominator,
        each.sender.percent,
        each.receiver.numerator,
        each.receiver.denominator,
        each.receiver.percent,
        each.answer.cases,
        each.answer.late,
        each.answer.median_minutes,
    ]


def _waiting(board: Board) -> Iterator[list[Cell]]:
    for line in board.waiting.lines:
        it = line.handoff
        yield [
            it.number,
            line.clock.text,
            it.person_name,
            it.requester_name,
            it.goes_to.name,
            it.goes_to_text,
            _(it.state_label),
            line.owner,
        ]


def _bed(row: facilities.BoardRow) -> list[Cell]:
    return [row.department_name, row.beds, row.taken, row.free] if row.beds else [row.department_name]


def _line(it: handoffs.HandoffRow, clock: handoffs.ClockWords | None, at: datetime) -> list[Cell]:
    born = it.person_birth_date
    return [
        it.number,
        full_time(it.sent_at) if it.sent_at else "",
        it.person_name,
        it.sex_zh,
        age_text(born, local_date(at)) if born else "",
        _(it.urgency.zh) if it.urgency.zh else "",
        _(it.kind.label),
        it.requester_name,
        it.goes_to.name,
        it.goes_to_text,
        it.subject,
        it.subject_code,
        _(it.state_label),
        clock.text if clock else "",
    ]
