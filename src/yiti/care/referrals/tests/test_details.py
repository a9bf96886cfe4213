"""One referral as its page, its preview and its paper show it: everything in words, nothing asked later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import BarStatus, DownSpec, Drug, PrintCopy, Reason, Target, Up, Way
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_down_spec,
    a_visit,
    accepted,
    departed,
    episode_of,
    followed_up,
    on_the_way,
    received,
    sent_down,
    sent_up,
)
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.registry.facilities.tests.builders import an_institution
from yiti.registry.residents import public as people
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

NOW = START + HOUR


def queries_of(read: Callable[[], object]) -> int:
    read()  # code lists are looked at again now and then
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


# --- the way up ------------------------------------------------------------------------------------
def test_both_sides_read_the_same_case(county: County) -> None:
    row = departed(county, accepted(county, sent_up(county)))
    for actor in (county.village_doctor, county.nurse):
        found = selectors.up_detail(actor, row.id, NOW)
        assert (found.way, found.reason, found.reason_text) == (Way.UP, "需手术、介入", "急诊冠脉造影")
        assert [each.text for each in found.diagnoses if each.is_main] == ["不稳定型心绞痛"]
        assert found.case.treatments == "阿司匹林 300 mg 嚼服"
        assert (found.contact_relation, found.approval) == ("子", "免审批：村到镇或县不审批")
        assert found.patient.record is not None
        assert found.patient.record.name == "房金养"
        assert [each.pressure for each in found.vitals] == ["168/102"]


def test_the_card_of_both_sides_names_places_people_and_phones(county: County) -> None:
    row = accepted(county, sent_up(county))
    found = selectors.up_detail(county.nurse, row.id, NOW)
    sender, receiver = found.sender, found.receiver
    assert (sender.institution.id, sender.staff_name) == (county.clinic.pk, "邓志明")
    assert (receiver.institution.short_name, receiver.department, receiver.phone) == (
        "县人民医院",
        "心血管内科",
        "0763-8681001",
    )
    assert (found.bed_label, found.bed is not None, found.is_outside) == ("12", True, False)


def test_a_hospital_outside_is_shown_as_the_receiver_though_the_centre_acts(county: County) -> None:
    row = sent_up(county, target=Target(county.city.pk, department_text="心内科"))
    found = selectors.up_detail(county.nurse, row.id, NOW)
    assert (found.receiver.institution.id, found.receiver.department) == (county.city.pk, "心内科")
    assert (found.is_outside, found.approver_role, found.way) == (True, "referral_center_head", Way.OUT)


def test_the_trip_says_who_drives_and_when_they_come(county: County) -> None:
    row = departed(county, accepted(county, sent_up(county)))
    trip = selectors.up_detail(county.nurse, row.id, NOW).trip
    assert (trip.transport, trip.vehicle, trip.escort) == ("县 120", "二号车", "莫雪梅")
    assert trip.expected_at is not None
    assert trip.way.minutes is not None


def test_the_bar_and_the_actions_fit_the_reader(county: County) -> None:
    row = departed(county, accepted(county, sent_up(county)))
    found = selectors.up_detail(county.nurse, row.id, NOW)
    now = next(step for step in found.bar if step.status is BarStatus.CURRENT)
    assert (now.label, now.at) == ("转运中", START + 53 * MINUTE)
    assert next(step for step in found.bar if step.key == "arrived").note.startswith("预计 12:")
    assert [each.step for each in found.actions if each.primary] == ["arrive"]
    sender = selectors.up_detail(county.village_doctor, row.id, NOW)
    assert [(each.step, each.irreversible) for each in sender.actions] == [("cancel", True)]


def test_events_and_talk_stand_in_one_line_newest_first(county: County) -> None:
    row = accepted(county, sent_up(county))
    handoffs.add_message(actor=county.nurse, handoff_id=row.id, text="导管室已备好", at=START + 45 * MINUTE)
    lines = selectors.up_detail(county.village_doctor, row.id, NOW).timeline
    assert [(line.title, line.side, line.is_message) for line in lines] == [
        ("留言", Side.PERFORMER, True),
        ("接收", Side.PERFORMER, False),
        ("送出上转单", Side.REQUESTER, False),
    ]
    assert lines[0].text == "李秀萍：导管室已备好"
    assert lines[1].text == "留 12 床 · 李秀萍 · 用时 39 分"


def test_what_came_of_it_and_the_way_home_are_there(county: County) -> None:
    row = on_the_way(county, Up.OUTCOME_SENT)
    home = received(county, sent_down(county, up_id=row.id))
    found = selectors.up_detail(county.village_doctor, row.id, START + 27 * HOUR)
    assert found.outcome is not None
    assert (found.outcome.outcome, found.outcome.summary) == ("好转", "PCI 术后，病情稳定")
    assert found.home is not None
    assert found.home.id == home.id
    assert [step.label for step in found.bar if step.status is BarStatus.CURRENT] == ["下转"]


def test_a_refusal_is_read_with_its_reason_and_the_place_it_names(county: County) -> None:
    row = sent_up(county)
    commands.decline(
        actor=county.nurse,
        handoff_id=row.id,
        reason=Reason("no-bed"),
        suggests=county.tcm.pk,
        revision=row.revision,
        at=START + MINUTE,
    )
    (reason,) = selectors.up_detail(county.village_doctor, row.id, NOW).reasons
    assert (reason.zh, reason.suggests) == ("本院无空床", "连南县中医院")


def test_after_the_end_the_receiver_reads_the_referral_but_not_the_record(county: County) -> None:
    row = sent_up(county)
    commands.decline(
        actor=county.nurse,
        handoff_id=row.id,
        reason=Reason("no-bed"),
        revision=row.revision,
        at=START + MINUTE,
    )
    found = selectors.up_detail(county.nurse, row.id, NOW)
    assert (found.patient.record, found.patient.id_number_masked, found.vitals) == (None, "", ())
    assert found.handoff.person_name == "房金养"
    assert found.actions == ()


@pytest.mark.parametrize("who", ["stranger", "other_kind", "missing"])
def test_what_is_not_theirs_is_not_found(county: County, who: str) -> None:
    row = sent_up(county)
    stranger = somebody_at(an_institution(), *residents.PERMISSIONS, "referrals.read", "handoffs.read")
    actor = stranger if who == "stranger" else county.nurse
    handoff_id = new_id() if who == "missing" else row.id
    read = selectors.down_detail if who == "other_kind" else selectors.up_detail
    with pytest.raises(NotFound):
        read(actor, handoff_id, NOW)


def test_a_page_costs_the_same_however_much_happened(county: County) -> None:
    row = sent_up(county)
    little = queries_of(lambda: selectors.up_detail(county.nurse, row.id, NOW))
    row = departed(county, accepted(county, row))
    for n in range(20):
        handoffs.add_message(actor=county.nurse, handoff_id=row.id, text=f"第 {n} 句", at=NOW)
        a_visit(county.village_doctor, county.person_id, at=NOW + n * MINUTE)
    much = queries_of(lambda: selectors.up_detail(county.nurse, row.id, NOW))
    assert much <= little + 1  # the bed that is held now
    assert much <= 40


# --- the way down ------------------------------------------------------------------------------------
def test_the_plan_is_read_in_words(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    row = received(county, sent_down(county, up_id=up.id))
    found = selectors.down_detail(county.village_doctor, row.id, START + 27 * HOUR)
    assert (found.reason, found.plan.rehabilitation) == ("术后或康复期治疗", "每日步行 30 分钟")
    first = found.drugs[0]
    assert (first.frequency, first.route, first.availability.zh) == ("每日 1 次", "口服", "当地有药")
    assert found.follower is not None
    assert (found.follower.staff_name, found.follower.institution.id) == ("邓志明", county.clinic.pk)
    assert found.up is not None
    assert found.up.id == up.id
    assert next(step.note for step in found.bar if step.key == "followed_up") == "计划 11-23"
    assert [each.step for each in found.actions if each.primary] == ["follow_up"]


def test_the_first_follow_up_is_shown_once_it_is_done(county: County) -> None:
    row = followed_up(county, received(county, _straight_down(county)))
    found = selectors.down_detail(county.physician, row.id, START + 28 * HOUR)
    assert found.first_visit is not None
    assert (found.first_visit.institution_level, found.up) == ("village", None)
    assert [step.label for step in found.bar if step.status is BarStatus.CURRENT] == ["首次随访"]


def _straight_down(county: County) -> handoffs.HandoffRow:
    visit_id = a_visit(county.ward_doctor, county.person_id, at=START)
    return sent_down(county, episode_id=episode_of(county.ward_doctor, visit_id))


def test_a_plan_costs_the_same_with_one_drug_and_with_many(county: County) -> None:
    row = _straight_down(county)
    few = queries_of(lambda: selectors.down_detail(county.physician, row.id, START + 26 * HOUR))
    assert few <= 40
    spec = with_many_drugs(county)
    other = commands.send_down(actor=county.ward_doctor, spec=spec, at=START + 25 * HOUR)
    many = queries_of(lambda: selectors.down_detail(county.physician, other.id, START + 26 * HOUR))
    assert many == few


def with_many_drugs(county: County) -> DownSpec:
    visit_id = a_visit(county.ward_doctor, county.person_id, at=START)
    drugs = tuple(Drug(f"药{n}", frequency="09", route="1") for n in range(20))
    return a_down_spec(county, drugs=drugs, episode_id=episode_of(county.ward_doctor, visit_id))


# --- before a form, and paper ------------------------------------------------------------------------
def test_an_open_referral_is_shown_before_another_one_is_begun(county: County) -> None:
    assert selectors.open_referrals(county.village_doctor, county.person_id) == []
    row = sent_up(county)
    (found,) = selectors.open_referrals(county.village_doctor, county.person_id)
    assert (found.handoff.id, found.reason) == (row.id, "需手术、介入")
    assert found.text == "上转单（心血管内科）待接收"
    one = queries_of(lambda: selectors.open_referrals(county.village_doctor, county.person_id))
    for _ in range(3):
        sent_up(county)
    many = queries_of(lambda: selectors.open_referrals(county.village_doctor, county.person_id))
    assert many == one


def test_who_works_where_the_person_lives_is_proposed_first(county: County) -> None:
    on_the_way(county, Up.IN_CARE)
    found = selectors.follower_choices(county.ward_doctor, county.person_id, county.township.pk, NOW)
    assert [(each.staff_name, each.serves_village) for each in found] == [
        ("邓志明", True),
        ("唐桂花", False),
    ]


def test_the_paper_counts_its_prints(county: County) -> None:
    row = sent_up(county)
    doctor = county.village_doctor
    assert selectors.paper(doctor, row.id, PrintCopy.FORM, NOW).printed_before == 0
    for number in (1, 2):
        assert commands.note_print(actor=doctor, handoff_id=row.id, copy=PrintCopy.FORM, at=NOW) == number
    paper = selectors.paper(county.nurse, row.id, PrintCopy.FORM, NOW)
    assert (paper.printed_before, paper.consortium) == (2, "连南县医共体")
    assert paper.episode_number.startswith("EP-2611-")
    assert paper.up is not None
    with pytest.raises(NotFound):
        selectors.paper(doctor, row.id, PrintCopy.RETURN, NOW)
    with pytest.raises(NotFound):
        commands.note_print(actor=doctor, handoff_id=row.id, copy=PrintCopy.RETURN, at=NOW)


def test_a_merge_leads_to_the_same_referral(county: County) -> None:
    row = sent_up(county)
    doctor = county.village_doctor
    kept = residents.a_person(doctor, residents.a_profile("房金养"), at=START)
    people.merge_persons(
        actor=doctor, absorbed_id=county.person_id, kept_id=kept, reason="同一个人登记了两次", at=START
    )
    assert [each.handoff.id for each in selectors.open_referrals(doctor, kept)] == [row.id]
    found = selectors.up_detail(doctor, row.id, NOW)
    assert found.patient.record is not None
    assert found.patient.record.id == kept
