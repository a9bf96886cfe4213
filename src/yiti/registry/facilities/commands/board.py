"""What a ward says about its free beds, and phone calls that confirm it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.facilities.domain import NoteKind
from yiti.registry.facilities.models import BedBoardNote, Department

_MOST_BEDS = 999


@access.command
def update_bed_board(*, actor: Actor, department_id: UUID, free_stated: int, at: datetime) -> None:
    """A ward states how many of its beds are free now. Only for wards of the actor's own institution."""
    actor.require("facilities.update_beds")
    ward = _ward(department_id)
    if ward.institution_id != actor.institution_id:
        raise NotFound
    _note(actor, ward, NoteKind.WARD, free_stated, spoke_with="", at=at)


@access.command
def confirm_beds_by_phone(
    *, actor: Actor, department_id: UUID, free_stated: int, spoke_with: str, at: datetime
) -> None:
    """Somebody has called a ward, of any institution, and heard how many beds are free and from whom."""
    actor.require("facilities.update_beds")
    if not spoke_with.strip():
        raise InvalidInput(N_("请写下是谁接的电话"), field="spoke_with")
    if len(spoke_with) > 60:
        raise InvalidInput(N_("姓名太长，最多 60 个字"), field="spoke_with")
    _note(actor, _ward(department_id), NoteKind.PHONE, free_stated, spoke_with=spoke_with.strip(), at=at)


def _ward(department_id: UUID) -> Department:
    found = Department.objects.filter(id=department_id, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def _note(
    actor: Actor, ward: Department, kind: NoteKind, free_stated: int, *, spoke_with: str, at: datetime
) -> None:
    if not 0 <= free_stated <= _MOST_BEDS:
        raise InvalidInput(N_("空床数要填 0 到 {most}"), field="free_stated", most=_MOST_BEDS)
    BedBoardNote.objects.create(
        department=ward,
        kind=kind,
        free_stated=free_stated,
        stated_at=at,
        stated_by=actor.user_id,
        stated_by_name=actor.name,
        spoke_with=spoke_with,
    )
    audit.note(
        actor,
        f"facilities.note_beds_{kind}",
        kind="facilities.department",
        record_id=ward.id,
        at=at,
        detail={"free": free_stated},
    )
