"""Reviewing emergency openings, and having read the news of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_
from yiti.registry.residents.commands.access import BREAK_GLASS
from yiti.registry.residents.domain.glass import Verdict, clean_note
from yiti.registry.residents.models import BreakGlass, GlassMark, GlassReview

_DECIDED = {
    Verdict.JUSTIFIED: N_("{who} 已经核查过：合理"),
    Verdict.UNJUSTIFIED: N_("{who} 已经核查过：不合理"),
}


@access.command
def review_break_glass(*, actor: Actor, glass_id: UUID, verdict: Verdict, note: str, at: datetime) -> None:
    """Say whether an emergency opening was justified: once, and never by the one who opened.

    `note` has at least five characters. The same review sent twice stands once. Raises NotFound,
    InvalidInput, and Conflict with what another one has decided.
    """
    actor.require("audit.read")
    opened = BreakGlass.objects.filter(pk=glass_id).first()
    if opened is None:
        raise NotFound
    if opened.opened_by == actor.user_id:
        raise Conflict(N_("自己的紧急调阅要由别人核查"))
    said = clean_note(note)
    review = GlassReview(
        glass_id=glass_id,
        verdict=verdict,
        note=said,
        reviewed_at=at,
        reviewed_by=actor.user_id,
        reviewed_by_name=actor.name,
    )
    if not _added(review):
        return
    audit.note(
        actor,
        "residents.review_break_glass",
        kind=BREAK_GLASS,
        record_id=glass_id,
        person_id=opened.person_id,
        at=at,
        detail={"verdict": verdict.value, "note": said},
    )


def _added(review: GlassReview) -> bool:
    """Whether the review is new; False for a repeat. Raises Conflict where another one stands."""
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        stands = GlassReview.objects.get(pk=review.pk)
        same = (stands.reviewed_by, stands.verdict, stands.note)
        if same == (review.reviewed_by, review.verdict, review.note):
            return False
        raise Conflict(_DECIDED[Verdict(stands.verdict)], who=stands.reviewed_by_name) from None
    return True


@access.command
def read_glass_news(*, actor: Actor, at: datetime) -> None:
    """Remember that the user has read the news of emergency openings up to now."""
    actor.require("residents.read")
    GlassMark.objects.update_or_create(user_id=actor.user_id, defaults={"read_until": at})
    audit.note(actor, "residents.read_glass_news", kind="residents.glass_news", record_id=None, at=at)
