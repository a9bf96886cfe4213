"""疑似重复人员: the list of likely pairs, one pair side by side, and the list as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.clock import local
from yiti.kernel.display import full_time
from yiti.kernel.text import N_
from yiti.kernel.workbook import XLSX, Table, as_workbook
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import PAIR_FILTERS, PairRow, PairSide, PairSort
from yiti.registry.residents.domain.matching import AGAINST
from yiti.registry.residents.forms.shapes import code_label
from yiti.registry.residents.selectors import fitted_at, next_pair, pair, pair_counts, pairs
from yiti.registry.residents.views.record import watermark_of

MERGE = "residents.merge"
MOST_EXPORTED = 5_000
_RECORD = "residents.duplicate_pair"
_OPENED = "read:residents:compared"


@require_safe
@web.page(MERGE)
def duplicates(request: web.PageRequest) -> HttpResponse:
    """The pairs that wait, likeliest first; decided ones behind their tabs."""
    web.touch(request, kind=_RECORD)
    query = _asked(request)
    rows, total = pairs(request.actor, query)
    words = {
        "nav_active": "duplicates",
        "query": query.within(total),
        "total": total,
        "rows": rows,
        "filters": query.filters,
        "status_tabs": _tabs(request, query.filters.get("state", "")),
        "villages": facilities.villages_of(request.actor.institution_id),
        "institutions": _institutions(request),
        "looked_at": fitted_at(),
    }
    return render(request, "residents/duplicates.html", words)


def _asked(request: web.PageRequest) -> web.TableQuery[PairSort]:
    asked = {"sort": "-points", **request.GET.dict()}
    return web.TableQuery.parse(asked, sorts=PairSort, default=PairSort.POINTS, filters=PAIR_FILTERS)


def _tabs(request: web.PageRequest, chosen: str) -> list[dict[str, Any]]:
    asked = [(key, request.GET.get(key, "")) for key in request.GET]
    kept = {key: value for key, value in asked if key not in ("state", "page")}
    return [
        {
            "url": "?" + urlencode({**kept, "state": each.key} if each.key else kept),
            "label": _(each.label),
            "count": each.count,
            "is_active": each.key == chosen,
            "at_end": bool(each.key),
        }
        for each in pair_counts(request.actor)
    ]


def _institutions(request: web.PageRequest) -> list[facilities.InstitutionRow]:
    ids = {request.actor.institution_id, *request.actor.oversees}
    return sorted(facilities.institutions(ids).values(), key=lambda each: each.name)


@require_safe
@web.page(MERGE)
def export(request: web.PageRequest) -> HttpResponse:
    """The list as it is filtered and sorted, as an Excel workbook of at most 5,000 pairs."""
    web.touch(request, kind=_RECORD)
    asked = _asked(request)
    query = web.TableQuery(asked.sort, asked.descending, asked.filters, page=1, size=MOST_EXPORTED)
    rows, _total = pairs(request.actor, query)
    columns = {_(title): width for title, width in _COLUMNS.items()}
    response = HttpResponse(
        as_workbook([Table(_("疑似重复人员"), columns, map(_cells, rows))]), content_type=XLSX
    )
    name = f"duplicates-{local(request.at):%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


_COLUMNS = {
    N_("可能性（%）"): 10,
    N_("姓名"): 12,
    N_("另一份姓名"): 12,
    N_("出生年"): 8,
    N_("另一份出生年"): 12,
    N_("住处"): 16,
    N_("另一份住处"): 16,
    N_("相同的"): 36,
    N_("不同的"): 36,
    N_("状态"): 12,
    N_("发现时间"): 18,
    N_("谁判定"): 12,
    N_("原因"): 30,
}


def _cells(row: PairRow) -> list[str | int | None]:
    one, other = row.one.card, row.other.card
    return [
        row.points,
        row.one.name,
        row.other.name,
        one.birth_year,
        other.birth_year,
        one.village_name,
        other.village_name,
        "，".join(map(_, row.agrees)),
        "，".join(map(_, row.differs)),
        _(row.state.zh),
        full_time(row.found_at),
        row.decided_by_name,
        row.reason,
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One property of both, and how they compare: "same", "near", "differs", or "" where it is not known."""

    label: str
    one: str
    other: str
    mark: str


@require_safe
@web.page(MERGE)
def compared(request: web.PageRequest, pair_id: UUID) -> HttpResponse:
    """Both side by side with what differs marked. Records that are open are opened: both trails say so."""
    row = pair(request.actor, pair_id)
    _tell_audit(request, row)
    words = {
        "nav_active": "duplicates",
        "pair": row,
        "sides": (row.one, row.other),
        "watermark_text": watermark_of(request),
        "lines": list(_lines(row)),
        "next_id": next_pair(request.actor, row) if row.is_open else None,
    }
    return render(request, "residents/compared.html", words)


def _tell_audit(request: web.PageRequest, row: PairRow) -> None:
    """The edge writes the row of one person; the other one's is written here."""
    web.touch(request, kind=_RECORD, record_id=row.id, person_id=row.one.card.id)
    audit.note(
        request.actor,
        _OPENED,
        kind=_RECORD,
        record_id=row.id,
        person_id=row.other.card.id,
        at=request.at,
    )


def _lines(row: PairRow) -> Iterator[Line]:
    for label, name, value in _SHOWN:
        one, other = value(row.one), value(row.other)
        yield Line(_(label), one, other, _mark(row, name, one, other))


def _mark(row: PairRow, name: str, one: str, other: str) -> str:
    """By the level of the comparison; of what is not compared, by the words themselves."""
    level = row.levels.get(name, "")
    if not level:
        return "" if name or not one or not other else "same" if one == other else "differs"
    if level == "same":
        return "same"
    return "differs" if (name, level) in AGAINST else "near"


def _birth(side: PairSide) -> str:
    return side.record.birth.text if side.record else str(side.card.birth_year or "")


def _place(side: PairSide) -> str:
    return str(side.record.place) if side.record else side.card.village_name


def _of_record(value: Callable[[Any], str]) -> Callable[[PairSide], str]:
    """What only an open record tells."""
    return lambda side: value(side.record) if side.record else ""


_SHOWN: tuple[tuple[str, str, Callable[[PairSide], str]], ...] = (
    (N_("姓名"), "name", lambda side: side.name),
    (N_("性别"), "sex", lambda side: _(side.card.sex.zh)),
    (N_("出生"), "birth", _birth),
    (N_("身份证号"), "number", _of_record(lambda record: record.masked_id_number)),
    (N_("电话"), "phone", _of_record(lambda record: record.masked_phone)),
    (N_("住处"), "village", _place),
    (N_("民族"), "", _of_record(lambda record: code_label("ethnic-group", record.profile.ethnic))),
    (N_("联系人"), "", _of_record(lambda record: record.profile.contact_name)),
    (N_("付费方式"), "", _of_record(lambda record: code_label("payer", record.profile.payer))),
    (N_("登记方式"), "", _of_record(lambda record: _(record.enrolment.zh))),
    (N_("登记时间"), "", _of_record(lambda record: full_time(record.registered_at))),
)
