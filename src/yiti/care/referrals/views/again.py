"""A referral that was written for the wrong person, begun anew for the right one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiti.care.referrals.forms.again import AgainForm
from yiti.care.referrals.views.answers import SEND, opened
from yiti.foundation.web import public as web


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(SEND)
def again(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """Of the wrong person: ask who was meant, then open that person's form with what was written."""
    found = opened(request, handoff_id)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return web.go(
            request, f"{reverse('referrals:new')}?person={form.cleaned_data['person']}&copy={handoff_id}"
        )
    words = {"form": form, "detail": found, "back_url": reverse("referrals:detail", args=[handoff_id])}
    return render(request, "referrals/again.html", words, status=422 if form.errors else 200)
