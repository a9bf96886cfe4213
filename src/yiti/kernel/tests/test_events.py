"""What every event is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from yiti.kernel.events import Event
from yiti.kernel.ids import new_id


@dataclass(frozen=True)
class KettleBoiled(Event):
    kind: ClassVar[str] = "kitchen.KettleBoiled"

    kettle_id: UUID


def test_an_event_is_a_fact_with_a_kind_beside_its_fields() -> None:
    kettle = new_id()
    boiled = KettleBoiled(kettle_id=kettle)
    assert boiled == KettleBoiled(kettle_id=kettle)
    assert boiled.kind == "kitchen.KettleBoiled"
    assert dataclasses.asdict(boiled) == {"kettle_id": kettle}


def test_an_event_is_not_rewritten() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        KettleBoiled(kettle_id=new_id()).kettle_id = new_id()  # type: ignore[misc]
