"""Where Prometheus reads the figures: to the holder of the token only, missing to everybody else."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from yiti.config.watch.metrics import exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures. No address is trusted for itself: behind a proxy everybody comes from this machine."""
    if not _holds_token(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _holds_token(request: HttpRequest) -> bool:
    wanted = settings.YITI_METRICS_TOKEN
    return bool(wanted) and constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {wanted}"
    )
