"""Sending a person up, across, or out of the county."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals.commands.kinds import SEND
from yiti.care.referrals.commands.routing import (
    Route,
    add_diagnoses,
    diagnoses_of,
    named,
    open_episode,
    route_up,
)
from yiti.care.referrals.commands.steps import note
from yiti.care.referrals.domain import UP_FORM, UP_KIND, Tables, UpSpec, clean_up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.selectors.rulebook import VALIDITY, runs_out
from yiti.foundation.access import public as access
from yiti.foundation.drafts import public as drafts
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs


@access.command
def send_up(*, actor: Actor, spec: UpSpec, at: datetime) -> handoffs.HandoffRow:
    """Send a referral (WS/T 529 申请) and throw its draft away.

    It hangs on an open episode and goes on with that episode's chain, if it is on one. The same `spec.id`
    again with the same content answers as the first time.

    Raises NotPermitted, NotFound (person or episode closed to the actor), InvalidInput (field named) for
    anything wrong on the form, Conflict for a closed episode, or when another content was sent under this id.
    """
    actor.require(SEND)
    spec = coded_up(clean_up(spec))
    if UpReferral.objects.filter(handoff_id=spec.id, from_institution_id=actor.institution_id).exists():
        return _sent_before(actor, spec)
    route = route_up(actor, spec.target, urgency=spec.urgency, at=at)
    episode = open_episode(actor, spec.episode_id)
    wish = up_wish(spec, route, episode_id=episode.id, chain_id=episode.chain_id)
    moved = handoffs.open_handoff(actor, wish, at=at)
    if moved.repeated:
        return _sent_before(actor, spec)
    UpReferral.objects.create(**up_columns(spec, route, from_id=actor.institution_id, at=at))
    add_diagnoses(spec.id, spec.diagnoses)
    drafts.discard_draft(actor, form=UP_FORM, subject=str(spec.person_id), at=at)
    note(actor, "send_up", moved.handoff, at, to=route.place.name, rule=route.approval_rule)
    return moved.handoff


def coded_up(spec: UpSpec) -> UpSpec:
    """The wish with its codes checked and its diagnoses named. Raises InvalidInput (field named)."""
    terminology.ensure_choice("urgency", spec.urgency, field="urgency")
    terminology.ensure_choice(Tables.UP_REASON, spec.reason.code, field="reason_code")
    if spec.transport_code:
        terminology.ensure_choice(Tables.TRANSPORT, spec.transport_code, field="transport_code")
    if spec.contact.relation:
        terminology.ensure_choice(Tables.RELATION, spec.contact.relation, field="contact_relation")
    return replace(spec, diagnoses=named(spec.diagnoses))


def up_wish(spec: UpSpec, route: Route, *, episode_id: UUID, chain_id: UUID | None) -> handoffs.HandoffSpec:
    """What the engine is asked."""
    return handoffs.HandoffSpec(
        id=spec.id,
        kind=UP_KIND,
        state=route.state,
        person_id=spec.person_id,
        subject=spec.diagnoses[0].text,
        subject_code=spec.diagnoses[0].code,
        urgency=handoffs.Urgency(spec.urgency),
        performer_institution_id=route.performer_id,
        performer_department_id=route.department_id,
        episode_id=episode_id,
        chain_id=chain_id,
        remark=route.approval_text,
    )


def up_columns(spec: UpSpec, route: Route, *, from_id: UUID, at: datetime) -> dict[str, Any]:
    """The row of an up-referral that is sent at that moment."""
    return {
        "handoff_id": spec.id,
        "from_institution_id": from_id,
        "sent_at": at,
        "valid_until": runs_out(VALIDITY, at, urgency=spec.urgency, region=route.region),
        "consent_at": at if spec.consent_given else None,
        "way": route.way.value,
        "approval_text": route.approval_text,
        "approval_rule": route.approval_rule,
        "approver_role": route.approver_role,
        **_content(spec),
    }


def _content(spec: UpSpec) -> dict[str, Any]:
    """The columns that hold what the sender wrote."""
    return {
        "reason_code": spec.reason.code,
        "reason_text": spec.reason.text,
        **asdict(spec.case),
        "contact_name": spec.contact.name,
        "contact_phone": spec.contact.phone,
        "contact_relation": spec.contact.relation,
        "target_institution_id": spec.target.institution_id,
        "target_department_id": spec.target.department_id,
        "target_specialty": spec.target.specialty,
        "target_department_text": spec.target.department_text,
        "transport_code": spec.transport_code,
    }


def _sent_before(actor: Actor, spec: UpSpec) -> handoffs.HandoffRow:
    """The answer of the first time. Raises Conflict when this is not what was sent then."""
    wanted = _content(spec)
    sent = UpReferral.objects.filter(handoff_id=spec.id).values(*wanted).first()
    if sent != wanted or diagnoses_of(spec.id) != tuple(spec.diagnoses):
        raise Conflict(N_("这张单子已经送出，后来的改动没有保存；要补充请在单子里留言"))
    return handoffs.detail(actor, spec.id)
