"""Getting one's own drafts back."""

from __future__ import annotations

from yiti.foundation.access import public as access
from yiti.foundation.drafts.domain import DraftRow
from yiti.foundation.drafts.models import Draft
from yiti.kernel.actor import Actor


@access.selector
def draft(actor: Actor, *, form: str, subject: str) -> DraftRow | None:
    """The actor's own draft of a form about a subject, or None."""
    found = Draft.objects.filter(user_id=actor.user_id, form=form, subject=subject).first()
    return None if found is None else DraftRow(found.content, found.saved_at)
