"""Idle sign-out: a session nobody has touched ends, and polling does not count as touching."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from yiti.foundation.accounts.selectors import SEEN
from yiti.kernel.clock import now

_WRITE_EVERY_SECONDS = 30


class IdleSignOutMiddleware:
    """Sign out after `IDLE_MINUTES` without a request a person caused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at_the_clock(request)
        return self.get_response(request)

    def _look_at_the_clock(self, request: HttpRequest) -> None:
        moment = int(now().timestamp())
        seen = request.session.get(SEEN, moment)
        if moment - seen > settings.IDLE_MINUTES * 60:
            logout(request)
            return
        is_poll = request.headers.get("X-Yiti-Poll") == "1"
        if not is_poll and (moment - seen >= _WRITE_EVERY_SECONDS or SEEN not in request.session):
            request.session[SEEN] = moment
