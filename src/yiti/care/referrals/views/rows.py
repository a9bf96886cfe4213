"""The referrals behind a figure of the board, as a list and as a workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.care.referrals.domain import Tables
from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.forms.board import asked_member, asked_month, month_choices, month_key
from yiti.care.referrals.selectors import BehindAsked, BehindPage, behind
from yiti.care.referrals.views.answers import choices
from yiti.care.referrals.views.board import SEE, download
from yiti.care.referrals.views.board_workbook import rows_workbook
from yiti.foundation.web import public as web
from yiti.kernel.clock import local
from yiti.spine.handoffs import public as handoffs

MOST_EXPORTED = 5000
FILTERS = {"which": frozenset(Behind), "month": None, "member": None, "reason": None, "q": None}
Query = web.TableQuery[handoffs.SentSort]


@require_safe
@web.page(SEE)
def rows(request: web.PageRequest) -> HttpResponse:
    """The list as a page; under htmx the script takes from it what it swaps."""
    web.touch(request, kind="referrals.rows")
    query = _asked(request)
    asked = _meant(query)
    found = behind(request.actor, asked, query, at=request.at)
    words = {
        "query": query.within(found.total),
        "found": found,
        "which": asked.which,
        "figures": [(each.value, _(each.zh)) for each in Behind],
        "month": month_key(found.month),
        "months": month_choices(request.at, this=_("本月"), form=_("{year}年{month}月")),
        "member": asked.member_id,
        "reason": asked.reason,
        "reasons": choices(Tables.UP_REASON),
        "q": asked.text,
        "board_url": _board_address(found, query),
        "at": request.at,
    }
    return render(request, "referrals/rows.html", words)


@require_safe
@web.page(SEE)
def export_rows(request: web.PageRequest) -> HttpResponse:
    """The list as it is filtered and sorted, as an Excel workbook of at most 5,000 rows."""
    web.touch(request, kind="referrals.rows")
    query = _asked(request)
    whole = replace(query, page=1, size=MOST_EXPORTED)
    asked = _meant(query)
    found = behind(request.actor, asked, whole, at=request.at)
    name = f"referrals-{asked.which}-{found.month:%Y%m}-{local(request.at):%Y%m%d-%H%M}"
    return download(rows_workbook(found.lines, request.at), name)


def _asked(request: web.PageRequest) -> Query:
    """What was asked; in order of sending, the newest first, until another order is chosen."""
    asked = {"sort": "-sent", **{name: value for name, value in request.GET.dict().items() if value}}
    return Query.parse(asked, sorts=handoffs.SentSort, default=handoffs.SentSort.SENT, filters=FILTERS)


def _meant(query: Query) -> BehindAsked:
    asked: dict[str, Any] = dict(query.filters)
    return BehindAsked(
        which=Behind(asked.get("which", Behind.UP)),
        month=asked_month(asked.get("month", "")),
        member_id=asked_member(asked.get("member", "")),
        reason=asked.get("reason", ""),
        text=asked.get("q", ""),
    )


def _board_address(found: BehindPage, query: Query) -> str:
    member = asked_member(query.filters.get("member", ""))
    back = f"{reverse('referrals:board')}?month={month_key(found.month)}"
    return f"{back}&member={member}" if member else back
