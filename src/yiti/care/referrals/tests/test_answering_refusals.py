"""Approve, accept with a bed, take it back, hand on: by effects, and what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import commands
from yiti.care.referrals.domain import BED_WORK, Reason, Reception, Target, Up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_visit,
    accepted,
    episode_of,
    on_the_way,
    sent_up,
    wearing,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, StaleRevision
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import an_institution, hold
from yiti.registry.residents import public as people
from yiti.registry.residents.tests import builders as residents
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

LATER = START + 39 * MINUTE
NO_BED = Reason("no-bed")


def accept(
    county: County, row: handoffs.HandoffRow, reception: Reception, *, by: Actor | None = None
) -> handoffs.HandoffRow:
    return commands.accept(
        actor=by or county.nurse, handoff_id=row.id, reception=reception, revision=row.revision, at=LATER
    )


def bed_in_use(row: handoffs.HandoffRow, at: Any = LATER) -> facilities.BedUseRow | None:
    return facilities.bed_use(BED_WORK, row.id, at)


def leads_to(row: handoffs.HandoffRow) -> set[Any]:
    """The institutions where a visit would join the episode by this chain now."""
    found = EpisodeChain.objects.filter(chain_id=row.chain_id, until__isnull=True)
    return set(found.values_list("institution_id", flat=True))


# --- approval -------------------------------------------------------------------------------------
def approve(county: County, row: handoffs.HandoffRow, by: Actor) -> handoffs.HandoffRow:
    return commands.approve(actor=by, handoff_id=row.id, revision=row.revision, at=LATER)


def test_a_second_click_accepts_once_and_another_bed_is_another_wish(county: County) -> None:
    row = sent_up(county)
    first = accepted(county, row)
    again = accepted(county, row)
    assert (again.revision, first.revision) == (2, 2)
    assert AuditEntry.objects.filter(action="referrals.accept").count() == 1
    with pytest.raises(StaleRevision):
        accept(county, row, Reception(bed_id=county.beds[2].pk))


def test_the_referral_is_locked_before_anything_is_written_and_the_bed_before_it_is_held(
    county: County,
) -> None:
    row = sent_up(county)
    with CaptureQueriesContext(connection) as queries:
        accepted(county, row)
    said = [each["sql"] for each in queries]
    wrote = next(n for n, sql in enumerate(said) if sql.startswith(("INSERT", "UPDATE")))
    locked = next(n for n, sql in enumerate(said) if 'FROM "handoffs_handoff"' in sql and "FOR UPDATE" in sql)
    bed_locked = next(n for n, sql in enumerate(said) if "FOR NO KEY UPDATE" in sql)
    bed_held = next(n for n, sql in enumerate(said) if sql.startswith('INSERT INTO "facilities_beduse"'))
    assert locked < wrote
    assert locked < bed_locked < bed_held


def test_the_record_is_open_to_the_receiver_only_while_the_referral_is(county: County) -> None:
    row = sent_up(county)
    assert county.person_id in _seen_by(county.nurse, county)
    commands.decline(
        actor=county.nurse, handoff_id=row.id, reason=NO_BED, revision=row.revision, at=START + MINUTE
    )
    assert _seen_by(county.nurse, county) == {}


def _seen_by(actor: Actor, county: County) -> Any:
    return people.persons(actor, [county.person_id])


# --- the way back ---------------------------------------------------------------------------------
def test_an_acceptance_is_taken_back_whole(county: County) -> None:
    row = accepted(county, sent_up(county))
    back = commands.undo_accept(
        actor=county.nurse, handoff_id=row.id, revision=row.revision, at=LATER + MINUTE
    )
    assert (back.state, back.state_since, back.due_at) == (Up.SENT, START, START + 30 * MINUTE)
    assert bed_in_use(row, LATER + MINUTE) is None
    assert leads_to(row) == set()
    assert UpReferral.objects.get(handoff_id=row.id).bed_label == ""
    hold(county.beds[1], at=LATER + MINUTE)


def test_what_has_gone_on_is_not_taken_back(county: County) -> None:
    row = on_the_way(county, Up.IN_TRANSIT)
    with pytest.raises(Conflict, match="转运中"):
        commands.undo_accept(actor=county.nurse, handoff_id=row.id, revision=row.revision, at=LATER + HOUR)


# --- handing on -----------------------------------------------------------------------------------
def redirect(
    county: County, row: handoffs.HandoffRow, target: Target, *, by: Actor | None = None
) -> handoffs.HandoffRow:
    return commands.redirect_up(
        actor=by or county.nurse,
        handoff_id=row.id,
        target=target,
        revision=row.revision,
        at=LATER,
        comment="专科不对口",
    )


def test_a_redirect_moves_the_work_and_the_waiting_time_goes_on(county: County) -> None:
    row = redirect(county, sent_up(county), Target(county.tcm.pk))
    assert (row.state, row.performer_institution_id, row.performer_department_id) == (
        Up.SENT,
        county.tcm.pk,
        None,
    )
    assert row.due_at == START + 30 * MINUTE
    up = UpReferral.objects.get(handoff_id=row.id)
    assert (up.target_institution_id, up.target_department_id, up.way) == (county.tcm.pk, None, "up")
    line = handoffs.history(county.village_doctor, row.id)[0]
    assert line.text == "改派到 连南县中医院 · 专科不对口 · 李秀萍"
    assert _seen_by(county.nurse, county) == {}


def test_only_the_approver_hands_a_referral_on_out_of_the_county(county: County) -> None:
    row = sent_up(county)
    with pytest.raises(Conflict, match="请先改派给县转诊中心"):
        redirect(county, row, Target(county.city.pk))
    row = redirect(county, row, Target(county.city.pk), by=county.centre_head)
    assert (row.performer_institution_id, row.performer_department_id) == (county.head.pk, county.centre.pk)
    assert UpReferral.objects.get(handoff_id=row.id).way == "out"


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(lambda c: Target(c.head.pk, c.ward.pk), id="where it is"),
        pytest.param(lambda c: Target(c.clinic.pk), id="back to the sender"),
    ],
)
def test_a_redirect_leads_somewhere_else(county: County, target: Any) -> None:
    row = sent_up(county)
    with pytest.raises(InvalidInput) as refused:
        redirect(county, row, target(county))
    assert refused.value.field == "target_institution"


def test_a_township_does_not_hand_a_neighbours_referral_down_to_a_village(county: County) -> None:
    visit_id = a_visit(county.physician, county.person_id)
    row = sent_up(county, by=county.physician, episode_id=episode_of(county.physician, visit_id))
    with pytest.raises(InvalidInput, match="请选另一个合适的机构"):
        redirect(county, row, Target(county.clinic.pk))


def test_who_has_handed_it_on_can_do_nothing_more(county: County) -> None:
    row = redirect(county, sent_up(county), Target(county.tcm.pk))
    with pytest.raises((NotFound, NotPermitted)):
        accept(county, row, Reception())


# --- strangers ------------------------------------------------------------------------------------
def test_a_stranger_finds_nothing(county: County) -> None:
    row = sent_up(county)
    stranger = somebody_at(an_institution(), "referrals.answer", *residents.PERMISSIONS)
    tries: tuple[Callable[[], object], ...] = (
        lambda: accept(county, row, Reception(), by=stranger),
        lambda: redirect(county, row, Target(county.tcm.pk), by=stranger),
        lambda: approve(county, row, stranger),
    )
    for tried in tries:
        with pytest.raises(NotFound):
            tried()
    assert handoffs.detail(county.nurse, row.id).revision == 1


def test_the_sender_cannot_answer_for_the_receiver(county: County) -> None:
    row = sent_up(county)
    doctor = wearing(
        county.village_doctor, permissions=county.village_doctor.permissions | {"referrals.answer"}
    )
    with pytest.raises(NotPermitted):
        accept(county, row, Reception(), by=doctor)
