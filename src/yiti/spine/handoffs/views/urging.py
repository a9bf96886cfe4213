"""The button 催办: done at once, then it says when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiti.foundation.web import public as web
from yiti.spine.handoffs import commands
from yiti.spine.handoffs.selectors import recent_urges
from yiti.spine.handoffs.views.one import back_of


@require_POST
@web.page("handoffs.urge")
def urge(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """Remind whoever has it in hand; a second press says when it was done."""
    done = commands.urge(actor=request.actor, handoff_id=handoff_id, at=request.at)
    row = done.handoff
    said = _("刚催过，过一会儿再催") if done.repeated else _("已催办，对方会收到提醒")
    if not request.htmx:
        notes.success(request, said)
        return HttpResponseRedirect(back_of(request))
    urged_at = recent_urges(request.actor, [row.id], request.at).get(row.id)
    words = {"id": row.id, "urged_at": urged_at, "text": said, "at": request.at}
    return render(request, "handoffs/_urged.html", words)
