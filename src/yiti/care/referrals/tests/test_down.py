"""The way home: the plan, who receives it, who follows up, and the loop that closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.domain import (
    DOWN_FORM,
    Diagnosed,
    Down,
    Drug,
    Follower,
    Plan,
    Reason,
    Target,
    Up,
)
from yiti.care.referrals.models import DownDrug, DownReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    a_down_spec,
    a_visit,
    episode_of,
    on_the_way,
    received,
    sent_down,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.drafts import public as drafts
from yiti.foundation.drafts.commands import save_draft
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.residents.tests import builders as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

HOME = START + 25 * HOUR


def straight_down(county: County, **changes: Any) -> handoffs.HandoffRow:
    """A person who came to the county by himself is sent home, without any way up."""
    visit_id = a_visit(county.ward_doctor, county.person_id, at=START)
    return sent_down(county, episode_id=episode_of(county.ward_doctor, visit_id), **changes)


def leads_to(row: handoffs.HandoffRow) -> set[Any]:
    found = EpisodeChain.objects.filter(chain_id=row.chain_id, until__isnull=True)
    return set(found.values_list("institution_id", flat=True))


def saved(row: handoffs.HandoffRow) -> DownReferral:
    return DownReferral.objects.get(handoff_id=row.id)


# --- sending ------------------------------------------------------------------------------------
def test_the_answer_to_a_way_up_stands_on_its_chain(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    row = sent_down(county, up_id=up.id)
    assert (row.state, row.number[:2], row.chain_id) == (Down.SENT, "XZ", up.chain_id)
    assert (row.performer_institution_id, row.follower_institution_id) == (
        county.township.pk,
        county.clinic.pk,
    )
    assert row.follower_staff_id == county.village_doctor.staff_id
    line = handoffs.history(county.physician, row.id)[0]
    assert (line.title, line.text) == ("送出下转单", "免审批：下转不审批 · 陈国栋")
    assert saved(row).up_handoff_id == up.id


def test_the_plan_is_kept_whole(county: County) -> None:
    subject = str(county.person_id)
    save_draft(actor=county.ward_doctor, form=DOWN_FORM, subject=subject, typed={"plan": ["双抗"]}, at=START)
    row = straight_down(county)
    down = saved(row)
    assert (down.treatment, down.warning_signs) == ("双联抗血小板 12 个月", "胸痛超过 15 分钟马上呼叫 120")
    assert (down.first_follow_up_date, down.up_handoff_id) == (local_date(START + 72 * HOUR), None)
    drugs = DownDrug.objects.filter(down_id=row.id).order_by("place")
    assert list(drugs.values_list("name", "frequency", "days", "availability")) == [
        ("阿司匹林肠溶片", "09", 30, "yes"),
        ("氯吡格雷片", "", None, "unknown"),
    ]
    assert drafts.draft(county.ward_doctor, form=DOWN_FORM, subject=subject) is None


def test_the_township_and_the_village_may_read_the_record(county: County) -> None:
    row = straight_down(county)
    for actor in (county.physician, county.village_doctor):
        assert handoffs.detail(actor, row.id).id == row.id
        assert episodes.open_episodes(actor, county.person_id)


def _day(offset: int) -> Any:
    return local_date(HOME) + timedelta(days=offset)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_follow_up_date": _day(-1)}, "first_follow_up_date"),
        ({"first_follow_up_date": _day(11)}, "first_follow_up_date"),
        ({"urgency": "urgent", "first_follow_up_date": _day(8)}, "first_follow_up_date"),
        ({"plan": Plan("小结", "治疗", " ")}, "warning_signs"),
        ({"plan": Plan("小结", "", "胸痛")}, "treatment"),
        ({"plan": Plan("", "治疗", "胸痛")}, "discharge_summary"),
        ({"plan": Plan("小" * 1001, "治疗", "胸痛")}, "discharge_summary"),
        ({"reason": Reason("surgery")}, "reason_code"),
        ({"diagnoses": (Diagnosed("QQQ"),)}, "diagnoses"),
        ({"drugs": (Drug(" "),)}, "drugs"),
        ({"drugs": (Drug("阿司匹林", days=0),)}, "drugs"),
        ({"drugs": (Drug("阿司匹林", frequency="often"),)}, "drugs"),
        ({"drugs": (Drug("阿司匹林", route="ear"),)}, "drugs"),
        ({"drugs": tuple(Drug(f"药{n}") for n in range(31))}, "drugs"),
        ({"urgency": "soon"}, "urgency"),
    ],
    ids=[
        "yesterday",
        "too late",
        "at risk: sooner",
        "no warning signs",
        "no treatment",
        "no summary",
        "long summary",
        "a reason for the way up",
        "no such disease",
        "a drug without a name",
        "no days",
        "no such frequency",
        "no such route",
        "too many drugs",
        "no such urgency",
    ],
)
def test_each_wrong_part_of_the_plan_is_named(county: County, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        straight_down(county, **changes)
    assert (refused.value.field, DownReferral.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(lambda c: Target(c.tcm.pk), id="same level"),
        pytest.param(lambda c: Target(c.city.pk), id="up"),
        pytest.param(lambda c: Target(c.head.pk), id="oneself"),
    ],
)
def test_down_means_down(county: County, target: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        straight_down(county, target=target(county))
    assert refused.value.field == "target_institution"


def test_somebody_from_elsewhere_is_not_proposed_for_the_follow_up(county: County) -> None:
    stranger = Follower(county.clinic.pk, county.nurse.staff_id or new_id())
    with pytest.raises(InvalidInput) as refused:
        straight_down(county, follower=stranger)
    assert refused.value.field == "follower_staff_id"


def test_a_way_up_is_answered_only_after_its_outcome(county: County) -> None:
    up = on_the_way(county, Up.IN_CARE)
    with pytest.raises(Conflict, match="先办出院并回传"):
        sent_down(county, up_id=up.id)


def test_a_way_up_is_answered_once_at_a_time(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    first = sent_down(county, up_id=up.id)
    with pytest.raises(Conflict, match="已经有一张没办完的下转单"):
        sent_down(county, up_id=up.id)
    commands.decline(
        actor=county.physician,
        handoff_id=first.id,
        reason=Reason("out-of-scope"),
        revision=first.revision,
        at=HOME,
    )
    second = sent_down(county, up_id=up.id, target=Target(county.other_township.pk), follower=None)
    assert second.chain_id == up.chain_id


def test_only_who_received_a_way_up_answers_it(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    doctor = somebody_at(
        county.tcm, *residents.PERMISSIONS, "episodes.write", "referrals.send", "handoffs.read"
    )
    visit_id = a_visit(doctor, county.person_id, at=HOME)
    with pytest.raises(Conflict, match="只能回转转给本院的人"):
        sent_down(county, by=doctor, up_id=up.id, episode_id=episode_of(doctor, visit_id))


def test_an_errand_is_not_answered_by_a_way_down(county: County) -> None:
    first = straight_down(county)
    with pytest.raises((Conflict, NotFound)):
        straight_down(county, up_id=first.id)


def test_a_double_click_sends_once_and_another_plan_is_not_swallowed(county: County) -> None:
    visit_id = a_visit(county.ward_doctor, county.person_id, at=START)
    spec = a_down_spec(county, episode_id=episode_of(county.ward_doctor, visit_id))
    first = commands.send_down(actor=county.ward_doctor, spec=spec, at=HOME)
    again = commands.send_down(actor=county.ward_doctor, spec=spec, at=HOME + HOUR)
    assert (again.id, DownReferral.objects.count()) == (first.id, 1)
    assert AuditEntry.objects.filter(action="referrals.send_down").count() == 1
    for other in (replace(spec, drugs=()), replace(spec, reason=Reason("stable"))):
        with pytest.raises(Conflict, match="后来的改动没有保存"):
            commands.send_down(actor=county.ward_doctor, spec=other, at=HOME)


# --- receiving ------------------------------------------------------------------------------------
def test_receiving_names_the_follower_and_the_day_is_the_deadline(county: County) -> None:
    row = received(county, straight_down(county))
    assert (row.state, row.follower_staff_id) == (Down.RECEIVED, county.village_doctor.staff_id)
    assert row.due_at is not None
    assert local_date(row.due_at) == local_date(START + 72 * HOUR)
    assert leads_to(row) == {county.township.pk, county.clinic.pk}
    assert handoffs.history(county.physician, row.id)[0].text == "随访人 邓志明 · 唐桂花"
