"""Sending a person home with a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.commands.kinds import SEND
from yiti.care.referrals.commands.routing import (
    PLACE,
    add_diagnoses,
    diagnoses_of,
    named,
    open_episode,
    places,
)
from yiti.care.referrals.commands.steps import note
from yiti.care.referrals.domain import (
    DOWN_FORM,
    DOWN_KIND,
    UP_KIND,
    DownSpec,
    Tables,
    Up,
    Way,
    clean_down,
    way_between,
)
from yiti.care.referrals.models import DownDrug, DownReferral
from yiti.care.referrals.selectors.rulebook import approval_for, latest_follow_up
from yiti.foundation.access import public as access
from yiti.foundation.drafts import public as drafts
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs

_AFTER_CARE = frozenset({Up.OUTCOME_SENT, Up.CLOSED})


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the person goes, and what the approval rule says of it."""

    row: facilities.InstitutionRow
    approval_text: str
    approval_rule: str


@access.command
def send_down(*, actor: Actor, spec: DownSpec, at: datetime) -> handoffs.HandoffRow:
    """Send a down-referral with plan, drugs and warning signs, and throw its draft away.

    With `spec.up_id` it answers that up-referral, whose outcome must have been sent, on its chain; without
    one it goes on with the chain of the episode, if there is one. The same `spec.id` again with the same
    content answers as the first time.

    Raises NotPermitted, NotFound (person, episode or up-referral closed to the actor), InvalidInput (field
    named), Conflict for a closed episode, an up-referral that is not that far or is answered already, or
    when another content was sent under this id.
    """
    actor.require(SEND)
    start = facilities.institution(actor.institution_id)
    latest = latest_follow_up(at, urgency=_urgency(spec), region=start.region_code)
    spec = coded_down(clean_down(spec, today=local_date(at), latest=latest))
    if DownReferral.objects.filter(handoff_id=spec.id).exists():
        return _sent_before(actor, spec)
    on = local_date(at)
    place = plan_down(*places(actor.institution_id, spec.target, on), urgency=spec.urgency, on=on)
    episode_id = open_episode(actor, spec.episode_id).id
    wish = down_wish(spec, place, episode_id=episode_id, chain_id=_chain(actor, spec))
    moved = handoffs.open_handoff(actor, wish, at=at)
    if moved.repeated:
        return _sent_before(actor, spec)
    DownReferral.objects.create(**down_columns(spec, place, at=at))
    add_diagnoses(spec.id, spec.diagnoses)
    DownDrug.objects.bulk_create(DownDrug(down_id=spec.id, **row) for row in drug_rows(spec))
    drafts.discard_draft(actor, form=DOWN_FORM, subject=str(spec.person_id), at=at)
    answers = str(spec.up_id) if spec.up_id else None
    note(actor, "send_down", moved.handoff, at, to=place.row.name, answers=answers)
    return moved.handoff


def _urgency(spec: DownSpec) -> str:
    terminology.ensure_choice("urgency", spec.urgency, field="urgency")
    return spec.urgency


def coded_down(spec: DownSpec) -> DownSpec:
    """The wish with its codes checked and its diagnoses named. Raises InvalidInput (field named)."""
    terminology.ensure_choice(Tables.DOWN_REASON, spec.reason.code, field="reason_code")
    for drug in spec.drugs:
        if drug.frequency:
            terminology.ensure_choice(Tables.FREQUENCY, drug.frequency, field="drugs")
        if drug.route:
            terminology.ensure_choice(Tables.ROUTE, drug.route, field="drugs")
    return replace(spec, diagnoses=named(spec.diagnoses))


def plan_down(
    start: facilities.InstitutionRow, place: facilities.InstitutionRow, *, urgency: str, on: date
) -> Destination:
    """Where the person goes. Raises InvalidInput for a place that does not lie below."""
    way = way_between(start.level.rank, place.level.rank, leaves_county=place.is_external)
    if way is not Way.DOWN:
        raise InvalidInput(N_("下转请选下级机构；平级或上级请用上转单"), field=PLACE)
    approval, rule = approval_for(start, place, way=way, urgency=urgency, on=on)
    return Destination(place, approval.text, rule)


