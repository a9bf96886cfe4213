"""Loading finished referrals: what the loader writes is what commands would have left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import FeatureNotSupported

from yiti.care.referrals import loading, selectors
from yiti.care.referrals.domain import Diagnosed, Down, Follower, OutcomeSpec, Reason, Target, Trip, Up
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_down_spec,
    a_visit,
    an_up_spec,
    sent_up,
)
from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.spine.handoffs import public as handoffs

THEN = START - timedelta(days=40)


def hand(actor: Actor) -> handoffs.Hand:
    return handoffs.Hand(
        actor.user_id,
        actor.name,
        actor.institution_id,
        actor.institution_name,
        actor.department_id,
        actor.staff_id,
    )


def way_up(county: County, *, visit_id: Any = None) -> list[loading.Act]:
    """Accepted after 20 minutes, driven, admitted, discharged after five days, closed."""
    doctor, nurse, ward = hand(county.village_doctor), hand(county.nurse), hand(county.ward_doctor)
    trip = Trip("county-120", vehicle="二号车", expected_at=THEN + HOUR)
    return [
        loading.accepted(THEN + 20 * MINUTE, nurse, bed="12", department_id=county.ward.pk),
        loading.departed(THEN + 30 * MINUTE, doctor, trip),
        loading.arrived(THEN + 58 * MINUTE, nurse),
        loading.admitted(
            THEN + 70 * MINUTE,
            ward,
            ward="心血管内科",
            bed="12",
            bed_id=county.beds[1].pk,
            visit_id=visit_id,
        ),
        loading.outcome_sent(THEN + timedelta(days=5), ward, OutcomeSpec("2", "好转出院", "3")),
        loading.closed_by_system(THEN + timedelta(days=9)),
    ]


def way_down(county: County, visit_id: Any) -> list[loading.Act]:
    doctor = hand(county.village_doctor)
    assert doctor.staff_id is not None
    follower = Follower(county.clinic.pk, doctor.staff_id)
    return [
        loading.received(THEN + timedelta(days=6), hand(county.physician), follower, doctor.user_name),
        loading.followed_up(THEN + timedelta(days=8), doctor, visit_id=visit_id),
        loading.closed(THEN + timedelta(days=9), doctor, Side.FOLLOWER),
    ]


def load(county: County, database: Database, *ups: loading.UpStory, downs: Any = ()) -> dict[Any, str]:
    with working(database, Role.LOADER):
        stories = loading.Stories(ups, downs, new_id)
        return loading.load_referrals(actor=SYSTEM, stories=stories, at=START)


def an_up_story(county: County, acts: list[loading.Act], **changes: Any) -> loading.UpStory:
    spec = an_up_spec(county, **changes)
    return loading.UpStory(spec, hand(county.village_doctor), THEN, acts)


def test_a_whole_chain_reads_like_one_that_was_lived(real_county: County, committed_db: Database) -> None:
    county = real_county
    stay, seen = (a_visit(county.village_doctor, county.person_id, at=START) for _ in range(2))
    up = an_up_story(county, way_up(county, visit_id=stay))
    down_spec = a_down_spec(county, up_id=up.spec.id, first_follow_up_date=(THEN + timedelta(days=8)).date())
    down = loading.DownStory(
        down_spec,
        hand(county.ward_doctor),
        THEN + timedelta(days=5, hours=1),
        way_down(county, seen),
        chain_id=up.spec.id,
    )
    numbers = load(county, committed_db, up, downs=[down])
    doctor = county.village_doctor
    row = handoffs.detail(doctor, up.spec.id)
    assert (row.state, row.number, row.revision) == (Up.CLOSED, "ZZ20261011-0001", 7)
    assert numbers[down_spec.id] == "XZ20261016-0001"
    found = selectors.up_detail(doctor, row.id, START)
    assert [line.title for line in found.timeline] == [
        "已关闭",
        "出院回传",
        "已入院",
        "已到院",
        "已发车",
        "接收",
        "送出上转单",
    ]
    assert found.timeline[5].text == "留 12 床 · 李秀萍 · 用时 20 分"
    assert (found.bed_label, found.outcome and found.outcome.outcome) == ("12", "好转")
    home = selectors.down_detail(doctor, down_spec.id, START)
    assert (home.handoff.state, home.handoff.chain_id) == (Down.CLOSED, up.spec.id)
    assert [each.name for each in home.drugs] == ["阿司匹林肠溶片", "氯吡格雷片"]
    assert {step.status.value for step in found.bar} == {"done"}
    with working(committed_db):
        assert handoffs.broken_histories(SYSTEM) == {}
    assert AuditEntry.objects.filter(action="referrals.load_referrals").count() == 1


@pytest.mark.parametrize("ending", ["declined", "cancelled", "expired", "not_come", "died", "returned"])
def test_other_endings(real_county: County, committed_db: Database, ending: str) -> None:
    county = real_county
    doctor, nurse, late = hand(county.village_doctor), hand(county.nurse), THEN + timedelta(days=4)
    accepted = loading.accepted(THEN + 20 * MINUTE, nurse)
    endings: dict[str, tuple[list[loading.Act], str]] = {
        "declined": ([loading.declined(late, nurse, Reason("no-bed"))], Up.DECLINED),
        "cancelled": ([accepted, loading.cancelled(late, doctor, Reason("improved"))], Up.CANCELLED),
        "expired": ([loading.expired(late)], Up.EXPIRED),
        "not_come": ([accepted, loading.not_come(late, nurse)], Up.NO_SHOW),
        "died": ([accepted, loading.died(late)], Up.DIED),
        "returned": (
            [
                loading.returned(THEN + MINUTE, nurse, Reason("vitals")),
                loading.supplied(THEN + HOUR, doctor, "血压 160/98"),
                loading.declined(late, nurse, Reason("out-of-scope", "请转市医院")),
            ],
            Up.DECLINED,
        ),
    }
    acts, state = endings[ending]
    story = an_up_story(county, acts)
    load(county, committed_db, story)
    assert handoffs.detail(county.village_doctor, story.spec.id).state == state
    codes = [each.code for each in selectors.up_detail(county.village_doctor, story.spec.id, START).reasons]
    assert codes == [act.reason for act in acts if act.reason]


def test_a_referral_out_of_the_county_goes_through_approval(
    real_county: County, committed_db: Database
) -> None:
    county = real_county
    head, late = hand(county.centre_head), THEN + timedelta(days=4)
    acts = [loading.approved(THEN + MINUTE, head), loading.expired(late)]
    story = an_up_story(county, acts, target=Target(county.city.pk))
    load(county, committed_db, story)
    found = selectors.up_detail(county.nurse, story.spec.id, START)
    assert (found.handoff.state, found.is_outside) == (Up.EXPIRED, True)
    assert found.approval == "已审批：转出县外须县转诊中心审批"


def test_numbers_go_on_where_the_loader_stopped(real_county: County, committed_db: Database) -> None:
    county = real_county
    stories = [an_up_story(county, [loading.expired(THEN + timedelta(days=4))]) for _ in range(3)]
    assert sorted(load(county, committed_db, *stories).values()) == [f"ZZ20261011-000{n}" for n in (1, 2, 3)]
    assert sent_up(county, at=THEN + HOUR).number == "ZZ20261011-0004"


@pytest.mark.parametrize(
    ("acts", "refusal"),
    [
        pytest.param(lambda c: [], ValueError, id="still open"),
        pytest.param(lambda c: [loading.arrived(THEN, hand(c.nurse))], Conflict, id="not in the table"),
        pytest.param(
            lambda c: [loading.closed(THEN, hand(c.nurse), Side.PERFORMER)], NotPermitted, id="another side"
        ),
    ],
)
def test_a_history_that_could_not_have_been_is_not_loaded(
    real_county: County, committed_db: Database, acts: Any, refusal: type[Exception]
) -> None:
    story = an_up_story(real_county, acts(real_county))
    with pytest.raises(refusal):
        load(real_county, committed_db, story)
    assert selectors.open_referrals(real_county.village_doctor, real_county.person_id) == []


def test_a_form_that_could_not_have_been_sent_is_not_loaded(
    real_county: County, committed_db: Database
) -> None:
    story = an_up_story(real_county, way_up(real_county), diagnoses=(Diagnosed("QQQ"),))
    with pytest.raises(InvalidInput):
        load(real_county, committed_db, story)


def test_only_the_loader_loads(real_county: County) -> None:
    story = an_up_story(real_county, [loading.expired(THEN + timedelta(days=4))])
    stories = loading.Stories([story], [], new_id)
    with pytest.raises(FeatureNotSupported, match="row-level security"):
        loading.load_referrals(actor=real_county.village_doctor, stories=stories, at=START)
