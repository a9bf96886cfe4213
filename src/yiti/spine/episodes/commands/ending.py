"""A visit ends: simply, or as a stay with its way of leaving and outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, StaleRevision
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands.courses import close_locked
from yiti.spine.episodes.commands.locks import key_of, lock_episode, lock_visit, touch_episode, writer
from yiti.spine.episodes.commands.opening import VISIT
from yiti.spine.episodes.domain import DischargeWay, PersonDischarged, VisitEnded, VisitKind
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.specs import LONGEST_TEXT, DischargeSpec, ensure_discharge
from yiti.spine.episodes.domain.texts import clean_text
from yiti.spine.episodes.models import Discharge, Visit

ACCESS_AFTER_VISIT = "episodes.access_after_visit"


@access.command
def end_visit(*, actor: Actor, visit_id: UUID, revision: int, at: datetime) -> None:
    """End a visit that is no stay. A repeat with the same revision changes nothing.

    Raises NotFound, Conflict for a stay (which ends by discharge), StaleRevision.
    """
    actor.require("episodes.write")
    visit = lock_visit(actor, visit_id)
    if visit.kind == VisitKind.INPATIENT:
        raise Conflict(N_("住院要办出院，不能直接结束"))
    if _is_ended_by(visit, revision):
        return
    _end(actor, visit, at=at)
    audit.note(actor, "episodes.end_visit", kind=VISIT, record_id=visit.id, person_id=visit.person_id, at=at)


@access.command
def discharge(*, actor: Actor, visit_id: UUID, spec: DischargeSpec, revision: int, at: datetime) -> None:
    """Discharge a person from hospital. A repeat with the same revision changes nothing.

    Raises NotFound, InvalidInput (with its field), StaleRevision.
    """
    actor.require("episodes.write")
    visit = lock_visit(actor, visit_id)
    if _is_ended_by(visit, revision):
        return
    _discharge(actor, visit, spec, at=at)
    audit.note(
        actor,
        "episodes.discharge",
        kind=VISIT,
        record_id=visit.id,
        person_id=visit.person_id,
        at=at,
        detail={"way": spec.way.value, "outcome": spec.outcome.value},
    )


def end_visit_by_discharge(actor: Actor, visit_id: UUID, spec: DischargeSpec, *, at: datetime) -> None:
    """Discharge a person inside another room's command (outcome of a referral).

    Participant: the caller has checked the permission, writes the audit row and vacates the bed.
    Raises NotFound, InvalidInput (with its field), Conflict when the stay has ended already.
    """
    access.ensure_in_transaction()
    visit = lock_visit(actor, visit_id)
    if visit.ended_at is not None:
        raise Conflict(N_("这次住院已经办过出院"))
    _discharge(actor, visit, spec, at=at)


def _is_ended_by(visit: Visit, revision: int) -> bool:
    """Whether this very request has ended the visit already. Raises StaleRevision when another has."""
    if visit.ended_at is not None and visit.revision == revision + 1:
        return True
    if visit.revision != revision:
        raise StaleRevision
    return False


def clean_discharge(spec: DischargeSpec, kind: VisitKind) -> DischargeSpec:
    """The discharge as stored. Raises InvalidInput."""
    summary = clean_text(spec.summary, longest=LONGEST_TEXT, field="summary")
    ensure_discharge(replace(spec, summary=summary), kind)
    return replace(spec, summary=summary)


def _discharge(actor: Actor, visit: Visit, spec: DischargeSpec, *, at: datetime) -> None:
    spec = clean_discharge(spec, VisitKind(visit.kind))
    Discharge.objects.create(
        **rows.discharge_columns(
            key_of(visit), spec, row_id=new_id(), writer=writer(actor, at), discharged_at=at
        )
    )
    _end(actor, visit, at=at)
    outbox.record(
        PersonDischarged(
            visit_id=visit.id,
            episode_id=visit.episode_id,
            person_id=visit.person_id,
            institution_id=visit.institution_id,
            way=spec.way.value,
            outcome=spec.outcome.value,
            discharged_at=at,
        )
    )
    if spec.way is DischargeWay.DIED:
        close_locked(actor, lock_episode(visit.episode_id), reason=N_("死亡"), at=at)


def _end(actor: Actor, visit: Visit, *, at: datetime) -> None:
    if at < visit.started_at:
        raise InvalidInput(N_("结束时间早于开始时间"), field="ended_at")
    Visit.objects.filter(id=visit.id).update(ended_at=at, ended_by=actor.user_id, revision=visit.revision + 1)
    touch_episode(visit.episode_id, at)
    days = rules.find(ACCESS_AFTER_VISIT, local_date(at)).integer()
    residents.end_access(actor, for_kind=VISIT, for_id=visit.id, at=at + timedelta(days=days))
    outbox.record(VisitEnded(visit.id, visit.episode_id, visit.person_id, visit.institution_id, at))
