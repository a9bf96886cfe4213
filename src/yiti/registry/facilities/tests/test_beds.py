"""Holding a bed and lying in it: one bed has one holder, whoever asks and whatever went before."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import TimestamptzRange

from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import UseKind
from yiti.registry.facilities.models import Bed, BedUse
from yiti.registry.facilities.tests.builders import NOON, a_bed, a_department, hold, occupy

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def _use(bed: Bed, start: datetime, end: datetime | None, kind: str = "stay") -> BedUse:
    return BedUse.objects.create(
        bed=bed, kind=kind, period=TimestamptzRange(start, end), for_kind="handoff", for_id=new_id()
    )


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        pytest.param(NOON - 2 * HOUR, NOON, True, id="ends as the other begins"),
        pytest.param(NOON + 4 * HOUR, None, True, id="begins as the other ends"),
        pytest.param(NOON - HOUR, NOON + HOUR, False, id="over the beginning"),
        pytest.param(NOON + HOUR, NOON + 2 * HOUR, False, id="inside"),
        pytest.param(NOON + 3 * HOUR, None, False, id="over the end, without end"),
        pytest.param(NOON + HOUR, NOON + HOUR, True, id="no time at all"),
    ],
)
def test_the_database_refuses_two_uses_of_one_bed(start: datetime, end: datetime | None, fits: bool) -> None:
    bed = a_bed()
    _use(bed, NOON, NOON + 4 * HOUR)
    refused = nullcontext() if fits else pytest.raises(IntegrityError, match="facilities_bed_never_twice")
    with refused, transaction.atomic():
        _use(bed, start, end)


def test_the_database_refuses_two_beds_for_one_work() -> None:
    work = hold(a_bed())
    with pytest.raises(IntegrityError, match="facilities_work_in_one_bed"), transaction.atomic():
        BedUse.objects.create(
            bed=a_bed(), kind="stay", period=TimestamptzRange(NOON, None), for_kind="handoff", for_id=work
        )


def test_the_database_refuses_a_hold_without_end() -> None:
    with pytest.raises(IntegrityError, match="facilities_hold_ends"), transaction.atomic():
        _use(a_bed(), NOON, None, kind="hold")


def test_no_use_of_a_bed_is_ever_deleted() -> None:
    hold(a_bed())
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        BedUse.objects.all().delete()


def test_a_held_bed_is_refused_to_another_and_the_transaction_goes_on() -> None:
    bed, other = a_bed(), a_bed()
    first = hold(bed)
    actor, second = an_actor(), new_id()
    with transaction.atomic():
        with pytest.raises(Conflict, match="请另选一张"):
            facilities.hold_bed(
                actor, bed.id, for_kind="handoff", for_id=second, at=NOON + HOUR, until=NOON + 2 * HOUR
            )
        facilities.hold_bed(actor, other.id, for_kind="handoff", for_id=second, at=NOON, until=NOON + HOUR)
    assert _bed_of(first, NOON) == bed.id
    assert _bed_of(second, NOON) == other.id


def _bed_of(work: UUID, at: datetime) -> UUID | None:
    use = facilities.bed_use("handoff", work, at)
    return use.bed.id if use else None


def test_another_choice_moves_the_hold() -> None:
    first, second = a_bed(), a_bed()
    work = hold(first)
    hold(second, for_id=work, at=NOON + HOUR)
    assert _bed_of(work, NOON + HOUR) == second.id
    hold(first, at=NOON + HOUR)


def test_a_refused_move_leaves_the_hold_where_it_was() -> None:
    mine, taken = a_bed(), a_bed()
    work = hold(mine)
    hold(taken)
    with pytest.raises(Conflict):
        hold(taken, for_id=work)
    assert _bed_of(work, NOON) == mine.id


def test_the_same_hold_again_only_reaches_further() -> None:
    bed = a_bed()
    work = hold(bed, hours=1)
    hold(bed, for_id=work, hours=3)
    assert _bed_of(work, NOON + 2 * HOUR) == bed.id


def test_a_hold_ends_by_itself() -> None:
    bed = a_bed()
    hold(bed, hours=1)
    hold(bed, at=NOON + HOUR)


def test_a_stay_takes_the_place_of_the_hold_and_lasts() -> None:
    bed = a_bed()
    work = hold(bed, hours=1)
    occupy(bed, for_id=work, at=NOON + HOUR / 2)
    use = facilities.bed_use("handoff", work, NOON + 48 * HOUR)
    assert use is not None
    assert (use.kind, use.starts_at, use.ends_at) == (UseKind.STAY, NOON + HOUR / 2, None)


def test_a_late_arrival_still_gets_the_bed_if_it_is_free() -> None:
    bed = a_bed()
    work = hold(bed, hours=1)
    occupy(bed, for_id=work, at=NOON + 2 * HOUR)
    assert _bed_of(work, NOON + 3 * HOUR) == bed.id


def test_a_late_arrival_does_not_push_the_next_one_out() -> None:
    bed = a_bed()
    late = hold(bed, hours=1)
    hold(bed, at=NOON + HOUR)
    with pytest.raises(Conflict):
        occupy(bed, for_id=late, at=NOON + 2 * HOUR)


def test_a_person_in_bed_moves_to_another_bed() -> None:
    first, second = a_bed(), a_bed()
    work = occupy(first)
    occupy(second, for_id=work, at=NOON + HOUR)
    assert _bed_of(work, NOON + HOUR) == second.id
    occupy(first, at=NOON + HOUR)


def test_who_lies_in_a_bed_cannot_hold_another() -> None:
    work = occupy(a_bed())
    with pytest.raises(Conflict):
        hold(a_bed(), for_id=work, at=NOON + HOUR)


@pytest.mark.parametrize("at", [NOON, NOON + HOUR], ids=["in the same instant", "later"])
def test_a_released_bed_is_free_at_once(at: datetime) -> None:
    bed = a_bed()
    work = hold(bed)
    with transaction.atomic():
        assert facilities.release_bed(an_actor(), for_kind="handoff", for_id=work, at=at)
        assert not facilities.release_bed(an_actor(), for_kind="handoff", for_id=work, at=at)
    hold(bed, at=at)


def test_release_does_not_end_a_stay_and_vacate_does() -> None:
    bed = a_bed()
    work = occupy(bed)
    with transaction.atomic():
        assert not facilities.release_bed(an_actor(), for_kind="handoff", for_id=work, at=NOON + HOUR)
        assert facilities.vacate_bed(an_actor(), for_kind="handoff", for_id=work, at=NOON + HOUR)
    assert _bed_of(work, NOON + 2 * HOUR) is None


def test_a_bed_out_of_service_and_a_bed_nobody_has_are_not_found() -> None:
    for bed_id in (a_bed(is_active=False).id, new_id()):
        with pytest.raises(NotFound), transaction.atomic():
            facilities.occupy_bed(an_actor(), bed_id, for_kind="handoff", for_id=new_id(), at=NOON)


def test_a_hold_needs_time() -> None:
    bed = a_bed()
    with pytest.raises(InvalidInput), transaction.atomic():
        facilities.hold_bed(an_actor(), bed.id, for_kind="handoff", for_id=new_id(), at=NOON, until=NOON)


def test_the_bed_is_locked_before_anything_is_written() -> None:
    bed = a_bed()
    with CaptureQueriesContext(connection) as queries:
        hold(bed)
    statements = [each["sql"] for each in queries]
    locked = next(i for i, text in enumerate(statements) if "FOR NO KEY UPDATE" in text)
    written = next(i for i, text in enumerate(statements) if text.startswith(("INSERT", "UPDATE")))
    assert locked < written


def test_free_beds_are_those_in_service_that_nobody_uses() -> None:
    ward = a_department()
    free, held, lain_in = a_bed(ward), a_bed(ward), a_bed(ward)
    a_bed(ward, is_active=False)
    a_bed(a_department(ward.institution, is_active=False))
    elsewhere = a_bed(a_department(ward.institution))
    hold(held)
    occupy(lain_in)
    found = facilities.free_beds(ward.institution_id, ward.id, NOON)
    assert [bed.id for bed in found] == [free.id]
    everywhere = facilities.free_beds(ward.institution_id, None, NOON)
    assert {bed.id for bed in everywhere} == {free.id, elsewhere.id}
    assert facilities.count_free_beds([ward.institution_id], NOON) == {ward.institution_id: 2}
