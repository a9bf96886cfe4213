"""The page of one person: who it is in sight at all times, the thread, the facts, who has looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.display import full_time
from yiti.kernel.text import N_, Phrase, listed
from yiti.registry.residents.domain import PROFILE_CODES, AccessReason, AccessRow, ChangeRow, PersonRow
from yiti.registry.residents.domain.looks import LookSort, look_in_words
from yiti.registry.residents.forms.shapes import code_label
from yiti.registry.residents.selectors import (
    aliases,
    allergies,
    card,
    changes_since,
    household,
    identifiers,
    merges,
    person,
    risks,
    who_may_see,
)
from yiti.registry.residents.views.words import label_of, value_text


def words_of_record(request: web.PageRequest, person_id: UUID, tab: str) -> dict[str, Any]:
    """What the frame of every page of a person shows; says to audit what was opened. Raises NotFound."""
    opened = person(request.actor, person_id)
    web.touch(request, kind="residents.resident", record_id=opened.id, person_id=opened.id)
    today = local_date(request.at)
    return {
        "person": opened,
        "age": opened.birth.age_text(today),
        "ethnic": code_label("ethnic-group", opened.profile.ethnic),
        "payer": code_label("payer", opened.profile.payer),
        "allergies": allergies(request.actor, opened.id),
        "risks": risks(request.actor, opened.id, on=today),
        "household": household(request.actor, opened.id),
        "status_tabs": _tabs(request, opened, tab),
        "identity_panels": web.panels_for(request.actor, "resident.identity"),
        "action_panels": web.panels_for(request.actor, "resident.actions"),
        "watermark_text": watermark_of(request),
    }


def _tabs(request: web.PageRequest, opened: PersonRow, tab: str) -> list[dict[str, Any]]:
    looks = audit.count_looks_at(request.actor, aliases(opened.id))
    tabs = [
        ("record", _("总览"), None, False),
        ("facts", _("资料"), None, False),
        ("looks", _("谁看过"), looks, True),
    ]
    return [
        {
            "url": resolve_url(f"residents:{name}", opened.id),
            "label": label,
            "count": count,
            "is_active": name == tab,
            "at_end": at_end,
        }
        for name, label, count, at_end in tabs
    ]


def watermark_of(request: web.PageRequest) -> str:
    """Who looks and when, faint over what is shown."""
    return f"{request.actor.name} {request.user.get_username()} {full_time(request.at)}"


@require_safe
@web.page("residents.read")
def record(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The overview: thread and side panels are brought by higher rooms."""
    words = words_of_record(request, person_id, "record")
    words["thread"] = web.panels_for(request.actor, "resident.thread")
    words["side"] = web.panels_for(request.actor, "resident.side")
    return render(request, "residents/record.html", words)


@require_safe
@web.page("residents.read")
def facts(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Everything the record says of the person, and the ways to change it."""
    words = words_of_record(request, person_id, "facts")
    opened: PersonRow = words["person"]
    words |= {
        "terms": _terms(opened),
        "mother": card(request.actor, opened.mother_id) if opened.mother_id else None,
        "documents": identifiers(request.actor, opened.id),
        "open_to": open_to(who_may_see(request.actor, opened.id, at=request.at)),
        "changes": [_shown(change) for change in reversed(changes_since(request.actor, opened.id, 0))],
        "merges": merges(request.actor, opened.id),
        "may_write": request.actor.can("residents.write"),
        "may_merge": request.actor.can("residents.merge"),
    }
    return render(request, "residents/facts.html", words)


def open_to(rows: Sequence[AccessRow]) -> list[tuple[str, str]]:
    """Institutions, each with its reasons, every reason once with the latest end."""
    ends: dict[str, dict[AccessReason, list[datetime | None]]] = {}
    for row in rows:
        ends.setdefault(row.institution_name, {}).setdefault(row.reason, []).append(row.valid_until)
    return [(name, listed([_until(*each) for each in found.items()])) for name, found in ends.items()]


def _until(reason: AccessReason, ends: Sequence[datetime | None]) -> str:
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return Phrase(reason.zh)
    return Phrase(N_("{reason} 到 {until}"), reason=Phrase(reason.zh), until=full_time(max(known)))


def _terms(opened: PersonRow) -> list[tuple[str, str]]:
    """Labels and values of the profile, in the order of the form; what is unknown says so."""
    profile = opened.profile
    coded = {name: code_label(system, getattr(profile, name)) for name, system in PROFILE_CODES.items()}
    contact = " ".join(filter(None, (profile.contact_name, coded["contact_relation"], profile.contact_phone)))
    blood = " ".join(filter(None, (coded["blood_abo"], coded["blood_rh"])))
    terms = [
        (_("登记方式"), _(opened.enrolment.zh)),
        (_("住址"), opened.home),
        (_("联系人"), contact),
        (_("付费方式"), coded["payer"]),
        (_("血型"), blood),
        (_("职业"), coded["occupation"]),
        (_("文化程度"), coded["education"]),
        (_("婚姻"), coded["marital"]),
        (_("登记时间"), full_time(opened.registered_at)),
    ]
    return [(label, value or _("未知")) for label, value in terms]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A line of the history, in words."""

    label: str
    old: str
    new: str
    who: str
    at: datetime


def _shown(change: ChangeRow) -> ShownChange:
    return ShownChange(
        label=_(label_of(change.field)),
        old=value_text(change.field, change.old),
        new=value_text(change.field, change.new),
        who=change.changed_by_name,
        at=change.changed_at,
    )


@require_safe
@web.page("residents.read")
def looks(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Who has opened or changed this record, when, from where and for which purpose; newest first."""
    words = words_of_record(request, person_id, "looks")
    ids = aliases(words["person"].id)
    total = audit.count_looks_at(request.actor, ids)
    query = web.TableQuery.parse(request.GET.dict(), sorts=LookSort, default=LookSort.AT, filters={})
    query = query.within(total)
    rows = audit.looks_at(request.actor, ids, limit=query.size, offset=query.offset)
    words |= {"looks": [look_in_words(row) for row in rows], "query": query, "total": total}
    return render(request, "residents/looks.html", words)


@require_safe
@web.page("residents.read")
def reveal(request: web.PageRequest, person_id: UUID, what: str) -> HttpResponse:
    """The whole identity number or phone, asked for with a click; the click is in the trail."""
    opened = person(request.actor, person_id)
    web.touch(request, kind=f"residents.{what}", record_id=opened.id, person_id=opened.id)
    number = {"number": opened.id_number, "phone": opened.profile.phone}[what]
    return render(request, "residents/_revealed.html", {"number": number})
