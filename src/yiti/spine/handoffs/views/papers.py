"""Lists beside single handoffs: the sheet at the change of shift, and what is open for a person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiti.foundation.web import public as web
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.spine.handoffs.domain import HandoffRow, turn_holder
from yiti.spine.handoffs.domain.lists import DONE_TODAY, WorkSort, clock_of
from yiti.spine.handoffs.selectors import open_for_person, tab_counts, worklist

READ = "handoffs.read"
LINES_ON_A_SHEET = 20
MOST_PRINTED = 200


@require_safe
@web.page(READ)
def shift(request: web.PageRequest) -> HttpResponse:
    """交班单: all that is open here, what is late first, with room for remarks and two signatures."""
    web.touch(request, kind="handoffs.worklist")
    query = web.TableQuery(WorkSort.DUE, descending=False, filters={}, page=1, size=MOST_PRINTED)
    rows, total = worklist(request.actor, query, at=request.at)
    tabs = tab_counts(request.actor, at=request.at)
    words = {
        "sheets": [rows[at : at + LINES_ON_A_SHEET] for at in range(0, len(rows), LINES_ON_A_SHEET)] or [[]],
        "total": total,
        "left_out": total - len(rows),
        "late": tabs[0].late,
        "done": next(tab.count for tab in tabs if tab.key == DONE_TODAY),
        "tabs": [tab for tab in tabs[1:] if tab.key != DONE_TODAY],
        "back_url": reverse("handoffs:work"),
        "at": request.at,
    }
    return render(request, "handoffs/shift.html", words)


@require_safe
@web.page("residents.read")
def side(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """For the slot `resident.side`: what is open for the person, and whose turn it is."""
    residents.person(request.actor, person_id)  # NotFound where the record is closed
    web.touch(request, kind="handoffs.handoff", person_id=person_id)
    found = [row for row in open_for_person(request.actor, person_id) if row.kind.concerns(request.actor)]
    names = _names(request, found)
    lines = [(row, clock_of(row, request.at), names[row.id]) for row in reversed(found)]
    return render(request, "handoffs/_side.html", {"lines": lines, "at": request.at})


def _names(request: web.PageRequest, rows: list[HandoffRow]) -> dict[UUID, str]:
    """Who has to act now, by handoff: a person by name, else the department, else the institution."""
    holders = {row.id: turn_holder(row) for row in rows}
    ids = {holder.id for holder in holders.values() if holder}
    names = {id_: member.name for id_, member in staff.staff(request.actor, ids).items()}
    names |= {id_: place.short_name for id_, place in facilities.institutions(ids).items()}
    departments = {row.performer_department_id: row.department_name for row in rows}
    return {id_: names.get(h.id) or departments.get(h.id, "") if h else "" for id_, h in holders.items()}
