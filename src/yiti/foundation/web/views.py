"""Pages of the shell itself: health, errors, language, text size."""

from __future__ import annotations

import shutil
import sys

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti import __version__
from yiti.foundation.web import gallery, limits, trouble
from yiti.kernel.clock import now


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok", "version": __version__})


# Four files of the log: below that the embedded server may stop at any write.
LEAST_FREE_BYTES = 64 << 20


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can work: the database answers, takes writes, and has room for them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOT pg_is_in_recovery()")
            ready = bool(cursor.fetchone()[0]) and has_room(settings.YITI_DISK)
    except DatabaseError:
        ready = False
    return JsonResponse({"status": "ok" if ready else "unavailable"}, status=200 if ready else 503)


def has_room(disk: str) -> bool:
    """Whether the embedded server's disk has room; nobody can tell for a PostgreSQL of one's own ("")."""
    return not disk or shutil.disk_usage(disk).free >= LEAST_FREE_BYTES


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: nothing was done, the page must be opened again."""
    message = _("页面放得太久，没有提交。请返回上一页，刷新后再提交；你填的内容还在那一页上。")
    return render(request, "web/error.html", {"message": message}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address: the same answer as a record that is not there."""
    return render(request, "web/not_found.html", {"message": _("没有找到")}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no browser sends: too much (413), or nothing that can be read (400)."""
    if isinstance(exception, limits.TOO_BIG):
        return limits.too_large(request)
    return trouble.calm(request, _("这个请求看不懂，没有办。请从页面上重新打开。"), 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug. Say what is safe and which number to quote; rely on nothing that may be broken.

    Also where trouble with the database ends that no view has met: Django calls this while it handles
    the error.
    """
    if (calm := trouble.answer(request, sys.exc_info()[1])) is not None:
        return calm
    if isinstance(sys.exc_info()[1], DatabaseError):
        request.trouble = "bug"  # type: ignore[attr-defined]
    number = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("web/maintenance.html", {"number": number}), status=500)


def show_gallery(request: HttpRequest) -> HttpResponse:
    """Every part of a page with invented data; only where pages are developed (settings.DEBUG)."""
    return render(request, "web/gallery.html", gallery.sample(now()))
