"""Making a handoff: its number, the snapshots of who it is about, and the first event."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.pinyin import initials
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs.commands.addressing import (
    Directory,
    ensure_people,
    open_record,
    parties_of,
    set_addresses,
)
from yiti.spine.handoffs.commands.logging import Entry, append, insert_once
from yiti.spine.handoffs.commands.moving import announce, enter
from yiti.spine.handoffs.domain import OPEN, HandoffSpec, Moved, Nature, digest, kind
from yiti.spine.handoffs.domain.texts import (
    LONGEST_CODE,
    LONGEST_COMMENT,
    LONGEST_REMARK,
    LONGEST_SUBJECT,
    clean_text,
)
from yiti.spine.handoffs.models import Handoff, HandoffEvent
from yiti.spine.handoffs.selectors import as_row

_ADDRESSED = (
    "performer_department_id",
    "performer_staff_id",
    "follower_institution_id",
    "follower_staff_id",
)
_USED = N_("这一份已经办过了，请刷新后重新填写")
_TAKE_NUMBERS = """
    INSERT INTO handoffs_numberseries AS series (id, prefix, day, last) VALUES (%s, %s, %s, %s)
    ON CONFLICT (prefix, day) DO UPDATE SET last = series.last + excluded.last RETURNING last
"""


def open_handoff(actor: Actor, spec: HandoffSpec, *, at: datetime) -> Moved:
    """Open a handoff asked for by the actor's institution (participant).

    The same id with the same wish by the same person answers as the first time (`Moved.repeated`).
    Raises NotFound for a person whose record is not open to the actor or an unknown kind, NotPermitted,
    Conflict for an id already used for something else, InvalidInput (field named) for anything wrong,
    ValueError for a state that is no entry of the table.
    """
    access.ensure_in_transaction()
    kind_ = kind(spec.kind)
    actor.require(kind_.permissions[Side.REQUESTER])
    mark = digest(OPEN, asdict(spec))
    if (before := _opened_before(actor, spec, mark)) is not None:
        return before
    row = _prepare(actor, spec, at=at)
    row.number = _next_number(kind_.prefix, at)
    entry = Entry(
        Nature.OPENED,
        OPEN,
        "",
        row.state,
        Side.REQUESTER,
        comment=clean_text(spec.comment, longest=LONGEST_COMMENT, field="comment"),
        remark=clean_text(spec.remark, longest=LONGEST_REMARK, field="remark"),
        digest=mark,
    )
    if not insert_once(row):
        # a double click was a moment faster, or somebody else has the id
        if (before := _opened_before(actor, spec, mark)) is not None:
            return before
        raise Conflict(_USED)
    event = append(actor, row, entry, at=at)
    open_record(actor, row, frozenset(), at=at)
    announce(row, event)
    return Moved(as_row(row))


def _opened_before(actor: Actor, spec: HandoffSpec, mark: str) -> Moved | None:
    found = Handoff.objects.filter(id=spec.id).first()
    if found is None:
        return None
    first = HandoffEvent.objects.filter(handoff=found, seq=1).first()
    if first is None or (first.user_id, first.digest) != (actor.user_id, mark):
        raise Conflict(_USED)
    return Moved(as_row(found), repeated=True)


class Asker(Protocol):
    """Whoever asks: an actor, or somebody a loader tells of."""

    @property
    def department_id(self) -> UUID | None: ...
    @property
    def staff_id(self) -> UUID | None: ...


def _prepare(actor: Actor, spec: HandoffSpec, *, at: datetime) -> Handoff:
    person = residents.person(actor, spec.person_id)
    given = addresses(spec)
    asked = (actor.institution_id, spec.performer_institution_id, spec.follower_institution_id)
    places = facilities.institutions({id_ for id_ in asked if id_ is not None})
    row = blank(spec, actor, places[actor.institution_id], person, at=at)
    if spec.chain_id and not Handoff.objects.of_persons(person.ids).filter(chain_id=spec.chain_id).exists():
        raise NotFound
    if spec.episode_id and episodes.episode(actor, spec.episode_id).person_id not in person.ids:
        raise NotFound
    set_addresses(row, given, Directory(places=lambda _: places))
    ensure_people(actor, row, given, on=local_date(at))
    begin(row, spec, at=at)
    return row


def blank(
    spec: HandoffSpec,
    asker: Asker,
    here: facilities.InstitutionRow,
    person: residents.PersonRow,
    *,
    at: datetime,
) -> Handoff:
    """The handoff as it is asked for, before anybody is asked: who, for whom, what for. Nothing is saved.

    Raises InvalidInput (field named).
    """
    row = Handoff(
        id=spec.id,
        kind=spec.kind,
        chain_id=spec.chain_id or spec.id,
        person_id=person.id,
        episode_id=spec.episode_id,
        urgency=spec.urgency,
        subject=clean_text(spec.subject, longest=LONGEST_SUBJECT, field="subject"),
        subject_code=clean_text(spec.subject_code, longest=LONGEST_CODE, field="subject_code"),
        revision=1,
        opened_at=at,
        between_institutions=kind(spec.kind).between_institutions,
        region_code=here.region_code,
        requester_institution_id=here.id,
        requester_department_id=asker.department_id,
        requester_staff_id=asker.staff_id,
        requester_name=here.short_name,
        requester_level=here.level,
        parties=[here.id],
        person_name=person.name,
        person_initials=initials(person.name)[:50],
        person_sex=person.sex,
        person_birth_date=person.birth.day,
        person_place=person.place[:150],
    )
    if not row.subject:
        raise InvalidInput(N_("请写清诊断或事由"), field="subject")
    return row


def begin(row: Handoff, spec: HandoffSpec, *, at: datetime) -> None:
    """Put a new handoff into the state it begins in. Raises ValueError for one that is no entry."""
    begins_in = spec.state or kind(row.kind).workflow.initial
    if begins_in not in kind(row.kind).entries:
        raise ValueError(f"{row.kind} does not begin in {begins_in}")
    enter(row, begins_in, at=at, since=at)
    row.parties = parties_of(row)


def addresses(spec: HandoffSpec) -> dict[str, Any]:
    """Who is asked: the performer always, the rest where it is said."""
    first = {
        "performer_institution_id": spec.performer_institution_id,
        "performer_external": spec.performer_external,
    }
    return first | {name: value for name in _ADDRESSED if (value := getattr(spec, name)) is not None}


def _next_number(prefix: str, at: datetime) -> str:
    return format_number(prefix, local_date(at), take_numbers(prefix, local_date(at)))


def take_numbers(prefix: str, day: date, count: int = 1) -> int:
    """Take the next numbers of a prefix and day, and give the first of them.

    The row stays locked until the end of the transaction: numbers given back by a rollback are the next
    one's, and none is given twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_NUMBERS, [new_id(), prefix, day, count])
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def format_number(prefix: str, day: date, number: int) -> str:
    """`ZZ20261120-0037`: prefix, day, running number."""
    return f"{prefix}{day:%Y%m%d}-{number:04d}"
