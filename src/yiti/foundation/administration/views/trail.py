"""The trail: who did what, as a list, as Excel, and as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.domain import OUTCOMES, PURPOSES, TrailSort, as_id, beginning
from yiti.foundation.administration.registry import find_people, names_of, tabs_of
from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.clock import local
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.kernel.workbook import XLSX, Table, as_workbook

AUDIT = "audit.read"
MOST_EXPORTED, MOST_EVIDENCE = 10_000, 2_000
_FILTERS = {"q": None, "user": None, "outcome": frozenset(OUTCOMES), "from": None, "to": None}
_COLUMNS = {
    N_("时间"): 20,
    N_("人员"): 12,
    N_("机构"): 24,
    N_("操作"): 24,
    N_("居民"): 10,
    N_("目的"): 10,
    N_("结果"): 10,
    N_("地址"): 16,
    N_("代码"): 30,
    N_("编号"): 38,
}


@require_safe
@web.page(AUDIT)
def trail(request: web.PageRequest) -> HttpResponse:
    """Who did, opened or was refused what, newest first."""
    query = _query(request.GET.dict())
    asked = _asked(request, query.filters)
    total = audit.count_trail(request.actor, asked)
    query = query.within(total)
    rows = audit.trail(request.actor, asked, limit=query.size, offset=query.offset)
    names = names_of(request.actor, {row.person_id for row in rows if row.person_id})
    words = {
        "rows": [(row, names.get(row.person_id, "") if row.person_id else "") for row in rows],
        "query": query,
        "total": total,
        "pages": query.pages(total),
        "outcomes": OUTCOMES,
        "purposes": PURPOSES,
        "status_tabs": tabs_of(request.actor, "administration:trail"),
        "chosen": _name_of(asked.user_id, rows) if asked.user_id else "",
        "chosen_id": asked.user_id,
        "seal": audit.seal_state(request.actor),
    }
    return render(request, "administration/trail.html", words)


def _name_of(user_id: UUID, rows: Sequence[audit.LookRow]) -> str:
    """The user whose rows alone are shown; the system and who holds a slip have no account."""
    user = accounts.user(user_id)
    return user.name if user else next((row.user_name for row in rows), "–")


@require_safe
@web.page(AUDIT)
def export(request: web.PageRequest) -> HttpResponse:
    """The trail as it is filtered, as an Excel workbook of at most 10,000 rows."""
    asked = _asked(request, _query(request.GET.dict()).filters)
    rows = audit.trail(request.actor, asked, limit=MOST_EXPORTED)
    names = names_of(request.actor, {row.person_id for row in rows if row.person_id})
    columns = {_(title): width for title, width in _COLUMNS.items()}
    cells = (_cells(row, names) for row in rows)
    book = as_workbook([Table(_("审计记录"), columns, cells)])
    return _file(request, book, XLSX, "xlsx")


def _cells(row: audit.LookRow, names: Mapping[UUID, str]) -> list[str]:
    return [
        f"{local(row.at):%Y-%m-%d %H:%M:%S}",
        row.user_name,
        row.institution_name,
        web.said(row.what),
        names.get(row.person_id, "") if row.person_id else "",
        _(PURPOSES[row.purpose]),
        _(OUTCOMES[row.outcome]),
        row.address or "",
        row.action,
        str(row.id),
    ]


@require_POST
@web.page(AUDIT)
def evidence(request: web.PageRequest) -> HttpResponse:
    """The trail as it is filtered, as a file that can be checked without this program
    (docs/formats/trail-export.md). The digest of the file goes into the trail, which is sealed."""
    query = _query(request.POST.dict())
    asked = _asked(request, query.filters)
    if audit.count_trail(request.actor, asked) > MOST_EVIDENCE:
        raise InvalidInput(N_("一次最多导出 {most} 条证据，先用姓名、日期缩小再导出"), most=MOST_EVIDENCE)
    found = audit.evidence(request.actor, asked, limit=MOST_EVIDENCE)
    seal = audit.seal_state(request.actor)
    header = {
        "made_at": request.at.isoformat(),
        "made_by": request.actor.name,
        "asked": dict(query.filters),
        "head": {"number": seal.number, "digest": seal.digest},
    }
    content, digest = audit.as_file(found, header)
    audit.note_evidence(actor=request.actor, digest=digest, entries=len(found.entries), at=request.at)
    return _file(request, content, "application/jsonl; charset=utf-8", "jsonl")


def _file(request: web.PageRequest, content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"trail-{local(request.at):%Y%m%d-%H%M%S}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _query(asked: Mapping[str, str]) -> web.TableQuery[TrailSort]:
    return web.TableQuery.parse(asked, sorts=TrailSort, default=TrailSort.AT, filters=_FILTERS)


def _asked(request: web.PageRequest, filters: Mapping[str, str]) -> audit.Asked:
    """What is asked for; that one person's trail is opened stands in the trail again."""
    text = filters.get("q", "")
    user = accounts.user_by_username(text)
    people = find_people(request.actor, text)
    if (person := next((id_ for id_ in people if str(id_) == text.lower()), None)) is not None:
        web.touch(request, kind="audit.trail", person_id=person)
    return audit.Asked(
        text,
        as_id(filters.get("user", "")),
        filters.get("outcome", ""),
        users=() if user is None else (user.id,),
        people=people,
        since=beginning(filters.get("from", "")),
        until=beginning(filters.get("to", ""), after=1),
    )
