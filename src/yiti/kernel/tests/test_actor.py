"""Who may do what, and whose work an actor sees."""

from __future__ import annotations

import dataclasses

import pytest

from yiti.kernel.actor import NOBODY, SYSTEM, Purpose
from yiti.kernel.errors import NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor


def test_only_a_permission_held_is_granted() -> None:
    nurse = an_actor("referrals.answer")
    assert nurse.can("referrals.answer")
    nurse.require("referrals.answer")
    assert not nurse.can("referrals.send")
    with pytest.raises(NotPermitted) as refused:
        nurse.require("referrals.send")
    assert refused.value.permission == "referrals.send"


def test_a_part_of_a_permission_is_no_permission() -> None:
    assert not an_actor("referrals.answer").can("referrals")
    assert not an_actor("referrals").can("referrals.answer")


def test_a_refusal_reads_like_a_missing_record() -> None:
    refused, missing = NotPermitted("referrals.send"), NotFound()
    assert refused.text() == missing.text()
    assert isinstance(refused, NotFound)
    assert "referrals.send" not in refused.text()


def test_an_actor_sees_the_own_institution_and_those_overseen() -> None:
    township, village, stranger = new_id(), new_id(), new_id()
    doctor = an_actor(institution_id=township, oversees=frozenset({village}))
    assert [doctor.sees(each) for each in (township, village, stranger)] == [True, True, False]


def test_an_actor_without_a_posting_sees_no_institution_s_work() -> None:
    assert not an_actor().sees(NOBODY)


def test_the_system_has_no_permission_of_a_person() -> None:
    assert SYSTEM.purpose is Purpose.SYSTEM
    assert SYSTEM.permissions == {"system"}


def test_an_actor_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        an_actor().permissions = frozenset({"everything"})  # type: ignore[misc]
