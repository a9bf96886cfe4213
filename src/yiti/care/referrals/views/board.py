"""The board (picture 07): figures of a month, what waits too long, and the same as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.domain.figures import MemberFigures
from yiti.care.referrals.forms.board import MonthChoice, asked_member, asked_month, month_choices, month_key
from yiti.care.referrals.selectors import Board
from yiti.care.referrals.selectors import board as figures
from yiti.care.referrals.views.board_workbook import as_workbook
from yiti.care.referrals.views.cards import cards
from yiti.foundation.web import public as web
from yiti.kernel.clock import local, local_date
from yiti.kernel.workbook import XLSX

SEE = "referrals.board"


@dataclass(frozen=True, slots=True)
class MemberBar:
    """A member with its two bars as shares of the longest row in percent, and where its rows are."""

    figures: MemberFigures
    up: float
    down: float
    board_url: str
    up_url: str
    down_url: str


@require_safe
@web.page(SEE)
def board(request: web.PageRequest) -> HttpResponse:
    """The board of all members or of one, of this month or an earlier one."""
    web.touch(request, kind="referrals.board")
    member, found = _asked(request)
    words = {
        "board": found,
        "member": member,
        "month": month_key(found.month),
        "months": _months(request),
        "is_running": found.month == local_date(request.at).replace(day=1),
        "cards": cards(found, lambda which: rows_address(which, found, member)),
        "chart": [(_("{n}月").format(n=each.month.month), each.up, each.down) for each in found.months],
        "bars": _bars(found),
        "reasons": [(each, _reason_address(found, member, each.code)) for each in found.by_reason],
        "open_url": rows_address(Behind.OPEN, found, member),
        "beside_url": rows_address(Behind.BESIDE, found, member),
        "beside": sum(found.ended_otherwise.values()),
        "is_empty": not any(each.up or each.down for each in found.months) and not found.waiting.open,
        "may_urge": request.actor.can("handoffs.urge"),
        "at": request.at,
    }
    return render(request, "referrals/board.html", words)


@require_safe
@web.page(SEE)
def export_board(request: web.PageRequest) -> HttpResponse:
    """All figures of the board as an Excel workbook."""
    web.touch(request, kind="referrals.board")
    _member, found = _asked(request)
    return download(as_workbook(found), f"board-{found.month:%Y%m}-{local(request.at):%Y%m%d-%H%M}")


def download(workbook: bytes, name: str) -> HttpResponse:
    """A workbook to be saved under that name."""
    response = HttpResponse(workbook, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def rows_address(which: Behind, found: Board, member: UUID | None, **more: str) -> str:
    """Where the rows of a figure are, with the filters of the board."""
    asked = {"which": which.value, "month": month_key(found.month), "member": str(member or ""), **more}
    return f"{reverse('referrals:rows')}?{_query(asked)}"


def _asked(request: web.PageRequest) -> tuple[UUID | None, Board]:
    member = asked_member(request.GET.get("member", ""))
    month = asked_month(request.GET.get("month", ""))
    return member, figures(request.actor, at=request.at, month=month, member_id=member)


def _months(request: web.PageRequest) -> list[MonthChoice]:
    return month_choices(request.at, this=_("本月"), form=_("{year}年{month}月"))


def _reason_address(found: Board, member: UUID | None, code: str) -> str:
    return rows_address(Behind.UP, found, member, reason=code)


def _bars(found: Board) -> list[MemberBar]:
    longest = max((each.up + each.down for each in found.by_member), default=0)
    return [_bar(found, each, longest) for each in found.by_member]


def _bar(found: Board, each: MemberFigures, longest: int) -> MemberBar:
    asked = {"month": month_key(found.month), "member": str(each.institution_id)}
    return MemberBar(
        figures=each,
        up=round(100 * each.up / longest, 1),
        down=round(100 * each.down / longest, 1),
        board_url=f"{reverse('referrals:board')}?{_query(asked)}",
        up_url=rows_address(Behind.SENT_UP, found, each.institution_id),
        down_url=rows_address(Behind.GOT_DOWN, found, each.institution_id),
    )


def _query(asked: dict[str, str]) -> str:
    return urlencode({key: value for key, value in asked.items() if value})
