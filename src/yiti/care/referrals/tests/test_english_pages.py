"""The pages of a referral in English: what the system says is English, only what people typed is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from yiti.care.referrals.domain.remarks import WORDINGS
from yiti.care.referrals.models import DownDrug, DownReferral, UpReferral
from yiti.care.referrals.selectors.hearing import hear
from yiti.care.referrals.tests.builders import County
from yiti.care.referrals.tests.pages import a_county_of_today, at_desk, text
from yiti.care.referrals.tests.test_pages import STEPS, answered
from yiti.kernel.text import Phrase
from yiti.registry.facilities.models import Consortium, Department, Institution, Region
from yiti.registry.residents.models import Resident
from yiti.registry.staff.models import StaffMember
from yiti.spine.episodes.models import Visit
from yiti.spine.handoffs.models import Handoff

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u3400-\u9fff]+")
OTHER_LANGUAGE = "中文"  # the switch of the menu names the language it leads to


@pytest.fixture
def county(db: None) -> County:
    """The small county of today."""
    return a_county_of_today()


def in_english(client: Client) -> Client:
    """The same browser after the switch of language."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def typed(forms: Iterator[str]) -> list[str]:
    """What people have named and written, longest first: it stays in the language it was written in."""
    found = {OTHER_LANGUAGE, *forms}
    for model, names in (
        (Institution, ("name", "short_name")),
        (Department, ("name",)),
        (Consortium, ("name",)),
        (Region, ("name",)),
        (StaffMember, ("name",)),
        (Resident, ("name", "address", "contact_name")),
        (Visit, ("chief_complaint",)),
        (Handoff, ("person_name",)),
    ):
        for row in model.objects.values_list(*names):
            found.update(row)
    found.update(name[:1] for name in StaffMember.objects.values_list("name", flat=True))  # the round mark
    return sorted(filter(None, found), key=len, reverse=True)


def left_of(page: str, known: list[str]) -> list[str]:
    """The Chinese of a page besides what is known."""
    for name in known:
        page = page.replace(name, "")
    return CHINESE.findall(page)


def columns_of(handoff_id: UUID) -> Iterator[str]:
    """The free texts of a referral of either way; of what the system wrote there, none."""
    found: tuple[QuerySet[Any, Any], ...] = (
        UpReferral.objects.filter(handoff_id=handoff_id).values(),
        DownReferral.objects.filter(handoff_id=handoff_id).values(),
        DownDrug.objects.filter(down_id=handoff_id).values(),
    )
    for row in chain.from_iterable(found):
        yield from (str(each) for column, each in row.items() if each and column != "approval_text")


@pytest.mark.parametrize("step", STEPS)
def test_a_referral_says_everything_of_its_own_in_english(county: County, step: str) -> None:
    """Page, work list, bell and paper: reasons, remarks, outcomes, payer, relations, approvals."""
    made, who, given, _state = STEPS[step]
    row = made(county)
    client = in_english(at_desk(getattr(county, who)))
    pages = [reverse("referrals:detail", args=[row.id]), reverse("handoffs:preview", args=[row.id])]
    before = [text(client.get(page)) for page in pages]
    client.post(reverse(f"referrals:{step}", args=[row.id]), answered(county, step, given, row))
    others = [reverse("handoffs:work"), reverse("bell"), reverse("referrals:print", args=[row.id])]
    after = [text(client.get(page)) for page in [*pages, *others]]
    known = typed(columns_of(row.id))
    assert [left_of(page, known) for page in [*before, *after]] == [[]] * 7


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_kept_remark_is_heard_as_what_it_was_made_as(db: None, wording: str) -> None:
    names = re.findall(r"\{(\w+)\}", wording)
    kept = wording.format(**{name: f"X{name}" for name in names})
    heard = hear(kept)
    assert isinstance(heard, Phrase)
    assert (heard, heard.template) == (kept, wording)
