"""One line and one count for every request, whatever became of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yiti.config.watch import metrics

log = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "none"  # an address that is none, or refused before it was read


class WatchMiddleware:
    """Says who did what kind of thing, how it ended and how long it took; static files are not told of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            self._tell(request, response, time.perf_counter() - began)
        return response

    @staticmethod
    def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = request.resolver_match.view_name if request.resolver_match else NOWHERE
        method = request.method if request.method in METHODS else "OTHER"
        trouble = getattr(request, "trouble", None)
        metrics.REQUESTS.labels(route, method, str(response.status_code)).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        if trouble:
            metrics.DATABASE_ERRORS.labels(trouble).inc()
        if _is_refused_sign_in(request, route, response):
            metrics.SIGN_IN_FAILURES.inc()
        log.info(
            "request",
            extra={
                "request": request.request_id,  # type: ignore[attr-defined]
                "route": route,
                "method": method,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "trouble": trouble,
                **_who(request),
            },
        )


def _who(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {"user": actor.user_id, "institution": actor.institution_id} if actor else {}


def _is_refused_sign_in(request: HttpRequest, route: str, response: HttpResponse) -> bool:
    is_try = route == "account_login" and request.method == "POST" and response.status_code in (200, 400)
    return is_try and not request.user.is_authenticated
