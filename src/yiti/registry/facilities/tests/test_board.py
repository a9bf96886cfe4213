"""The bed board: counted beside stated, and how long a statement counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import BoardRow
from yiti.registry.facilities.models import BedBoardNote, Department
from yiti.registry.facilities.tests.builders import NOON, a_bed, a_department, an_institution, hold, occupy

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def a_nurse_of(ward: Department) -> Actor:
    """Somebody who keeps the board of her own hospital."""
    return an_actor("facilities.update_beds", institution_id=ward.institution_id, name="李秀萍")


def board_of(ward: Department, at: datetime = NOON) -> BoardRow:
    """The board's line of one ward."""
    rows = facilities.bed_board(ward.institution_id, at)
    return next(row for row in rows if row.department_id == ward.id)


def test_beds_are_counted_by_what_becomes_of_them() -> None:
    ward = a_department()
    lain_in, held = a_bed(ward), a_bed(ward, features=["monitored"])
    a_bed(ward, features=["monitored"])
    a_bed(ward)
    a_bed(ward, is_active=False)
    occupy(lain_in)
    hold(held, hours=1)
    line = board_of(ward)
    assert (line.beds, line.occupied, line.held, line.free, line.monitored_free) == (4, 1, 1, 2, 1)
    later = board_of(ward, NOON + HOUR)
    assert (later.held, later.free, later.monitored_free) == (0, 3, 2)


@pytest.mark.parametrize(
    ("age", "is_stale"),
    [
        pytest.param(timedelta(0), False, id="just said"),
        pytest.param(2 * HOUR, False, id="exactly two hours"),
        pytest.param(2 * HOUR + timedelta(seconds=1), True, id="a second more"),
    ],
)
def test_a_statement_counts_two_hours(age: timedelta, is_stale: bool) -> None:
    ward = a_department()
    a_bed(ward)
    facilities.update_bed_board(actor=a_nurse_of(ward), department_id=ward.id, free_stated=1, at=NOON - age)
    assert board_of(ward).is_stale is is_stale


def test_the_last_statement_counts_and_all_stay() -> None:
    ward = a_department()
    a_bed(ward)
    nurse = a_nurse_of(ward)
    facilities.update_bed_board(actor=nurse, department_id=ward.id, free_stated=1, at=NOON - HOUR)
    facilities.confirm_beds_by_phone(
        actor=nurse, department_id=ward.id, free_stated=0, spoke_with="房医生", at=NOON
    )
    line = board_of(ward)
    assert line.note is not None
    assert (line.note.kind, line.note.free_stated, line.note.stated_by_name) == ("phone", 0, "李秀萍")
    assert line.note.spoke_with == "房医生"
    assert line.is_disputed
    before = board_of(ward, NOON - HOUR)
    assert before.note is not None
    assert (before.note.free_stated, before.is_disputed) == (1, False)
    assert BedBoardNote.objects.count() == 2


def test_a_ward_nobody_spoke_about_is_stale() -> None:
    ward = a_department()
    a_bed(ward)
    line = board_of(ward)
    assert (line.note, line.is_stale, line.free, line.is_disputed) == (None, True, 1, False)


def test_a_hospital_outside_is_known_by_phone_only() -> None:
    ward = a_department(an_institution(is_external=True))
    assert board_of(ward).free is None
    nurse = an_actor("facilities.update_beds")
    facilities.confirm_beds_by_phone(
        actor=nurse, department_id=ward.id, free_stated=3, spoke_with="值班护士", at=NOON
    )
    assert board_of(ward).free == 3
    assert board_of(ward, NOON + 3 * HOUR).free is None


def test_a_department_without_beds_is_not_on_the_board() -> None:
    laboratory = a_department(name="检验科")
    assert facilities.bed_board(laboratory.institution_id, NOON) == []


@pytest.mark.parametrize("wards", [1, 20])
def test_the_board_needs_three_queries(wards: int, django_assert_num_queries: Any) -> None:
    place = an_institution()
    for _ in range(wards):
        a_bed(a_department(place))
    with django_assert_num_queries(3):
        assert len(facilities.bed_board(place.id, NOON)) == wards


def test_every_statement_leaves_one_audit_row() -> None:
    ward = a_department()
    facilities.update_bed_board(actor=a_nurse_of(ward), department_id=ward.id, free_stated=2, at=NOON)
    rows = audit.trail(an_actor("audit.read"), audit.Asked("facilities."))
    assert [(row.action, row.record_id) for row in rows] == [("facilities.note_beds_ward", ward.id)]


def test_who_may_not_speak_for_a_ward() -> None:
    ward = a_department()
    stranger = an_actor("facilities.update_beds")
    clerk = an_actor(institution_id=ward.institution_id)
    with pytest.raises(NotFound):
        facilities.update_bed_board(actor=stranger, department_id=ward.id, free_stated=1, at=NOON)
    with pytest.raises(NotPermitted):
        facilities.update_bed_board(actor=clerk, department_id=ward.id, free_stated=1, at=NOON)
    with pytest.raises(NotPermitted):
        facilities.confirm_beds_by_phone(
            actor=clerk, department_id=ward.id, free_stated=1, spoke_with="某人", at=NOON
        )
    for gone in (new_id(), a_department(is_active=False).id):
        with pytest.raises(NotFound):
            facilities.confirm_beds_by_phone(
                actor=stranger, department_id=gone, free_stated=1, spoke_with="某人", at=NOON
            )
    assert not BedBoardNote.objects.exists()


@pytest.mark.parametrize(
    ("free", "spoke_with", "field"),
    [
        pytest.param(-1, "某人", "free_stated", id="less than none"),
        pytest.param(1000, "某人", "free_stated", id="more than there can be"),
        pytest.param(1, "  ", "spoke_with", id="nobody on the phone"),
        pytest.param(1, "某" * 61, "spoke_with", id="a name too long"),
    ],
)
def test_what_cannot_be_said(free: int, spoke_with: str, field: str) -> None:
    ward = a_department()
    with pytest.raises(InvalidInput) as refused:
        facilities.confirm_beds_by_phone(
            actor=a_nurse_of(ward), department_id=ward.id, free_stated=free, spoke_with=spoke_with, at=NOON
        )
    assert refused.value.field == field
    assert not BedBoardNote.objects.exists()


def test_what_was_said_stays_in_the_database() -> None:
    ward = a_department()
    facilities.update_bed_board(actor=a_nurse_of(ward), department_id=ward.id, free_stated=2, at=NOON)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        BedBoardNote.objects.update(free_stated=5)
