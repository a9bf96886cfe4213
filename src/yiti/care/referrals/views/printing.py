"""The paper of a referral (picture 06)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import UP_KIND, PrintCopy
from yiti.care.referrals.views.answers import READ, RECORD
from yiti.foundation.web import public as web
from yiti.spine.handoffs import public as handoffs

_TEMPLATES = {PrintCopy.FORM: "referrals/print_up.html", PrintCopy.RETURN: "referrals/print_down.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(READ)
def paper(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """The paper. Opened it is a proof without a number; asked for by POST it is a print that counts."""
    row = handoffs.detail(request.actor, handoff_id)
    web.touch(request, kind=RECORD, record_id=row.id, person_id=row.person_id)
    copy = PrintCopy.FORM if row.kind_code == UP_KIND else PrintCopy.RETURN
    number = None
    if request.method == "POST":
        number = commands.note_print(actor=request.actor, handoff_id=handoff_id, copy=copy, at=request.at)
    found = selectors.paper(request.actor, handoff_id, copy, request.at)
    address = reverse("referrals:detail", args=[handoff_id])
    words = {
        "paper": found,
        "detail": found.up or found.down,
        "handoff": row,
        "number": number,
        "code": web.qr_code(request.build_absolute_uri(address)),
        "back_url": address,
        "at": request.at,
    }
    return render(request, _TEMPLATES[copy], words)
