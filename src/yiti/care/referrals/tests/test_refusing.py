"""Return, supply, decline: coded, with what was missing or where else to ask; for both kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import CaseText, Contact, Reason, Target, Up
from yiti.care.referrals.models import CodedReason, UpAmendment, UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_visit,
    episode_of,
    sent_down,
    sent_up,
)
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs import public as handoffs

pytestmark = pytest.mark.django_db

LATER = START + 10 * MINUTE


def returned(county: County, row: handoffs.HandoffRow, *, code: str = "results") -> handoffs.HandoffRow:
    return commands.return_for_information(
        actor=county.nurse,
        handoff_id=row.id,
        reason=Reason(code, "请补心电图"),
        revision=row.revision,
        at=LATER,
    )


def supplied(
    county: County, row: handoffs.HandoffRow, comment: str, case: CaseText | None = None
) -> handoffs.HandoffRow:
    return commands.supply_up(
        actor=county.village_doctor,
        handoff_id=row.id,
        comment=comment,
        case=case,
        revision=row.revision,
        at=LATER + HOUR,
    )


def test_a_return_says_in_code_and_words_what_is_missing(county: County) -> None:
    row = returned(county, sent_up(county))
    assert row.state == Up.RETURNED
    reason = CodedReason.objects.get(handoff_id=row.id)
    assert (reason.step, reason.code, reason.seq) == ("return", "results", 2)
    line = handoffs.history(county.village_doctor, row.id)[0]
    assert (line.title, line.text) == ("退回，请补充", "缺检查检验结果 · 请补心电图 · 李秀萍")


def test_a_reason_must_be_one_of_the_list(county: County) -> None:
    row = sent_up(county)
    with pytest.raises(InvalidInput) as refused:
        returned(county, row, code="mood")
    assert refused.value.field == "reason_code"


def test_what_is_supplied_in_words_sends_it_again(county: County) -> None:
    row = supplied(county, returned(county, sent_up(county)), "血压 160/98，胸痛减轻")
    assert row.state == Up.SENT
    assert UpReferral.objects.get(handoff_id=row.id).valid_until == LATER + 73 * HOUR
    line = handoffs.history(county.nurse, row.id)[0]
    assert (line.title, line.text) == ("补充病情", "血压 160/98，胸痛减轻 · 邓志明")


def test_what_is_written_anew_is_shown_and_what_stood_there_is_kept(county: County) -> None:
    row = returned(county, sent_up(county))
    before = UpReferral.objects.get(handoff_id=row.id)
    case = CaseText(
        summary=before.summary, treatments=before.treatments, results="心电图 V3-V6 ST 段压低 0.1 mV"
    )
    row = supplied(county, row, "", case)
    assert UpReferral.objects.get(handoff_id=row.id).results == "心电图 V3-V6 ST 段压低 0.1 mV"
    (kept,) = UpAmendment.objects.filter(up_id=row.id)
    assert (kept.field, kept.old, kept.new) == ("results", "", "心电图 V3-V6 ST 段压低 0.1 mV")
    assert handoffs.history(county.nurse, row.id)[0].text == "已改：检查检验 · 邓志明"
    (line,) = selectors.up_detail(county.nurse, row.id, LATER + HOUR).amendments
    assert (line.part, line.new, line.by_name) == ("检查检验", "心电图 V3-V6 ST 段压低 0.1 mV", "邓志明")


def test_nothing_supplied_is_not_sent_again(county: County) -> None:
    row = returned(county, sent_up(county))
    up = UpReferral.objects.get(handoff_id=row.id)
    with pytest.raises(InvalidInput, match="请写补充了什么"):
        supplied(county, row, "  ", CaseText(summary=up.summary, treatments=up.treatments))
    assert handoffs.detail(county.nurse, row.id).state == Up.RETURNED


def test_a_refusal_names_the_reason_and_another_place(county: County) -> None:
    row = sent_up(county)
    row = commands.decline(
        actor=county.nurse,
        handoff_id=row.id,
        reason=Reason("no-specialist", "导管室检修"),
        suggests=county.tcm.pk,
        revision=row.revision,
        at=LATER,
    )
    assert (row.state, row.is_open) == (Up.DECLINED, False)
    reason = CodedReason.objects.get(handoff_id=row.id)
    assert (reason.code, reason.suggested_institution_id) == ("no-specialist", county.tcm.pk)
    line = handoffs.history(county.village_doctor, row.id)[0]
    assert line.text == "当日无专科医师，建议转连南县中医院 · 导管室检修 · 李秀萍"


def test_a_place_nobody_knows_is_not_suggested(county: County) -> None:
    row = sent_up(county)
    with pytest.raises(InvalidInput) as refused:
        commands.decline(
            actor=county.nurse,
            handoff_id=row.id,
            reason=Reason("no-bed"),
            suggests=new_id(),
            revision=row.revision,
            at=LATER,
        )
    assert refused.value.field == "suggests"


def test_a_way_down_is_returned_supplied_and_refused_in_the_same_words(county: County) -> None:
    visit_id = a_visit(county.ward_doctor, county.person_id)
    row = sent_down(county, at=START, episode_id=episode_of(county.ward_doctor, visit_id))
    row = commands.return_for_information(
        actor=county.physician, handoff_id=row.id, reason=Reason("medication"), revision=1, at=LATER
    )
    row = commands.supply_down(
        actor=county.ward_doctor, handoff_id=row.id, comment="氯吡格雷每日 1 次", revision=2, at=LATER
    )
    assert row.state == "sent"
    row = commands.decline(
        actor=county.physician, handoff_id=row.id, reason=Reason("out-of-scope"), revision=3, at=LATER
    )
    assert row.state == "declined"
    assert list(CodedReason.objects.order_by("seq").values_list("step", "code")) == [
        ("return", "medication"),
        ("decline", "out-of-scope"),
    ]


def test_a_way_down_is_supplied_in_words_only(county: County) -> None:
    visit_id = a_visit(county.ward_doctor, county.person_id)
    row = sent_down(county, at=START, episode_id=episode_of(county.ward_doctor, visit_id))
    row = commands.return_for_information(
        actor=county.physician, handoff_id=row.id, reason=Reason("medication"), revision=1, at=LATER
    )
    tries: tuple[Callable[[], object], ...] = (
        lambda: commands.supply_up(
            actor=county.ward_doctor, handoff_id=row.id, comment="补", revision=2, at=LATER
        ),
        lambda: commands.supply_down(
            actor=county.ward_doctor, handoff_id=row.id, comment=" ", revision=2, at=LATER
        ),
    )
    for wrong in tries:
        with pytest.raises((NotFound, InvalidInput)):
            wrong()


# --- the wrong person -----------------------------------------------------------------------------
def test_what_was_written_for_the_wrong_person_is_there_for_the_right_one(county: County) -> None:
    doctor = county.village_doctor
    row = sent_up(county)
    commands.cancel(
        actor=doctor, handoff_id=row.id, reason=Reason("wrong-person"), revision=row.revision, at=LATER
    )
    right = residents.a_person(doctor, at=LATER)
    episode_id = episode_of(doctor, a_visit(doctor, right, at=LATER))
    fresh = new_id()
    spec = selectors.copy_of(doctor, row.id, person_id=right, episode_id=episode_id, new_id=fresh)
    assert (spec.id, spec.person_id, spec.episode_id) == (fresh, right, episode_id)
    assert spec.case.summary == "反复胸闷 3 天，今晨静息胸痛 20 分钟，伴出汗。"
    assert [each.code for each in spec.diagnoses] == ["I20.0", "I10"]
    assert (spec.contact, spec.consent_given) == (Contact(phone=""), False)
    assert spec.target == Target(county.head.pk, county.ward.pk, "03.04")


def test_only_the_sender_copies_the_form(county: County) -> None:
    row = sent_up(county)
    wanted: dict[str, Any] = {"person_id": new_id(), "episode_id": new_id(), "new_id": new_id()}
    with pytest.raises(NotFound):
        selectors.copy_of(county.nurse, row.id, **wanted)


# --- the database has the last word ---------------------------------------------------------------
def test_a_suggestion_belongs_to_a_refusal_and_a_reason_to_one_event(county: County) -> None:
    row = sent_up(county)
    values = {"handoff_id": row.id, "seq": 1, "step": "cancel", "code": "other", "given_at": LATER}
    with pytest.raises(IntegrityError, match="referrals_only_a_refusal_suggests"), transaction.atomic():
        CodedReason.objects.create(**values, suggested_institution_id=county.tcm.pk)
    CodedReason.objects.create(**values)
    with pytest.raises(IntegrityError, match="referrals_reason_once"), transaction.atomic():
        CodedReason.objects.create(**values)


def test_an_outcome_is_whole_or_absent(county: County) -> None:
    row = sent_up(county)
    up = UpReferral.objects.filter(handoff_id=row.id)
    with pytest.raises(IntegrityError, match="referrals_outcome_whole"), transaction.atomic():
        up.update(outcome_code="2")
    with pytest.raises(IntegrityError, match="referrals_never_to_oneself"), transaction.atomic():
        up.update(target_institution_id=county.clinic.pk)
    with pytest.raises(IntegrityError, match="referrals_trip_has_a_departure"), transaction.atomic():
        up.update(vehicle="二号车")
    with pytest.raises(IntegrityError, match="referrals_trip_has_a_departure"), transaction.atomic():
        up.update(expected_arrival_at=LATER)
    with pytest.raises(IntegrityError, match="referrals_outcome_whole"), transaction.atomic():
        up.update(outcome_code="2", outcome_summary="好转")


def test_declining_what_somebody_else_declined_first_says_so(county: County) -> None:
    row = sent_up(county)
    returned(county, row)
    with pytest.raises(Conflict, match="待补充"):
        commands.decline(
            actor=county.centre_head, handoff_id=row.id, reason=Reason("no-bed"), revision=2, at=LATER
        )
