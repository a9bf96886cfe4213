"""How much is taken from whom: requests of an account, time of the database, bytes of a request.

The figures stand in `config/limits.py`. Requests are counted in the memory of each process of the pages, so
that a flood costs no query; with two processes an account may come to twice the figure. There is no limit
by address: a whole clinic stands behind one (decision 23).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import caches
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from yiti.foundation.web.trouble import calm

GetResponse = Callable[[HttpRequest], HttpResponse]

MOST_ADDRESS_CHARACTERS = 4000
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
ALL = frozenset({"*"})  # routes of a limit: every one


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` requests of one account in `seconds`; `why` shows that nobody at work meets it."""

    name: str
    amount: int
    seconds: int
    routes: frozenset[str]
    why: str
    only_writes: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much by now: seconds until it goes on, and whether this is the first time in this span."""

    seconds: int
    is_first: bool


_limits: list[Limit] = []
_patience: dict[str, int] = {}
_bodies: dict[str, int] = {}  # by route, "" for all others


def set_limits(limits: Sequence[Limit], *, patience: Mapping[str, int], bodies: Mapping[str, int]) -> None:
    """Name all figures: limits; seconds a statement may take by route, where that is more than a page's;
    bytes a body may have by route, "" for all others. Called once by `config/apps.py`."""
    _limits[:] = limits
    _patience.update(patience)
    _bodies.update(bodies)


def patience_for(route: str) -> int:
    """Seconds that each statement of this route may take; 0: as long as that of any page."""
    return _patience.get(route, 0)


def spend(account: UUID, route: str, at: datetime, *, writes: bool) -> Wait | None:
    """Count one request of an account; how long it has to wait if that was one too many."""
    found = None
    for limit in _limits:
        if (limit.routes is ALL or route in limit.routes) and (writes or not limit.only_writes):
            found = _count(limit, account, at) or found
    return found


def _count(limit: Limit, account: UUID, at: datetime) -> Wait | None:
    second = int(at.timestamp())
    key = f"{limit.name}:{account}:{second // limit.seconds}"
    counts = caches["limits"]
    counts.add(key, 0, 2 * limit.seconds)
    try:
        count = counts.incr(key)
    except ValueError:  # pushed out by other counts in this moment
        return None
    if count <= limit.amount:
        return None
    return Wait(limit.seconds - second % limit.seconds, count == limit.amount + 1)


class SizeMiddleware:
    """Refuse what is too large by what it says of itself, before a byte of it is read.

    A body that does not say how long it is is not read at all: WSGI gives Django none of it.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self._most = _bodies.get("", 0)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.get_full_path()) > MOST_ADDRESS_CHARACTERS:
            return calm(request, _("地址太长，请从页面上的链接打开。"), 414)
        length = _length(request)
        if length > self._most and length > self._most_at(request.path_info):
            return too_large(request)
        return self.get_response(request)

    def _most_at(self, path: str) -> int:
        try:
            return _bodies.get(resolve(path).view_name, self._most)
        except Resolver404:
            return self._most


def too_large(request: HttpRequest) -> HttpResponse:
    """413, in a sentence."""
    return calm(request, _("送来的内容太大，没有收下。文件最大 10 MB，请换一份小一些的，或减少内容。"), 413)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() else 0
