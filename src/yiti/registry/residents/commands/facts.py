"""Allergies and risk marks. Allergies are only added: a correction names what it replaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.residents.commands.locking import lock_record
from yiti.registry.residents.domain import (
    AllergySpec,
    Noted,
    RiskSpec,
    clean_allergy,
    ensure_risk,
    prepare_allergy,
    prepare_risk,
)
from yiti.registry.residents.models import Allergy, RiskMark
from yiti.registry.terminology import public as terminology


@access.command
def add_allergy(*, actor: Actor, person_id: UUID, spec: AllergySpec, at: datetime) -> UUID:
    """Write down an allergy; sent again, it answers as the first time. Raises NotFound, InvalidInput."""
    actor.require("residents.write")
    record = lock_record(person_id)
    if Allergy.objects.filter(pk=spec.id, person_id=record.pk).exists():
        return spec.id
    Allergy.objects.bulk_create([Allergy(**prepare_allergy(record.pk, _clean(spec, at), _noted(actor, at)))])
    _note(actor, "residents.add_allergy", spec.id, record.pk, at)
    return spec.id


def _clean(spec: AllergySpec, at: datetime) -> AllergySpec:
    clean = clean_allergy(spec, on=local_date(at))
    if clean.substance_code:
        terminology.ensure_choice("allergen", clean.substance_code, field="substance_code")
    if clean.reaction:
        terminology.ensure_choice("allergy-reaction", clean.reaction, field="reaction")
    terminology.ensure_choice("allergy-severity", clean.severity, field="severity")
    return clean


def _noted(actor: Actor, at: datetime) -> Noted:
    return Noted(at, actor.user_id, actor.name, actor.institution_id)


def _note(actor: Actor, action: str, record_id: UUID, person_id: UUID, at: datetime) -> None:
    kind = "residents.allergy" if action.endswith("allergy") else "residents.risk"
    audit.note(actor, action, kind=kind, record_id=record_id, person_id=person_id, at=at)


@access.command
def correct_allergy(*, actor: Actor, allergy_id: UUID, spec: AllergySpec, at: datetime) -> UUID:
    """Replace a statement by a better one; sent again, it answers as the first time.

    Raises NotFound, InvalidInput, Conflict when somebody else has replaced it.
    """
    actor.require("residents.write")
    wrong = _lock_allergy(allergy_id)
    if Allergy.objects.filter(pk=spec.id, replaces=wrong).exists():
        return spec.id
    _ensure_last_word(wrong)
    row = prepare_allergy(wrong.person_id, _clean(spec, at), _noted(actor, at), replaces_id=wrong.pk)
    Allergy.objects.bulk_create([Allergy(**row)])
    _note(actor, "residents.correct_allergy", spec.id, wrong.person_id, at)
    return spec.id


@access.command
def refute_allergy(*, actor: Actor, allergy_id: UUID, refutation_id: UUID, note: str, at: datetime) -> UUID:
    """State that the person is not allergic to this after all, and why.

    Raises NotFound, InvalidInput, Conflict when somebody else has replaced the statement.
    """
    actor.require("residents.write")
    wrong = _lock_allergy(allergy_id)
    if Allergy.objects.filter(pk=refutation_id, replaces=wrong).exists():
        return refutation_id
    _ensure_last_word(wrong)
    if not note.strip():
        raise InvalidInput(N_("请写明为什么不算过敏"), field="note")
    same = AllergySpec(
        refutation_id, wrong.substance_code, wrong.substance_text, wrong.reaction, wrong.severity
    )
    clean = clean_allergy(replace(same, note=note), on=local_date(at))
    row = prepare_allergy(wrong.person_id, clean, _noted(actor, at), replaces_id=wrong.pk, is_refuted=True)
    Allergy.objects.bulk_create([Allergy(**row)])
    _note(actor, "residents.refute_allergy", refutation_id, wrong.person_id, at)
    return refutation_id


def _lock_allergy(allergy_id: UUID) -> Allergy:
    """The statement, with its person's record locked (rows that never change need no lock of their own)."""
    found = Allergy.objects.filter(pk=allergy_id).first()
    if found is None:
        raise NotFound
    lock_record(found.person_id)
    return found


def _ensure_last_word(allergy: Allergy) -> None:
    if allergy.is_refuted or Allergy.objects.filter(replaces=allergy).exists():
        raise Conflict(N_("这条过敏刚被别人更正过，请看过新的内容再改"))


@access.command
def mark_risk(*, actor: Actor, person_id: UUID, spec: RiskSpec, at: datetime) -> UUID:
    """Put a risk mark on a person; one of the same kind ends where the new one begins.

    Sent again, it answers as the first time. Raises NotFound, InvalidInput.
    """
    actor.require("residents.write")
    record = lock_record(person_id)
    if RiskMark.objects.filter(pk=spec.id, person_id=record.pk).exists():
        return spec.id
    ensure_risk(spec, on=local_date(at))
    before = RiskMark.objects.filter(person_id=record.pk, code=spec.code, until_date__isnull=True).first()
    if before is not None:
        _end(actor, before, max(spec.since_date, before.since_date), at)
    RiskMark.objects.bulk_create([RiskMark(**prepare_risk(record.pk, spec, _noted(actor, at)))])
    _note(actor, "residents.mark_risk", spec.id, record.pk, at)
    return spec.id


@access.command
def end_risk(*, actor: Actor, risk_id: UUID, until_date: date, at: datetime) -> None:
    """A risk no longer holds from that day on. Nothing happens the second time.

    Raises NotFound, InvalidInput for a day before it began or after today.
    """
    actor.require("residents.write")
    found = RiskMark.objects.filter(pk=risk_id).first()
    if found is None:
        raise NotFound
    lock_record(found.person_id)
    found.refresh_from_db()
    if found.until_date is not None:
        return
    if not found.since_date <= until_date <= local_date(at):
        raise InvalidInput(N_("结束日期要在开始日期和今天之间"), field="until_date")
    _end(actor, found, until_date, at)
    _note(actor, "residents.end_risk", risk_id, found.person_id, at)


def _end(actor: Actor, mark: RiskMark, until_date: date, at: datetime) -> None:
    RiskMark.objects.filter(pk=mark.pk).update(until_date=until_date, ended_at=at, ended_by=actor.user_id)
