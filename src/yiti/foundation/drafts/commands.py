"""Saving and throwing away drafts. A draft becomes part of the trail when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.drafts.domain import clean_content
from yiti.foundation.drafts.models import Draft
from yiti.kernel.actor import Actor


@access.command
def save_draft(
    *, actor: Actor, form: str, subject: str, typed: Mapping[str, Sequence[str]], at: datetime
) -> None:
    """Keep what was typed, replacing the draft of the same form and subject."""
    draft, is_new = Draft.objects.update_or_create(
        user_id=actor.user_id,
        form=form,
        subject=subject,
        defaults={"content": clean_content(typed), "saved_at": at},
    )
    if is_new:
        audit.note(actor, "drafts.save_draft", kind=f"drafts.{form}", record_id=draft.id, at=at)


def discard_draft(actor: Actor, *, form: str, subject: str, at: datetime) -> None:
    """Throw a draft away because its form was submitted or given up (participant)."""
    access.ensure_in_transaction()
    mine = Draft.objects.select_for_update().filter(user_id=actor.user_id, form=form, subject=subject)
    draft = mine.first()
    if draft is not None:
        draft_id = draft.id
        draft.delete()
        audit.note(actor, "drafts.discard_draft", kind=f"drafts.{form}", record_id=draft_id, at=at)


@access.command
def give_up_draft(*, actor: Actor, form: str, subject: str, at: datetime) -> None:
    """The writer wants the form empty again."""
    discard_draft(actor, form=form, subject=subject, at=at)
