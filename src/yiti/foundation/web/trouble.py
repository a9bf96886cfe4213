"""When the database cannot do it now: 503, when to try again, and a calm sentence. Never a 500.

Only what passes by itself, or by somebody's help, is trouble. Everything else a database says (a broken
constraint, a number out of range, a statement too large) is a bug of ours and stays a 500.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yiti.kernel.text import N_

GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter, in a word for programs and a sentence for people, and the wait in seconds."""

    kind: str
    says: str
    retry_seconds: int


SLOW = Trouble("slow", N_("这一步要查的东西太多，已经停下。请缩小范围再试，或过一会儿再来。"), 30)
BUSY = Trouble("busy", N_("正有别人在办同一件事，请过几秒再试一次。"), 5)
FULL = Trouble("full", N_("系统暂时存不下新的内容，信息科需要处理。以前存下的都在，急事请先打电话。"), 300)
AWAY = Trouble("away", N_("系统正在恢复，请过一会儿再试。以前存下的都在，急事请先打电话。"), 15)

# By SQLSTATE (PostgreSQL, appendix A): a whole code, else its class.
TROUBLES = {
    "57014": SLOW,  # query_canceled: statement_timeout
    "55P03": BUSY,  # lock_not_available: lock_timeout
    "40": BUSY,  # transaction_rollback: deadlock, serialization
    "53300": BUSY,  # too_many_connections
    "53": FULL,  # insufficient_resources: disk_full, out_of_memory
    "58030": FULL,  # io_error
    "08": AWAY,  # connection_exception
    "57": AWAY,  # operator_intervention: shut down, starting up, database dropped
    "25006": AWAY,  # read_only_sql_transaction: a standby, or a server that protects itself
    "25P03": AWAY,  # idle_in_transaction_session_timeout
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What kind of trouble an error is; None for everything that is a bug."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    state = sqlstate(error)
    if state:
        return TROUBLES.get(state) or TROUBLES.get(state[:2])
    return AWAY if isinstance(error, OperationalError | InterfaceError) else None


def sqlstate(error: BaseException) -> str:
    """The code the server gave, "" when it said nothing (the line was cut)."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def calm(request: HttpRequest, says: str, status: int, *, retry_seconds: int = 0) -> HttpResponse:
    """A page, or a fragment for htmx, that needs neither session nor database to be shown."""
    words = {
        "message": says,
        "number": getattr(request, "request_id", ""),
        "may_go_back": "Referer" in request.headers,
    }
    is_part = request.headers.get("HX-Request") == "true"
    template = "web/_error_fragment.html" if is_part else "web/calm.html"
    response = HttpResponse(render_to_string(template, words), status=status)
    if retry_seconds:
        response["Retry-After"] = str(retry_seconds)
    return response


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The 503 for an error that is trouble."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    request.trouble = trouble.kind  # type: ignore[attr-defined]
    return calm(request, _(trouble.says), 503, retry_seconds=trouble.retry_seconds)


class TroubleMiddleware:
    """Trouble inside a view. Where there is no view yet (session, sign-in) `views.server_error` asks."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django asks this for whatever a view lets pass."""
        return answer(request, error)
