"""Pages of the room: institutions, the capability directory, the bed board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.registry.facilities import selectors
from yiti.registry.facilities.commands import confirm_beds_by_phone, update_bed_board
from yiti.registry.facilities.domain import (
    Directory,
    InstitutionRow,
    InstitutionSort,
    InstitutionTab,
    Kind,
    Subject,
    Tier,
)
from yiti.registry.facilities.forms import FreeBedsForm, PhoneForm

LONGEST_QUESTION = 60
UPDATE = "facilities.update_beds"
_KEPT = ("subject", "q", "group", "on")


@require_safe
@web.page(None, audited=False)
def institution_list(request: web.PageRequest) -> HttpResponse:
    """All institutions, searched as one types."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=InstitutionSort,
        default=InstitutionSort.LEVEL,
        filters={"q": None, "tab": frozenset(InstitutionTab), "kind": frozenset(Kind)},
    )
    rows, total = selectors.list_institutions(query, request.at)
    words = {
        "rows": rows,
        "total": total,
        "query": query.within(total),
        "text": query.filters.get("q", ""),
        "status_tabs": _tabs(request, query),
    }
    return render(request, "facilities/list.html", words)


def _tabs(request: web.PageRequest, query: web.TableQuery[InstitutionSort]) -> list[dict[str, Any]]:
    counts = selectors.count_by_tab(query.filters.get("q", ""), request.at)
    kept = {name: value for name, value in request.GET.items() if name not in {"tab", "page"}}
    tabs = [(_("全部"), "", sum(counts.values())), *((_(tab.zh), tab.value, counts[tab]) for tab in counts)]
    return [
        {
            "label": label,
            "count": count,
            "url": f"?{urlencode({**kept, **({'tab': tab} if tab else {})})}",
            "is_active": query.filters.get("tab", "") == tab,
        }
        for label, tab, count in tabs
    ]


@require_safe
@web.page(None, audited=False)
def options(request: web.PageRequest) -> HttpResponse:
    """What fits the typed text, as the options of a search picker."""
    text = request.GET.get("q", "")[:LONGEST_QUESTION]
    rows = selectors.search_institutions(text, local_date(request.at))
    return render(request, "facilities/_options.html", {"rows": rows, "text": text})


@require_safe
@web.page(None)
def institution_page(request: web.PageRequest, institution_id: UUID) -> HttpResponse:
    """One institution: who it is, its ties, wards, devices and permitted operations."""
    web.touch(request, kind="facilities.institution", record_id=institution_id)
    words = {
        "profile": selectors.profile(institution_id, request.at),
        "departments": selectors.departments(institution_id),
        "runs": selectors.managed_by(institution_id, local_date(request.at)),
        "panels": web.panels_for(request.actor, "facilities.institution"),
        "may_update": request.actor.can(UPDATE),
    }
    return render(request, "facilities/detail.html", words)


@require_safe
@web.page(None, audited=False)
def preview(request: web.PageRequest, institution_id: UUID) -> HttpResponse:
    """The side preview of one institution."""
    return render(
        request, "facilities/_preview.html", {"profile": selectors.profile(institution_id, request.at)}
    )


@require_safe
@web.page(None, audited=False)
def capability_directory(request: web.PageRequest) -> HttpResponse:
    """Who can treat what: diseases, operations or devices against institutions (picture 08).

    `line` and `institution` choose a cell; asked for its preview alone, htmx gets just that.
    """
    today = local_date(request.at)
    on = _day(request.GET.get("on"), today)
    subject = _subject(request.GET.get("subject"))
    cell = _cell(request, subject, on)
    if request.htmx and request.htmx.target == "preview":
        return render(request, "facilities/_preview.html", cell)
    found = selectors.directory(
        subject,
        on,
        text=request.GET.get("q", "")[:LONGEST_QUESTION],
        group=request.GET.get("group", ""),
    )
    region = found.columns[0].region_code if found.columns else ""
    words = {
        "directory": found,
        **_matrix(request, found, cell),
        "county_count": found.treated.get(Tier.COUNTY, 0),
        "township_count": found.treated.get(Tier.TOWNSHIP_CENTRAL, 0),
        "subjects": [(each, found.counts[each]) for each in Subject],
        "versions": selectors.catalogue_versions(region),
        "on": on,
        "today": today,
        "text": request.GET.get("q", ""),
        "group": request.GET.get("group", ""),
        **cell,
    }
    return render(request, "facilities/capability.html", words)