def down_wish(
    spec: DownSpec, place: Destination, *, episode_id: UUID, chain_id: UUID | None
) -> handoffs.HandoffSpec:
    """What the engine is asked."""
    follower = spec.follower
    return handoffs.HandoffSpec(
        id=spec.id,
        kind=DOWN_KIND,
        person_id=spec.person_id,
        subject=spec.diagnoses[0].text,
        subject_code=spec.diagnoses[0].code,
        urgency=handoffs.Urgency(spec.urgency),
        performer_institution_id=spec.target.institution_id,
        performer_department_id=spec.target.department_id,
        follower_institution_id=follower.institution_id if follower else None,
        follower_staff_id=follower.staff_id if follower else None,
        episode_id=episode_id,
        chain_id=chain_id,
        remark=place.approval_text,
    )


def _chain(actor: Actor, spec: DownSpec) -> UUID | None:
    """The chain of the up-referral that is answered. Raises NotFound, Conflict."""
    if spec.up_id is None:
        return open_episode(actor, spec.episode_id).chain_id
    up = handoffs.detail(actor, spec.up_id)
    if up.kind_code != UP_KIND or up.performer_institution_id != actor.institution_id:
        raise Conflict(N_("只能回转转给本院的人"))
    if up.state not in _AFTER_CARE:
        raise Conflict(N_("先办出院并回传，再下转"))
    answered = DownReferral.objects.filter(up_handoff_id=up.id).values_list("handoff_id", flat=True)
    if any(row.is_open for row in handoffs.chain(actor, up.chain_id) if row.id in set(answered)):
        raise Conflict(N_("这张上转单已经有一张没办完的下转单"))
    return up.chain_id


def down_columns(spec: DownSpec, place: Destination, *, at: datetime) -> dict[str, Any]:
    """The row of a down-referral that is sent at that moment."""
    return {
        "handoff_id": spec.id,
        "sent_at": at,
        "approval_text": place.approval_text,
        "approval_rule": place.approval_rule,
        **_content(spec),
    }


def _content(spec: DownSpec) -> dict[str, Any]:
    """The columns that hold what the sender wrote."""
    return {
        "up_handoff_id": spec.up_id,
        "reason_code": spec.reason.code,
        "reason_text": spec.reason.text,
        "discharge_summary": spec.plan.discharge_summary,
        "treatment": spec.plan.treatment,
        "rehabilitation": spec.plan.rehabilitation,
        "warning_signs": spec.plan.warning_signs,
        "lifestyle": spec.plan.lifestyle,
        "first_follow_up_date": spec.first_follow_up_date,
    }


def drug_rows(spec: DownSpec) -> list[dict[str, Any]]:
    """The drugs of a plan as columns, in the order written."""
    return [
        {
            "place": place,
            "name": drug.name,
            "dose": drug.dose,
            "frequency": drug.frequency,
            "route": drug.route,
            "days": drug.days,
            "availability": drug.availability.value,
        }
        for place, drug in enumerate(spec.drugs, start=1)
    ]


def _sent_before(actor: Actor, spec: DownSpec) -> handoffs.HandoffRow:
    """The answer of the first time. Raises Conflict when this is not what was sent then."""
    row, wanted, drugs = handoffs.detail(actor, spec.id), _content(spec), drug_rows(spec)
    sent = DownReferral.objects.filter(handoff_id=spec.id).values(*wanted).first()
    columns = ("place", "name", "dose", "frequency", "route", "days", "availability")
    kept = DownDrug.objects.filter(down_id=spec.id).order_by("place").values(*columns)
    is_same = (sent, list(kept), diagnoses_of(spec.id)) == (wanted, drugs, tuple(spec.diagnoses))
    if not is_same or row.requester_institution_id != actor.institution_id:
        raise Conflict(N_("这张单子已经送出，后来的改动没有保存；要补充请在单子里留言"))
    return row
