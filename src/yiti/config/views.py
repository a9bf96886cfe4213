"""Pages that belong to no room: the front door and changing hats."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from yiti.config.actor import HAT
from yiti.foundation.web import public as web
from yiti.kernel.errors import NotFound


@require_safe
@web.page(None, audited=False)
def home(request: web.PageRequest) -> HttpResponse:
    """Send everybody to the first room of their own rail."""
    rooms = web.nav_for(request.actor)
    return HttpResponseRedirect(resolve_url(rooms[0].url_name if rooms else "account_change_password"))


@require_POST
@web.page(None, audited=False)
def change_hat(request: web.PageRequest) -> HttpResponse:
    """Work in another of one's own postings from now on; somebody else's posting is not found."""
    wanted = request.POST.get("hat", "")
    if wanted not in {str(hat.id) for hat in request.hats}:
        raise NotFound
    request.session[HAT] = wanted
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else resolve_url("home"))
