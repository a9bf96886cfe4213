"""Asking for a page as a browser does, signed in as an actor, and the address of every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from django_htmx.middleware import HtmxDetails

from yiti.foundation.web.public import Duty, PageRequest
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.selectors import merges
from yiti.registry.residents.tests.builders import a_likely_pair, a_person
from yiti.registry.residents.urls import urlpatterns


def ask(
    actor: Actor | None,
    path: str,
    data: Mapping[str, object] | None = None,
    *,
    post: bool = False,
    headers: Mapping[str, str] | None = None,
    session: dict[str, object] | None = None,
) -> HttpResponse:
    """The answer to a request of this actor (None: nobody is signed in), as the view gives it."""
    send = RequestFactory().post if post else RequestFactory().get
    request: PageRequest = send(path, data or {}, headers=headers)  # type: ignore[arg-type, assignment]
    request.actor = actor  # type: ignore[assignment]
    request.at = now()
    request.request_id = "test"
    request.duty = Duty.NONE
    request.htmx = HtmxDetails(request)
    request.hats = ()
    request.user = AnonymousUser()
    request.session = {} if session is None else session  # type: ignore[assignment]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    match = resolve(request.path_info)
    request.resolver_match = match
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def text(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()


def addresses(actor: Actor, person_id: UUID) -> dict[str, str]:
    """The address of every route that is not the auditor's, for a person with one of everything."""
    allergy = residents.AllergySpec(new_id(), "101", severity="severe")
    residents.add_allergy(actor=actor, person_id=person_id, spec=allergy, at=NOON)
    risk = residents.RiskSpec(new_id(), residents.RiskCode.HEART, "", NOON.date())
    residents.mark_risk(actor=actor, person_id=person_id, spec=risk, at=NOON)
    twin = a_person(actor)
    residents.merge_persons(
        actor=actor, absorbed_id=twin, kept_id=person_id, reason="同一个人登记了两次", at=NOON
    )
    ids = {
        "person_id": person_id,
        "allergy_id": allergy.id,
        "risk_id": risk.id,
        "document_id": residents.identifiers(actor, person_id)[0].id,
        "merge_id": merges(actor, person_id)[0].id,
        "pair_id": a_likely_pair(person_id, a_person(actor)),
    }
    mine = [route for route in urlpatterns if not str(route.pattern).startswith("glass")]
    return {str(route.name): _address(str(route.name), str(route.pattern), ids) for route in mine}


def _address(name: str, pattern: str, ids: dict[str, UUID]) -> str:
    wanted = re.findall(r"<uuid:(\w+)>", pattern)
    return reverse(f"residents:{name}", kwargs={each: ids[each] for each in wanted})
