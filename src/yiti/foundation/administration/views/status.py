"""How the house stands: what the hourly look at the data found, and what waits."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.selectors import checkups
from yiti.foundation.outbox import public as outbox
from yiti.foundation.web import public as web


@require_safe
@web.page(accounts.ADMINISTER, audited=False)
def status(request: web.PageRequest) -> HttpResponse:
    """The last checkups with their faults, and how long events have been waiting."""
    found = checkups(request.actor)
    words = {
        "last": found[0] if found else None,
        "rows": found,
        "backlog": outbox.backlog(request.actor),
        "at": request.at,
        "nav_active": "status",
    }
    return render(request, "administration/status.html", words)
