"""The bell: what the actor should know, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiti.foundation.access import public as access
from yiti.kernel.actor import NOBODY, Actor
from yiti.kernel.display import mask_name
from yiti.kernel.text import N_
from yiti.spine.handoffs.domain import Alert, Nature, kind
from yiti.spine.handoffs.domain.lists import MOST_COUNTED, Bell, BellRow
from yiti.spine.handoffs.models import BellMark, HandoffNotice

_SHOWN = 20
_OF_EACH = 3  # one thing may ring for a person in several ways
_TAKEN = _OF_EACH * _SHOWN


@access.selector
def bell(actor: Actor) -> Bell:
    """The latest notices for the actor, each thing once; what the actor did is left out. Three queries."""
    mark = _read_until(actor)
    found = _for(actor).select_related("handoff", "event", "message").order_by("-at", "-id")[:_TAKEN]
    once: dict[object, HandoffNotice] = {}
    for notice in found:
        once.setdefault(notice.event_id or notice.message_id, notice)
    rows = tuple(_row(actor, notice, mark) for notice in list(once.values())[:_SHOWN])
    return Bell(rows, count_unread(actor))


@access.selector
@access.counted
def count_unread(actor: Actor) -> QuerySet[HandoffNotice, Any]:
    """How many things are new since the bell was last read, at most `MOST_COUNTED`. One query."""
    heard = BellMark.objects.filter(user_id=actor.user_id, read_until__gte=OuterRef("at"))
    # Whoever never reads the bell has thousands: the latest are enough to see that there are many.
    latest = _for(actor).exclude(Exists(heard)).order_by("-at", "-id").values("pk")[: _OF_EACH * MOST_COUNTED]
    found = HandoffNotice.objects.filter(pk__in=latest)
    return found.values("event_id", "message_id").order_by().distinct()[:MOST_COUNTED]


def _read_until(actor: Actor) -> datetime | None:
    return BellMark.objects.filter(user_id=actor.user_id).values_list("read_until", flat=True).first()


def _for(actor: Actor) -> QuerySet[HandoffNotice]:
    """Notices at the actor's institution that the actor is meant by."""
    person = Q(staff_id__isnull=True) | Q(staff_id__in=actor.hands)
    room = Q()  # somebody posted to no department stands for all of them
    if actor.department_id is not None:
        room = Q(department_id__isnull=True) | Q(department_id=actor.department_id)
    return HandoffNotice.objects.filter(
        person,
        room,
        Q(permission="") | Q(permission__in=actor.permissions) | Q(staff_id__isnull=False),
        Q(roles=[]) | Q(roles__contains=[actor.role]),
        institution_id=actor.institution_id,
    ).exclude(Q(event__user_id=actor.user_id) | Q(message__user_id=actor.user_id))


def _row(actor: Actor, notice: HandoffNotice, mark: datetime | None) -> BellRow:
    about = notice.event or notice.message
    assert about is not None  # the database: a notice is of one thing
    name = notice.handoff.person_name
    return BellRow(
        handoff_id=notice.handoff_id,
        number=notice.handoff.number,
        person_name=name if kind(notice.handoff.kind).concerns(actor) else mask_name(name),
        title=_title(notice),
        who="" if about.user_id == NOBODY else f"{about.institution_name} {about.user_name}",
        at=notice.at,
        alert=Alert(notice.alert),
        is_new=mark is None or notice.at > mark,
    )


def _title(notice: HandoffNotice) -> str:
    if notice.event is None:
        return N_("留言")
    return kind(notice.handoff.kind).title(Nature(notice.event.nature), notice.event.step)
