"""The pages of a referral: who gets in, what a step does once, what is said and printed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from yiti.care.referrals import commands
from yiti.care.referrals.commands import note_print
from yiti.care.referrals.domain import PrintCopy
from yiti.care.referrals.models import PrintLog
from yiti.care.referrals.tests import builders
from yiti.care.referrals.tests.builders import MINUTE, County
from yiti.care.referrals.tests.pages import (
    a_county_of_today,
    accepted,
    admitted,
    arrived,
    at_desk,
    departed,
    outcome_sent,
    overdue,
    received,
    sent,
    sent_down,
    text,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id
from yiti.registry.facilities.tests.builders import an_institution
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> County:
    """The small county of today."""
    return a_county_of_today()


Made = Callable[[County], handoffs.HandoffRow]
DOCTOR, NURSE, WARD, PHYSICIAN = "village_doctor", "nurse", "ward_doctor", "physician"

STEPS: dict[str, tuple[Made, str, dict[str, str], str]] = {
    "accept": (sent, NURSE, {}, "accepted"),
    "return": (sent, NURSE, {"reason_code": "vitals"}, "returned"),
    "decline": (sent, NURSE, {"reason_code": "no-bed", "suggests": ""}, "declined"),
    "cancel": (sent, DOCTOR, {"reason_code": "wrong-person"}, "cancelled"),
    "undo_accept": (accepted, NURSE, {}, "sent"),
    "depart": (accepted, DOCTOR, {"transport_code": "county-120"}, "in_transit"),
    "arrive": (departed, NURSE, {}, "arrived"),
    "no_show": (overdue, NURSE, {}, "no_show"),
    "undo_arrive": (arrived, NURSE, {}, "in_transit"),
    "admit": (arrived, WARD, {}, "in_care"),
    "send_outcome": (admitted, WARD, {"outcome": "2", "way": "3", "summary": "PCI 术后"}, "outcome_sent"),
    "close": (outcome_sent, DOCTOR, {}, "closed"),
    "receive": (sent_down, PHYSICIAN, {}, "received"),
    "undo_receive": (received, PHYSICIAN, {}, "sent"),
}


def answered(county: County, step: str, given: dict[str, str], row: handoffs.HandoffRow) -> dict[str, str]:
    """The form of a step as it is sent."""
    form = {"revision": str(row.revision), **given}
    if step == "admit":
        form |= {"visit_id": str(new_id()), "bed_id": f"{county.beds[1].pk}:"}
    if step == "accept":
        form["bed_id"] = f"{county.beds[1].pk}:"
    if step == "receive":
        form["follower"] = f"{county.clinic.pk}:{county.village_doctor.staff_id}"
    return form


@pytest.mark.parametrize(("made", "who", "given", "state"), STEPS.values(), ids=STEPS.keys())
def test_a_step_is_asked_taken_once_and_refused_to_strangers(
    county: County, request: pytest.FixtureRequest, made: Made, who: str, given: dict[str, str], state: str
) -> None:
    step = request.node.callspec.id
    row = made(county)
    path = reverse(f"referrals:{step}", args=[row.id])
    actor: Actor = getattr(county, who)
    stranger = at_desk(somebody_at(an_institution(), *actor.permissions, role="stranger"))
    refused, absent = stranger.get(path), stranger.get(reverse(f"referrals:{step}", args=[new_id()]))
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert refused.content == absent.content
    clerk = at_desk(somebody_at(county.head, "residents.read", role="clerk"))
    assert clerk.post(path, answered(county, step, given, row)).status_code == 404
    client = at_desk(actor)
    asked = client.get(path)
    assert asked.status_code == 200
    assert row.person_name in text(asked)
    form = answered(county, step, given, row)
    done = client.post(path, form)
    assert done.status_code == 302, text(done)
    assert handoffs.detail(actor, row.id).state == state
    revision = handoffs.detail(actor, row.id).revision
    assert client.post(path, form).status_code in {302, 422}
    assert handoffs.detail(actor, row.id).revision == revision, "a second press changes nothing"


def test_a_step_that_cannot_be_taken_now_is_not_offered(county: County) -> None:
    row = sent(county)
    client = at_desk(county.nurse)
    assert client.get(reverse("referrals:admit", args=[row.id])).status_code == 404
    assert client.get(reverse("referrals:undo_accept", args=[row.id])).status_code == 409
    page = text(client.get(reverse("referrals:detail", args=[row.id])))
    assert "谢绝并通知" in page
    assert "登记发车" not in page


def test_a_stale_page_is_refused_with_what_was_typed(county: County) -> None:
    row = sent(county)
    builders.accepted(county, row, at=now() - 100 * MINUTE)
    form = {"revision": str(row.revision), "reason_code": "no-bed", "reason_text": "满床了"}
    answer = at_desk(county.nurse).post(reverse("referrals:decline", args=[row.id]), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "满床了" in page
    assert "谢绝并通知" not in page, "the step is over"
    for told in ("没有提交", "接收", "已接诊", "看最新情况"):
        assert told in text(answer)
    assert handoffs.detail(county.nurse, row.id).state == "accepted"


def test_what_was_typed_on_a_stale_page_goes_through_with_the_next_press(county: County) -> None:
    row = sent(county)
    revision = handoffs.detail(county.nurse, row.id).revision
    taken = builders.accepted(county, row, at=now() - 100 * MINUTE)
    commands.undo_accept(
        actor=county.nurse, handoff_id=row.id, revision=taken.revision, at=now() - 99 * MINUTE
    )
    client, path = at_desk(county.nurse), reverse("referrals:decline", args=[row.id])
    form = {"revision": str(revision), "reason_code": "no-bed", "reason_text": "满床了"}
    answer = client.post(path, form)
    assert "谢绝并通知" in text(answer)
    form["revision"] = str(answer.context["form"]["revision"].value())
    assert client.post(path, form).status_code == 302
    assert handoffs.detail(county.nurse, row.id).state == "declined"


# ---- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["detail", "print"])
@pytest.mark.parametrize("made", [sent, received], ids=["up", "down"])
def test_a_referral_opens_to_its_sides_only(county: County, made: Made, name: str) -> None:
    row = made(county)
    path = reverse(f"referrals:{name}", args=[row.id])
    assert row.number in text(at_desk(county.physician if made is received else county.nurse).get(path))
    stranger = at_desk(somebody_at(an_institution(), *county.nurse.permissions, role="stranger"))
    assert stranger.get(path).status_code == 404
    assert Client().get(path).status_code == 302
    read = AuditEntry.objects.filter(action=f"read:referrals:{name}", record_id=row.id)
    assert read.filter(person_id=row.person_id).exists()


@pytest.mark.parametrize("made", [sent, sent_down], ids=["up", "down"])
def test_the_preview_shows_who_why_and_what_to_do(county: County, made: Made) -> None:
    row = made(county)
    client = at_desk(county.nurse if made is sent else county.physician)
    path = reverse("referrals:preview", args=[row.id])
    shown = client.get(path, headers={"HX-Request": "true"})
    assert "<html" not in shown.content.decode()
    assert ("今晨静息胸痛" if made is sent else "PCI 术后 5 天") in text(shown)
    assert "168/102" in text(shown)
    assert ("空床 3" in text(shown)) is (made is sent)
    assert client.get(path)["Location"] == reverse("referrals:detail", args=[row.id])


def test_the_list_accepts_into_a_bed_with_one_press(county: County) -> None:
    row = sent(county)
    client, preview = at_desk(county.nurse), reverse("referrals:preview", args=[row.id])
    shown = client.get(preview, headers={"HX-Request": "true"}).content.decode()
    bed = re.findall(r'<option value="([^"]+)">', shown)[0]
    assert 'id="preview-act" hx-swap-oob="true"' in shown
    done = client.post(
        reverse("referrals:accept", args=[row.id]),
        {"revision": str(row.revision), "bed_id": bed},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/work/"},
    )
    assert (done.status_code, done["HX-Redirect"]) == (204, "/work/")
    assert handoffs.detail(county.nurse, row.id).state == "accepted"
    assert "preview-act" not in client.get(preview, headers={"HX-Request": "true"}).content.decode()


def test_who_may_not_answer_is_offered_no_bed(county: County) -> None:
    row = sent(county)
    client = at_desk(county.village_doctor)
    preview = reverse("referrals:preview", args=[row.id])
    assert "preview-act" not in client.get(preview, headers={"HX-Request": "true"}).content.decode()


def test_a_new_referral_begins_with_the_person(county: County) -> None:
    client = at_desk(county.village_doctor)
    assert reverse("referrals:new") in client.get(reverse("referrals:begin")).content.decode()
    assert "给谁转诊" in text(client.get(reverse("referrals:new")))


def test_the_sides_talk_and_a_message_is_said_once(county: County) -> None:
    row = sent(county)
    client = at_desk(county.nurse)
    form = {"message_id": str(new_id()), "text": "请带上心电图"}
    path = reverse("referrals:say", args=[row.id])
    assert client.post(path, form).status_code == 302
    assert client.post(path, form).status_code == 302
    said = [each.text for each in handoffs.messages(county.village_doctor, row.id)]
    assert said == ["请带上心电图"]
    assert client.post(path, {"message_id": str(new_id()), "text": " "}).status_code == 422


def test_only_an_asked_for_print_counts(county: County) -> None:
    row = sent(county)
    client = at_desk(county.village_doctor)
    path = reverse("referrals:print", args=[row.id])
    note_print(actor=county.nurse, handoff_id=row.id, copy=PrintCopy.FORM, at=now() - MINUTE)
    assert "已打印 1 次" in text(client.get(path))
    printed = client.post(path)
    assert "第 2 次打印" in text(printed)
    assert re.search(r'<svg[^>]*class="sheet-qr"', printed.content.decode())
    assert "style=" not in printed.content.decode()
    assert PrintLog.objects.filter(handoff_id=row.id).count() == 2