def _cell(request: web.PageRequest, subject: Subject, on: date) -> dict[str, Any]:
    code, line = request.GET.get("institution", ""), request.GET.get("line", "")
    if not code or not line:
        return {}
    place = selectors.institution_by_code(code)
    entry, found = selectors.directory_cell(subject, line, place.id, on)
    return {"profile": selectors.profile(place.id, request.at), "entry": entry, "cell": found}


def _matrix(request: web.PageRequest, found: Directory, cell: dict[str, Any]) -> dict[str, Any]:
    """Heads and lines as the template draws them: where a level begins, what is chosen, and addresses."""
    kept = {name: value for name, value in request.GET.items() if value and name in _KEPT}
    chosen_place = cell["profile"].institution if cell else None
    heads = [
        {
            "place": place,
            "begins": place.level != before,
            "chosen": place == chosen_place,
            "address": urlencode({"institution": place.code}),
        }
        for place, before in zip(found.columns, [None, *(each.level for each in found.columns)], strict=False)
    ]
    lines = [
        {
            "entry": line.entry,
            "chosen": bool(cell) and line.entry == cell["entry"],
            "address": urlencode({**kept, "line": line.entry.key}),
            "cells": list(zip(heads, line.cells, strict=True)),
        }
        for line in found.lines
    ]
    width = len(heads) + 1 + (found.subject is Subject.DISEASE)
    return {"heads": heads, "lines": lines, "width": width, "kept": kept}


def _day(text: str | None, today: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return today


def _subject(text: str | None) -> Subject:
    return Subject(text) if text in set(Subject) else Subject.DISEASE


@require_safe
@web.page(None, audited=False)
def bed_board(request: web.PageRequest) -> HttpResponse:
    """The wards of one institution with their beds: counted, held, stated, and how fresh that is."""
    places = selectors.institutions_with_wards(local_date(request.at))
    place = _chosen(request, places)
    words = {
        "places": places,
        "place": place,
        "rows": selectors.bed_board(place.id, request.at) if place else [],
        "may_state": request.actor.can(UPDATE) and place and place.id == request.actor.institution_id,
        "may_call": request.actor.can(UPDATE),
    }
    return render(request, "facilities/beds.html", words)


def _chosen(request: web.PageRequest, places: list[InstitutionRow]) -> InstitutionRow | None:
    """The institution asked for, else one's own, else the first."""
    asked = request.GET.get("institution")
    by_code = next((each for each in places if each.code == asked), None)
    own = next((each for each in places if each.id == request.actor.institution_id), None)
    return by_code or own or next(iter(places), None)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(UPDATE)
def update_beds(request: web.PageRequest, department_id: UUID) -> HttpResponse:
    """A ward states its free beds."""

    def state(free_stated: int) -> None:
        update_bed_board(
            actor=request.actor, department_id=department_id, free_stated=free_stated, at=request.at
        )

    if selectors.department(department_id).institution_id != request.actor.institution_id:
        raise NotFound
    return _ask(request, department_id, FreeBedsForm, state)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(UPDATE)
def confirm_by_phone(request: web.PageRequest, department_id: UUID) -> HttpResponse:
    """Somebody has called a ward and heard how many beds are free."""

    def state(free_stated: int, spoke_with: str) -> None:
        confirm_beds_by_phone(
            actor=request.actor,
            department_id=department_id,
            free_stated=free_stated,
            spoke_with=spoke_with,
            at=request.at,
        )

    return _ask(request, department_id, PhoneForm, state)


def _ask(
    request: web.PageRequest, department_id: UUID, form_class: type[FreeBedsForm], state: Callable[..., None]
) -> HttpResponse:
    ward = selectors.department(department_id)
    place = selectors.institution(ward.institution_id)
    back = f"{resolve_url('facilities:beds')}?{urlencode({'institution': place.code})}"
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            state(**form.cleaned_data)
        except InvalidInput as error:
            form.add_error(error.field, error.text(_(error.message)))
        else:
            messages.success(request, _("%s的空床已更新") % ward.name)
            return web.go(request, back)
    template = "facilities/phone.html" if form_class is PhoneForm else "facilities/update_beds.html"
    words = {"form": form, "ward": ward, "place": place, "back_url": back}
    return render(request, template, words, status=422 if form.errors else 200)
