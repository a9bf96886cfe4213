"""The people most tests of pages need: a village, its doctor, somebody elsewhere, the man of the pictures."""

from __future__ import annotations

from uuid import UUID

import pytest

from yiti.kernel.actor import Actor
from yiti.registry.residents.tests.builders import Place, a_clinician, a_place, a_stranger, the_man


@pytest.fixture
def place(db: None) -> Place:
    """Where the doctor works."""
    return a_place()


@pytest.fixture
def doctor(place: Place) -> Actor:
    """A village doctor."""
    return a_clinician(place.clinic)


@pytest.fixture
def stranger(db: None) -> Actor:
    """Somebody with all permissions at an institution that no record is open to."""
    return a_stranger()


@pytest.fixture
def man_id(doctor: Actor, place: Place) -> UUID:
    """The man of the pictures, with card and phone."""
    return the_man(doctor, place)
