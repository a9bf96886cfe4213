"""What the views of this room share: which referral is meant, and words about a code."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from yiti.care.referrals.domain import DOWN_KIND, UP_KIND, Tables
from yiti.care.referrals.selectors import down_detail, up_detail
from yiti.care.referrals.selectors.rows import DownDetail, UpDetail
from yiti.foundation.drafts import public as drafts
from yiti.foundation.web import public as web
from yiti.kernel.display import full_time
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.handoffs import public as handoffs

RECORD = "referrals.referral"
READ, SEND = "referrals.read", "referrals.send"
Detail = UpDetail | DownDetail


def opened(request: web.PageRequest, handoff_id: UUID) -> Detail:
    """The referral of the page, named for the audit row. Raises NotFound."""
    row = handoffs.detail(request.actor, handoff_id)
    web.touch(request, kind=RECORD, record_id=row.id, person_id=row.person_id)
    if row.kind_code == UP_KIND:
        return up_detail(request.actor, handoff_id, request.at)
    if row.kind_code == DOWN_KIND:
        return down_detail(request.actor, handoff_id, request.at)
    raise NotFound


def person_asked_for(request: web.PageRequest) -> UUID:
    """The person of the address, under the id read now. Raises NotFound."""
    try:
        return residents.canonical_id(UUID(request.GET.get("person", "")))
    except ValueError:
        raise NotFound from None


def id_asked_for(request: web.PageRequest, name: str) -> UUID | None:
    """An id of the address, or None. Raises NotFound for what is no id."""
    if not (given := request.GET.get(name, "")):
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotFound from None


def kept_draft(request: web.PageRequest, form: str, person_id: UUID) -> drafts.DraftRow | None:
    """What was typed before and not sent; `fresh` in the address asks for an empty form."""
    if "fresh" in request.GET:
        return None
    return drafts.draft(request.actor, form=form, subject=str(person_id))


def choices(table: str) -> list[tuple[str, str]]:
    """Code and word of a code table in the reader's language."""
    return terminology.choices(table, language=get_language() or "zh-hans")


def diagnosis_label(code: str) -> str:
    """`I20.0 不稳定型心绞痛` for a code one may choose, "" for another."""
    try:
        terminology.ensure_choice(Tables.DISEASE, code, field="diagnoses")
    except (InvalidInput, NotFound):
        return ""
    return f"{code} {web.said(terminology.term(Tables.DISEASE, code))}"


def diagnosis_address() -> str:
    """Where a picker asks for diagnoses."""
    return reverse("terminology:search", args=[Tables.DISEASE])


def watermark(request: web.PageRequest) -> str:
    """Who looks, and when."""
    return f"{request.actor.name} {request.user.get_username()} {full_time(request.at)}"
