"""Files of a visit: attaching one, looking at a picture, taking one down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.web import public as web
from yiti.kernel.errors import NotFound
from yiti.spine.episodes import commands, selectors
from yiti.spine.episodes.domain.rows import AttachmentRow
from yiti.spine.episodes.forms import AttachmentForm
from yiti.spine.episodes.views.answers import READ, WRITE, answer, opened_visit, person_words, writable_visit


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def attach(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """Attach a file, also to a visit that has ended."""
    writable_visit(request, visit_id)
    form = AttachmentForm(request.POST or None, request.FILES or None)

    def run() -> None:
        commands.attach_file(actor=request.actor, visit_id=visit_id, spec=form.spec, at=request.at)

    back = reverse("episodes:visit", args=[visit_id])
    return answer(request, "episodes/attach.html", form, run, back=back)


@require_safe
@web.page(READ)
def picture(request: web.PageRequest, visit_id: UUID, fact_id: UUID) -> HttpResponse:
    """A page that shows an attached picture."""
    detail = opened_visit(request, visit_id)
    row = next((each for each in detail.attachments if each.stamp.id == fact_id), None)
    if row is None or not row.media_type.is_image:
        raise NotFound
    words = {**person_words(request, detail.visit.person_id), "visit": detail.visit, "row": row}
    return render(request, "episodes/picture.html", words)


@require_safe
@web.page(READ)
def attachment(request: web.PageRequest, visit_id: UUID, fact_id: UUID) -> HttpResponse:
    """The file itself, to be taken down and never to be opened in the page's name: its sort is the one we
    found in it, its name is ours, and whatever it holds runs nowhere."""
    visit, row, content = selectors.attachment(request.actor, visit_id, fact_id)
    web.touch(request, kind="episodes.attachment", record_id=fact_id, person_id=visit.person_id)
    response = HttpResponse(content, content_type=row.media_type.value)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_name(row))
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


def _name(row: AttachmentRow) -> str:
    """Of no person: a shared computer keeps what was taken down."""
    return f"yiti-{row.stamp.id.hex[-8:]}.{row.media_type.extension}"
