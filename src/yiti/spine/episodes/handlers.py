"""Reactions to events and to the clock. Each bears a repeat."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import cast

from yiti.kernel.actor import SYSTEM
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict
from yiti.kernel.events import Event
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands import close_after_death, close_idle_episodes
from yiti.spine.episodes.domain import DischargeWay, PersonDischarged

log = logging.getLogger(__name__)


def on_person_died(event: Event) -> None:
    """A death closes the courses of care that are not under way any more."""
    died = cast("residents.PersonDied", event)
    close_after_death(actor=SYSTEM, person_id=died.person_id, at=died.recorded_at)


def on_person_discharged(event: Event) -> None:
    """A stay that ended by death records the death, at the moment of discharge.

    Where the death is recorded already, with another moment, that one stands.
    """
    gone = cast("PersonDischarged", event)
    if gone.way != DischargeWay.DIED:
        return
    registrar = replace(SYSTEM, permissions=frozenset({"residents.write"}))
    try:
        residents.record_death(
            actor=registrar,
            person_id=gone.person_id,
            deceased_at=gone.discharged_at,
            at=gone.discharged_at,
        )
    except Conflict:
        log.info("the death that ended a visit is recorded already", extra={"visit": gone.visit_id})


def close_idle() -> int:
    """The clock closes what nobody has touched for long; runs in the worker."""
    return close_idle_episodes(actor=SYSTEM, at=now())
