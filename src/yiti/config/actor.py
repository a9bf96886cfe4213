"""How a signed-in user becomes the Actor that every command and selector takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from yiti.foundation.accounts import public as accounts
from yiti.foundation.web.public import Duty, Request
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import public as staff

HAT = "posting_id"  # session key: the hat worn now

_PURPOSES = {"residents.read": Purpose.CARE, "audit.read": Purpose.AUDIT}  # else it is management


class SignedIn(Protocol):
    """What we read of the account behind a session."""

    id: UUID
    name: str


class ActorMiddleware:
    """Give every request its `actor`: None when nobody is signed in."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = None
        request.duty = Duty.NONE
        request.hats = []
        if request.user.is_authenticated:
            actor = request.actor = build_actor(request, cast("SignedIn", request.user))
            policy = settings.YITI_SECOND_FACTOR
            request.duty = accounts.duty(actor, cast("Any", request.user), policy=policy, at=request.at)
        return self.get_response(request)


def build_actor(request: Request, user: SignedIn) -> Actor:
    """The actor of this request, wearing the hat chosen in the session or the primary one.

    Without a posting in force the actor has no institution and no permission.
    """
    today = local_date(request.at)
    hats = staff.postings_of_user(user.id, today)
    request.hats = hats
    chosen = request.session.get(HAT)
    hat = next((h for h in hats if str(h.id) == chosen), hats[0] if hats else None)
    if hat is None:
        return Actor(user_id=user.id, name=user.name, request_id=request.request_id)
    permissions = accounts.role_permissions(hat.role)
    return Actor(
        user_id=user.id,
        name=hat.staff_name,
        institution_id=hat.institution_id,
        institution_name=hat.institution_name,
        department_id=hat.department_id,
        staff_id=hat.staff_id,
        posting_id=hat.id,
        role=hat.role,
        permissions=permissions,
        stands_in_for=staff.absent_colleagues(hat.staff_id, hat.institution_id, today),
        oversees=_oversees(hat.institution_id, permissions, request),
        purpose=_purpose(permissions),
        request_id=request.request_id,
    )


def _purpose(permissions: frozenset[str]) -> Purpose:
    """Who may open records is there for care; who may read the trail, for audit; others manage."""
    found = (purpose for permission, purpose in _PURPOSES.items() if permission in permissions)
    return next(found, Purpose.MANAGEMENT)


def _oversees(institution_id: UUID, permissions: frozenset[str], request: Request) -> frozenset[UUID]:
    if "facilities.oversee" not in permissions:
        return frozenset()
    return facilities.oversight(institution_id, local_date(request.at))
