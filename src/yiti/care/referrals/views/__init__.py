"""Pages of referrals."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from yiti.care.referrals.domain import Way
from yiti.care.referrals.views.again import again
from yiti.care.referrals.views.answers import SEND
from yiti.care.referrals.views.board import board, export_board
from yiti.care.referrals.views.down_steps import follow_up, receive, rename_follower, undo_receive
from yiti.care.referrals.views.new_down import followers, new_down
from yiti.care.referrals.views.new_up import new_up
from yiti.care.referrals.views.places import targets
from yiti.care.referrals.views.printing import paper
from yiti.care.referrals.views.reading import begin, detail, preview, say, start, whom
from yiti.care.referrals.views.rows import export_rows, rows
from yiti.care.referrals.views.steps import cancel, close, decline, redirect, return_for_information, supply
from yiti.care.referrals.views.up_steps import (
    accept,
    admit,
    approve,
    arrive,
    depart,
    no_show,
    send_outcome,
    undo_accept,
    undo_arrive,
)
from yiti.foundation.web import public as web


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: web.Request) -> HttpResponse:
    """`/referrals/new?person=<id>&direction=up|down`: each way has a form of its own; without a person it is
    asked who it is for."""
    if not request.GET.get("person") and request.method != "POST":
        return whom(request)
    return new_down(request) if request.GET.get("direction") == Way.DOWN else new_up(request)


new.yiti_permission = SEND  # type: ignore[attr-defined]

__all__ = [
    "accept",
    "admit",
    "again",
    "approve",
    "arrive",
    "begin",
    "board",
    "cancel",
    "close",
    "decline",
    "depart",
    "detail",
    "export_board",
    "export_rows",
    "follow_up",
    "followers",
    "new",
    "no_show",
    "paper",
    "preview",
    "receive",
    "redirect",
    "rename_follower",
    "return_for_information",
    "rows",
    "say",
    "send_outcome",
    "start",
    "supply",
    "targets",
    "undo_accept",
    "undo_arrive",
    "undo_receive",
]
