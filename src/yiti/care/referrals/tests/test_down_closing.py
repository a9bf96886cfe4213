"""The way home: the plan, who receives it, who follows up, and the loop that closes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yiti.care.referrals import commands
from yiti.care.referrals.domain import (
    Down,
    Follower,
    Target,
)
from yiti.care.referrals.models import DownReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    a_visit,
    episode_of,
    followed_up,
    received,
    sent_down,
    sent_up,
)
from yiti.kernel.clock import local_date
from yiti.kernel.errors import InvalidInput, NotFound, NotPermitted
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


def test_the_township_may_follow_up_itself_or_name_another_one_later(county: County) -> None:
    row = received(county, straight_down(county))
    due = row.due_at
    own = Follower(county.township.pk, county.physician.staff_id or new_id())
    row = commands.rename_follower(
        actor=county.physician, handoff_id=row.id, follower=own, revision=row.revision, at=HOME + 2 * HOUR
    )
    assert (row.follower_institution_id, row.due_at) == (county.township.pk, due)
    assert leads_to(row) == {county.township.pk}


def test_nobody_is_named_who_does_not_work_there(county: County) -> None:
    row = straight_down(county)
    with pytest.raises(InvalidInput) as refused:
        commands.receive(
            actor=county.physician,
            handoff_id=row.id,
            follower=Follower(county.clinic.pk, county.physician.staff_id or new_id()),
            revision=row.revision,
            at=HOME + HOUR,
        )
    assert refused.value.field == "follower_staff_id"


def test_a_receipt_is_taken_back(county: County) -> None:
    row = received(county, straight_down(county))
    row = commands.undo_receive(
        actor=county.physician, handoff_id=row.id, revision=row.revision, at=HOME + 2 * HOUR
    )
    assert (row.state, leads_to(row)) == (Down.SENT, set())


def test_a_plan_sent_to_the_wrong_township_is_handed_on(county: County) -> None:
    row = straight_down(county)
    row = commands.redirect_down(
        actor=county.physician,
        handoff_id=row.id,
        target=Target(county.other_township.pk),
        revision=row.revision,
        at=HOME,
    )
    assert (row.performer_institution_id, row.follower_institution_id) == (county.other_township.pk, None)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(lambda c: Target(c.township.pk), id="where it is"),
        pytest.param(lambda c: Target(c.tcm.pk), id="not below"),
    ],
)
def test_a_plan_is_handed_on_to_another_place_below(county: County, target: Any) -> None:
    row = straight_down(county)
    with pytest.raises(InvalidInput):
        commands.redirect_down(
            actor=county.physician,
            handoff_id=row.id,
            target=target(county),
            revision=row.revision,
            at=HOME,
        )


# --- following up ------------------------------------------------------------------------------------
def test_the_first_follow_up_is_a_visit_of_the_village_doctor(county: County) -> None:
    row = followed_up(county, received(county, straight_down(county)))
    assert row.state == Down.FOLLOWED_UP
    visit_id = saved(row).first_visit_id
    assert visit_id is not None
    visit = episodes.visit(county.village_doctor, visit_id)
    assert (visit.kind, visit.institution_id) == (episodes.VisitKind.FOLLOW_UP, county.clinic.pk)
    assert visit.episode_id == row.episode_id


def test_the_township_may_do_it_too(county: County) -> None:
    row = received(county, straight_down(county))
    visit_id = a_visit(county.physician, county.person_id, kind=episodes.VisitKind.HOME, at=START + 27 * HOUR)
    row = commands.follow_up(
        actor=county.physician,
        handoff_id=row.id,
        visit_id=visit_id,
        revision=row.revision,
        at=START + 27 * HOUR,
    )
    assert row.state == Down.FOLLOWED_UP


def _before_receipt(county: County) -> Any:
    return a_visit(
        county.village_doctor, county.person_id, kind=episodes.VisitKind.FOLLOW_UP, at=START + HOUR
    )


def _of_somebody_else(county: County) -> Any:
    other = residents.a_person(county.village_doctor, at=START)
    return a_visit(county.village_doctor, other, kind=episodes.VisitKind.FOLLOW_UP, at=START + 27 * HOUR)


def _elsewhere(county: County) -> Any:
    return a_visit(
        county.ward_doctor, county.person_id, kind=episodes.VisitKind.OUTPATIENT, at=START + 27 * HOUR
    )


@pytest.mark.parametrize("visit", [_before_receipt, _of_somebody_else, _elsewhere, lambda _: new_id()])
def test_another_visit_is_no_first_follow_up(county: County, visit: Any) -> None:
    row = received(county, straight_down(county))
    visit_id = visit(county)
    with pytest.raises(InvalidInput) as refused:
        commands.follow_up(
            actor=county.village_doctor,
            handoff_id=row.id,
            visit_id=visit_id,
            revision=row.revision,
            at=START + 28 * HOUR,
        )
    assert refused.value.field == "visit_id"
    assert saved(row).first_visit_id is None


def test_a_repeat_of_the_follow_up_changes_nothing(county: County) -> None:
    row = received(county, straight_down(county))
    done = followed_up(county, row)
    visit_id = saved(done).first_visit_id
    assert visit_id is not None
    again = commands.follow_up(
        actor=county.village_doctor,
        handoff_id=row.id,
        visit_id=visit_id,
        revision=row.revision,
        at=START + 28 * HOUR,
    )
    assert again.revision == done.revision


def test_one_visit_is_the_first_follow_up_of_one_plan(county: County) -> None:
    done = followed_up(county, received(county, straight_down(county)))
    other = sent_up(county)
    with pytest.raises(IntegrityError, match="first_visit"), transaction.atomic():
        DownReferral.objects.create(
            handoff_id=other.id,
            sent_at=HOME,
            reason_code="stable",
            discharge_summary="小结",
            treatment="治疗",
            warning_signs="胸痛",
            first_follow_up_date=local_date(HOME),
            approval_text="免审批",
            approval_rule="x",
            first_visit_id=saved(done).first_visit_id,
        )


def test_the_village_doctor_closes_the_loop(county: County) -> None:
    row = followed_up(county, received(county, straight_down(county)))
    row = commands.close_down(
        actor=county.village_doctor, handoff_id=row.id, revision=row.revision, at=START + 28 * HOUR
    )
    assert (row.state, row.is_open) == (Down.CLOSED, False)


def test_the_sender_of_the_plan_cannot_receive_or_close_it(county: County) -> None:
    row = straight_down(county)
    with pytest.raises(NotPermitted):
        received(county, row, by=county.nurse)
    row = followed_up(county, received(county, row))
    with pytest.raises(NotPermitted):
        commands.close_down(
            actor=county.ward_doctor, handoff_id=row.id, revision=row.revision, at=START + 28 * HOUR
        )


def test_the_plan_of_another_is_not_found(county: County) -> None:
    row = straight_down(county)
    stranger = somebody_at(county.other_township, "referrals.answer", *residents.PERMISSIONS)
    with pytest.raises(NotFound):
        received(county, row, by=stranger)
