"""Sending up: what is written, on which episode and chain, who must agree, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from yiti.care.referrals.domain import UP_FORM, CaseText, Contact, Diagnosed, Reason, Target, Up
from yiti.care.referrals.models import ReferralDiagnosis, UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    a_visit,
    accepted,
    episode_of,
    sent_up,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.drafts import public as drafts
from yiti.foundation.drafts.commands import save_draft
from yiti.kernel.errors import InvalidInput
from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.models import Department
from yiti.registry.facilities.tests.builders import a_department, an_institution
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

pytestmark = pytest.mark.django_db


def saved(row: handoffs.HandoffRow) -> UpReferral:
    return UpReferral.objects.get(handoff_id=row.id)


def sent_count() -> int:
    return UpReferral.objects.count()


# --- what is written ------------------------------------------------------------------------------
def test_inside_the_county_nobody_is_asked_and_the_rule_is_named(county: County) -> None:
    row = sent_up(county)
    assert (row.state, row.kind_code, row.number[:2]) == (Up.SENT, "referral.up", "ZZ")
    assert (row.performer_institution_id, row.performer_department_id) == (county.head.pk, county.ward.pk)
    assert (row.subject, row.subject_code) == ("不稳定型心绞痛", "I20.0")
    first = handoffs.history(county.village_doctor, row.id)[0]
    assert (first.title, first.text) == ("送出上转单", "免审批：村到镇或县不审批 · 邓志明")
    up = saved(row)
    assert (up.approval_text, up.approver_role) == ("免审批：村到镇或县不审批", "")
    assert up.approval_rule == "referral.approval@*/2020-01-01"


def test_what_the_sender_wrote_is_kept(county: County) -> None:
    row = sent_up(county, case=CaseText(summary=" 胸闷\r\n3 天 ", medications="氨氯地平 10 mg 每日 1 次"))
    up = saved(row)
    assert (up.summary, up.medications, up.reason_text) == (
        "胸闷\n3 天",
        "氨氯地平 10 mg 每日 1 次",
        "急诊冠脉造影",
    )
    assert (up.contact_phone, up.contact_relation, up.consent_at) == ("13822716620", "20", START)
    assert (up.valid_until, up.way) == (START + 72 * HOUR, "up")
    found = ReferralDiagnosis.objects.filter(handoff_id=row.id).order_by("place")
    assert list(found.values_list("code", "is_main")) == [("I20.0", True), ("I10", False)]


def test_the_writers_own_words_for_a_diagnosis_stay(county: County) -> None:
    row = sent_up(county, diagnoses=(Diagnosed("I20.0", "不稳定型心绞痛（高危）"),))
    assert row.subject == "不稳定型心绞痛（高危）"


def test_it_opens_the_record_to_the_receiver_and_throws_the_draft_away(county: County) -> None:
    doctor, subject = county.village_doctor, str(county.person_id)
    save_draft(actor=doctor, form=UP_FORM, subject=subject, typed={"summary": ["胸闷"]}, at=START)
    row = sent_up(county)
    assert (row.episode_id, row.chain_id) == (county.episode_id, row.id)
    assert episodes.episode(county.nurse, county.episode_id).person_id == county.person_id
    assert drafts.draft(doctor, form=UP_FORM, subject=subject) is None


def test_one_row_of_audit_for_one_sending(county: County) -> None:
    row = sent_up(county)
    (entry,) = AuditEntry.objects.filter(action="referrals.send_up")
    assert (entry.record_id, entry.person_id, entry.user_id) == (
        row.id,
        county.person_id,
        county.village_doctor.user_id,
    )


def test_the_next_referral_of_the_episode_goes_on_with_its_chain(county: County) -> None:
    first = accepted(county, sent_up(county))
    again = sent_up(county, at=START + 2 * HOUR, target=Target(county.tcm.pk))
    assert again.chain_id == first.chain_id


def test_consent_may_come_later_only_when_it_is_critical(county: County) -> None:
    row = sent_up(county, urgency="critical", consent_given=False)
    assert saved(row).consent_at is None
    with pytest.raises(InvalidInput, match="同意后打勾") as refused:
        sent_up(county, consent_given=False)
    assert refused.value.field == "consent_given"


# --- who must agree -------------------------------------------------------------------------------
def test_out_of_the_county_the_referral_centre_is_asked_first(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk, department_text="心内科"))
    assert row.state == Up.SUBMITTED
    assert (row.performer_institution_id, row.performer_department_id) == (county.head.pk, county.centre.pk)
    up = saved(row)
    assert (up.target_institution_id, up.target_department_text, up.way) == (county.city.pk, "心内科", "out")
    assert (up.approver_role, up.approval_text) == (
        "referral_center_head",
        "待审批：转出县外须县转诊中心审批",
    )


def test_a_critical_person_leaves_the_county_at_once_but_through_the_centre(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk), urgency="critical")
    assert (row.state, row.performer_department_id) == (Up.SENT, county.centre.pk)
    assert saved(row).approval_text == "免审批：危重先转后补手续"


def test_the_head_hospital_itself_sends_out_through_its_own_centre(county: County) -> None:
    visit_id = a_visit(county.ward_doctor, county.person_id)
    row = sent_up(
        county,
        by=county.ward_doctor,
        target=Target(county.city.pk),
        episode_id=episode_of(county.ward_doctor, visit_id),
    )
    assert (row.requester_institution_id, row.performer_institution_id) == (county.head.pk, county.head.pk)
    assert row.performer_department_id == county.centre.pk


def test_without_a_department_of_that_name_the_head_hospital_as_a_whole_is_asked(county: County) -> None:
    Department.objects.filter(id=county.centre.pk).update(name="医务部")
    row = sent_up(county, target=Target(county.city.pk))
    assert (row.performer_institution_id, row.performer_department_id) == (county.head.pk, None)


# --- what is refused: nothing is left behind ------------------------------------------------------
def _closed(county: County) -> Target:
    return Target(an_institution(Kind.COUNTY_MCH, closed_date=START.date()).pk)


def _of_another(county: County) -> Target:
    return Target(county.tcm.pk, county.ward.pk)


def _out_of_service(county: County) -> Target:
    return Target(county.head.pk, a_department(county.head, is_active=False).pk)


@pytest.mark.parametrize(
    ("target", "field", "says"),
    [
        pytest.param(
            lambda c: Target(c.clinic.pk), "target_institution", "不能转给本院自己", id="to oneself"
        ),
        pytest.param(lambda c: Target(new_id()), "target_institution", "没有这个机构", id="nowhere"),
        pytest.param(_closed, "target_institution", "没有这个机构", id="closed"),
        pytest.param(_of_another, "target_department", "没有这个科室", id="another's department"),
        pytest.param(_out_of_service, "target_department", "没有这个科室", id="department out of service"),
        pytest.param(
            lambda c: Target(c.head.pk, specialty="99.9"), "target_specialty", "从列表里选", id="no specialty"
        ),
        pytest.param(
            lambda c: Target(c.head.pk, department_text="心" * 41),
            "department_text",
            "最多 40 个字",
            id="long",
        ),
    ],
)
def test_an_unfit_target_is_refused(county: County, target: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        sent_up(county, target=target(county))
    assert (refused.value.field, sent_count()) == (field, 0)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"diagnoses": ()}, "diagnoses", "请选诊断"),
        ({"diagnoses": (Diagnosed("I20.0"), Diagnosed("I20.0"))}, "diagnoses", "不能重复"),
        ({"diagnoses": (Diagnosed("ZZZ"),)}, "diagnoses", "从列表里选"),
        ({"reason": Reason("")}, "reason_code", "从列表里选"),
        ({"reason": Reason("surgery", "长" * 101)}, "reason_text", "最多 100 个字"),
        ({"urgency": "soon"}, "urgency", "从列表里选"),
        ({"transport_code": "horse"}, "transport_code", "从列表里选"),
        ({"case": CaseText(summary="  ")}, "summary", "请写病情摘要"),
        ({"case": CaseText(summary="胸" * 501)}, "summary", "最多 500 个字，现在有 501 个"),
        ({"case": CaseText(summary="胸闷\x00")}, "summary", "控制字符"),
        ({"case": CaseText(summary="胸闷\u202e")}, "summary", "控制字符"),
        ({"contact": Contact(phone="1382271662")}, "contact_phone", "少 1 位，请补成 11 位手机号"),
        ({"contact": Contact(phone="")}, "contact_phone", "请填写电话"),
        ({"contact": Contact(phone="13822716620", relation="xx")}, "contact_relation", "从列表里选"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_each_wrong_part_is_named(county: County, changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        sent_up(county, **changes)
    assert (refused.value.field, sent_count()) == (field, 0)
