"""Drafts: kept, given back to their writer only, and gone when the form was submitted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.drafts import public as drafts
from yiti.foundation.drafts.commands import give_up_draft, save_draft
from yiti.foundation.drafts.models import Draft
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.tests.builders import an_actor


def save(actor: Actor, at: datetime, **typed: list[str]) -> None:
    save_draft(actor=actor, form="referral", subject="p1", typed=typed, at=at)


def test_what_was_typed_comes_back(db: None, at: datetime) -> None:
    actor = an_actor()
    save(actor, at, summary=["反复胸闷 3 天"], diagnoses=["I20.0", "I10"])
    save(actor, at + timedelta(seconds=10), summary=["反复胸闷 3 天，今晨胸痛"])
    row = drafts.draft(actor, form="referral", subject="p1")
    assert row is not None
    assert row.content == {"summary": ["反复胸闷 3 天，今晨胸痛"]}
    assert row.saved_at == at + timedelta(seconds=10)


def test_tokens_and_passwords_are_not_kept(db: None, at: datetime) -> None:
    actor = an_actor()
    save(actor, at, csrfmiddlewaretoken=["x"], password=["secret"], summary=["胸闷"])
    row = drafts.draft(actor, form="referral", subject="p1")
    assert row is not None
    assert row.content == {"summary": ["胸闷"]}


def test_a_draft_that_no_form_could_hold_is_refused(db: None, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        save(an_actor(), at, summary=["长" * 60_001])


def test_nobody_else_gets_it_not_even_past_the_selector(committed_db: None, at: datetime) -> None:
    writer, other = an_actor(), an_actor(name="别人")
    save(writer, at, summary=["胸闷"])
    assert drafts.draft(other, form="referral", subject="p1") is None
    with access.scoped(other):
        assert Draft.objects.count() == 0
    with access.scoped(writer):
        assert Draft.objects.count() == 1


def test_without_a_scope_there_are_no_rows(committed_db: None, at: datetime) -> None:
    save(an_actor(), at, summary=["胸闷"])
    assert Draft.objects.count() == 0


def test_a_submitted_form_takes_its_draft_along(db: None, at: datetime) -> None:
    actor = an_actor()
    save(actor, at, summary=["胸闷"])
    give_up_draft(actor=actor, form="referral", subject="p1", at=at)
    assert drafts.draft(actor, form="referral", subject="p1") is None
    give_up_draft(actor=actor, form="referral", subject="p1", at=at)
