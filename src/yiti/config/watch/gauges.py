"""Measures once a minute, in the worker, what stands in the database and on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from yiti.config.watch import metrics
from yiti.foundation.administration import public as administration
from yiti.foundation.audit import public as audit
from yiti.foundation.jobs import public as jobs
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import SYSTEM
from yiti.kernel.clock import now
from yiti.spine.handoffs import public as handoffs

WATCHER = replace(SYSTEM, permissions=SYSTEM.permissions | {"audit.read"})


def measure() -> None:
    """Set every gauge to what is true now."""
    at = now()
    backlog = outbox.backlog(WATCHER)
    oldest = (at - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0
    metrics.OUTBOX_WAITING.set(backlog.waiting)
    metrics.OUTBOX_OLDEST.set(max(0, oldest))
    metrics.OUTBOX_GIVEN_UP.set(backlog.given_up)
    metrics.UNSEALED.set(audit.seal_state(WATCHER).waiting)
    metrics.FAILED_JOBS.set(jobs.count_failed(WATCHER))
    metrics.OVERDUE.set(handoffs.count_overdue(WATCHER, at))
    sound_at = administration.last_sound_at(WATCHER)
    metrics.CHECKED_AT.set(max(_marked("check"), sound_at.timestamp() if sound_at else 0.0))
    metrics.BACKED_UP_AT.set(_marked("backup"))
    metrics.MEASURED_AT.set(at.timestamp())


def _marked(what: str) -> float:
    """When the command line last left its mark that this succeeded (`ops/marks.py`)."""
    try:
        return Path(settings.YITI_MARKS, what).stat().st_mtime if settings.YITI_MARKS else 0.0
    except OSError:
        return 0.0
