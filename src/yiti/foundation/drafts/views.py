"""Where forms save themselves to."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from yiti.foundation.drafts.commands import give_up_draft, save_draft
from yiti.foundation.web import public as web


@require_POST
@web.page(None)
def save(request: web.PageRequest, form: str, subject: str) -> HttpResponse:
    """Keep the posted form as a draft and say when."""
    typed = {name: request.POST.getlist(name) for name in request.POST}
    save_draft(actor=request.actor, form=form, subject=subject, typed=typed, at=request.at)
    return JsonResponse({"saved_at": f"{request.at:%H:%M:%S}"})


@require_POST
@web.page(None)
def give_up(request: web.PageRequest, form: str, subject: str) -> HttpResponse:
    """Throw the draft away."""
    give_up_draft(actor=request.actor, form=form, subject=subject, at=request.at)
    return HttpResponse(status=204)
