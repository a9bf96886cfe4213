"""Where a referral goes, who must agree, and on which episode and chain it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.domain import Diagnosed, Tables, Target, Up, Way, way_between
from yiti.care.referrals.models import ReferralDiagnosis
from yiti.care.referrals.selectors.places import referral_centre
from yiti.care.referrals.selectors.rulebook import approval_for
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes

PLACE = "target_institution"
DEPARTMENT = "target_department"
_NO_PLACE = N_("没有这个机构，请重新选")
_NO_DEPARTMENT = N_("接收机构没有这个科室，请重新选")


@dataclass(frozen=True, slots=True)
class Route:
    """The way a referral takes: who performs it first, in which state it starts, and why.

    `region` is that of the place that answers, whose time limits count.
    """

    way: Way
    place: facilities.InstitutionRow
    performer_id: UUID
    department_id: UUID | None
    state: Up
    approval_text: str
    approval_rule: str
    approver_role: str
    region: str


def places(start_id: UUID, target: Target, on: date) -> tuple[facilities.InstitutionRow, ...]:
    """The sender's institution and the target. Raises InvalidInput (field named) for a target that is
    unknown, closed, the sender itself, or has no such department."""
    found = facilities.institutions([start_id, target.institution_id])
    place = found.get(target.institution_id)
    if place is None or (place.closed_date is not None and place.closed_date <= on):
        raise InvalidInput(_NO_PLACE, field=PLACE)
    if place.id == start_id:
        raise InvalidInput(N_("不能转给本院自己，请选别的机构"), field=PLACE)
    ensure_department(target)
    if target.specialty:
        terminology.ensure_choice(Tables.SPECIALTY, target.specialty, field="target_specialty")
    return found[start_id], place


def ensure_department(target: Target) -> None:
    """Raise InvalidInput when the target has a department that is not one of its own in service."""
    wanted = target.department_id
    if wanted is None:
        return
    room = facilities.departments_by_id([wanted]).get(wanted)
    if room is None or room.institution_id != target.institution_id or not room.is_active:
        raise InvalidInput(_NO_DEPARTMENT, field=DEPARTMENT)


def route_up(actor: Actor, target: Target, *, urgency: str, at: datetime) -> Route:
    """The way up (or across, or out) from the actor's institution. Raises InvalidInput (field named) for an
    unfit target, Conflict without a referral centre."""
    on = local_date(at)
    here, place = places(actor.institution_id, target, on)
    return plan_route(here, place, target, urgency=urgency, on=on)


def plan_route(
    here: facilities.InstitutionRow,
    place: facilities.InstitutionRow,
    target: Target,
    *,
    urgency: str,
    on: date,
) -> Route:
    """With approval to the referral centre first; a hospital outside is always asked through the centre.

    Raises InvalidInput for a target below, Conflict without a centre.
    """
    way = way_between(here.level.rank, place.level.rank, leaves_county=place.is_external)
    if way is Way.DOWN:
        raise InvalidInput(N_("往下级转请用下转单"), field=PLACE)
    approval, rule = approval_for(here, place, way=way, urgency=urgency, on=on)
    asked, department_id = place, target.department_id
    if approval.required or place.is_external:
        centre = referral_centre(here, on)
        asked, department_id = centre.institution, centre.department_id
    return Route(
        way=way,
        place=place,
        performer_id=asked.id,
        department_id=department_id,
        state=Up.SUBMITTED if approval.required else Up.SENT,
        approval_text=approval.text,
        approval_rule=rule,
        approver_role=approval.approver if approval.required else "",
        region=asked.region_code,
    )


def open_episode(actor: Actor, episode_id: UUID) -> episodes.EpisodeRow:
    """The episode a referral hangs on, following where it went up in another one.

    Raises NotFound without access to the record, Conflict when it is closed.
    """
    found = _living(actor, episode_id)
    if found.state is episodes.EpisodeState.CLOSED:
        raise Conflict(N_("这个诊疗过程已经关闭，请先新建就诊再转诊"))
    return found


def _living(actor: Actor, episode_id: UUID) -> episodes.EpisodeRow:
    found = episodes.episode(actor, episode_id)
    while found.merged_into_id is not None:
        found = episodes.episode(actor, found.merged_into_id)
    return found


def lead_chain(
    actor: Actor, episode_id: UUID | None, chain_id: UUID, places_: Iterable[UUID], *, at: datetime
) -> None:
    """Let visits at these places join the episode of the referral (decision 28).

    An episode that was closed meanwhile is left closed: nobody is refused for it, the visit there then
    begins an episode of its own.
    """
    if episode_id is None:
        return
    episode = _living(actor, episode_id)
    if episode.state is episodes.EpisodeState.CLOSED:
        return
    for place_id in places_:
        episodes.link_chain(actor, episode.id, chain_id=chain_id, institution_id=place_id, at=at)


def named(diagnoses: Sequence[Diagnosed]) -> tuple[Diagnosed, ...]:
    """The diagnoses with the term of their code where no words were written.

    Raises InvalidInput for a code that is not in the list.
    """
    for each in diagnoses:
        terminology.ensure_choice(Tables.DISEASE, each.code, field="diagnoses")
    return tuple(
        Diagnosed(each.code, each.text or terminology.label(Tables.DISEASE, each.code)) for each in diagnoses
    )


def add_diagnoses(handoff_id: UUID, diagnoses: Sequence[Diagnosed]) -> None:
    """Write the diagnoses of a referral, the main one first."""
    rows = diagnosis_rows(handoff_id, diagnoses, make_id=new_id)
    ReferralDiagnosis.objects.bulk_create(ReferralDiagnosis(**row) for row in rows)


def diagnosis_rows(
    handoff_id: UUID, diagnoses: Sequence[Diagnosed], *, make_id: Callable[[], UUID]
) -> list[dict[str, Any]]:
    """The diagnoses of a referral as columns, the main one first."""
    return [
        {
            "id": make_id(),
            "handoff_id": handoff_id,
            "place": place,
            "code": each.code,
            "text": each.text,
            "is_main": place == 1,
        }
        for place, each in enumerate(diagnoses, start=1)
    ]


def diagnoses_of(handoff_id: UUID) -> tuple[Diagnosed, ...]:
    """The diagnoses of a referral, as they were written."""
    found = ReferralDiagnosis.objects.filter(handoff_id=handoff_id).order_by("place")
    return tuple(Diagnosed(*row) for row in found.values_list("code", "text"))
