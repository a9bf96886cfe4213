"""Who listens to which event, and what the worker does every minute: the only place where that stands."""

from __future__ import annotations

from yiti.care.referrals import handlers as referrals
from yiti.config.invariants import check_up
from yiti.config.watch import gauges
from yiti.foundation.administration import public as administration
from yiti.foundation.audit import public as audit
from yiti.foundation.jobs import public as jobs
from yiti.foundation.outbox import public as outbox
from yiti.kernel.clock import local_date, now
from yiti.registry.residents import handlers as residents
from yiti.registry.residents.public import (
    PersonDied,
    PersonMerged,
    PersonRegistered,
    PersonUnmerged,
    RecordOpenedByBreakGlass,
)
from yiti.spine.episodes import handlers as episodes
from yiti.spine.episodes.public import (
    EpisodeClosed,
    EpisodeOpened,
    EpisodesJoined,
    EpisodeSplit,
    PersonDischarged,
    VisitEnded,
    VisitStarted,
)
from yiti.spine.handoffs import handlers as handoffs
from yiti.spine.handoffs.public import (
    HandoffEscalated,
    HandoffMoved,
    HandoffOverdue,
    hand_on_of_leavers,
    run_clock,
)

# Recorded already, for rooms to come (messages, statistics); delivery needs to know their names.
_UNHEARD = (
    EpisodeClosed,
    EpisodeOpened,
    EpisodesJoined,
    EpisodeSplit,
    HandoffEscalated,
    HandoffOverdue,
    PersonRegistered,
    RecordOpenedByBreakGlass,
    VisitEnded,
    VisitStarted,
)


def register() -> None:
    """Subscribe every handler; called once by `config.apps`."""
    outbox.subscribe(PersonMerged, handoffs.on_person_merged)
    outbox.subscribe(PersonUnmerged, handoffs.on_person_unmerged)
    outbox.subscribe(PersonDied, handoffs.on_person_died, episodes.on_person_died)
    outbox.subscribe(PersonDischarged, episodes.on_person_discharged, referrals.on_person_discharged)
    outbox.subscribe(HandoffMoved, referrals.on_handoff_moved)
    for heard_by_nobody_yet in _UNHEARD:
        outbox.subscribe(heard_by_nobody_yet)
    jobs.on_wake(deliver)
    jobs.on_wake(audit.seal_all)
    jobs.every_hour("checkup", check_up)
    jobs.every_minute("clock of handoffs", strike)
    jobs.every_minute("work of leavers", hand_on)
    jobs.every_minute("figures for watching", gauges.measure)
    jobs.every_minute("user days", count_days)
    jobs.every_minute("idle episodes", episodes.close_idle)
    jobs.every_minute("likely duplicates", residents.review_if_due)


def deliver() -> int:
    """Hand waiting events to their handlers; runs in the worker."""
    return outbox.deliver_waiting(now)


def hand_on() -> int:
    """Take work out of the hands of those who have left; runs in the worker."""
    return hand_on_of_leavers(now())


def count_days() -> None:
    """Count what users did on finished days; runs in the worker."""
    at = now()
    audit.count_finished_days(at, administration.night_hours(local_date(at)))


def strike() -> int:
    """Let the clock of handoffs strike; runs in the worker."""
    return run_clock(now())
