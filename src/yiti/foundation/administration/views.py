"""Pages of the administrators."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiti.foundation.accounts import public as accounts
from yiti.foundation.administration.domain import OUTCOMES, PURPOSES, TrailSort, beginning
from yiti.foundation.administration.registry import find_people, names_of, tabs_of
from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web


@require_safe
@web.page("audit.read")
def trail(request: web.PageRequest) -> HttpResponse:
    """Who did, opened or was refused what, newest first."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=TrailSort,
        default=TrailSort.AT,
        filters={"q": None, "user": None, "outcome": frozenset(OUTCOMES), "from": None, "to": None},
    )
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
        "chosen": accounts.user(asked.user_id) if asked.user_id else None,
        "seal": audit.seal_state(request.actor),
    }
    return render(request, "administration/trail.html", words)


def _asked(request: web.PageRequest, filters: Mapping[str, str]) -> audit.Asked:
    """What is asked for; that one person's trail is opened stands in the trail again."""
    text = filters.get("q", "")
    user = accounts.user_by_username(text)
    people = find_people(request.actor, text)
    if (person := next((id_ for id_ in people if str(id_) == text.lower()), None)) is not None:
        web.touch(request, kind="audit.trail", person_id=person)
    return audit.Asked(
        text,
        _id(filters.get("user", "")),
        filters.get("outcome", ""),
        users=() if user is None else (user.id,),
        people=people,
        since=beginning(filters.get("from", "")),
        until=beginning(filters.get("to", ""), after=1),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
