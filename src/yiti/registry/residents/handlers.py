"""Reactions to the clock. Each bears a repeat."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from yiti.kernel.actor import SYSTEM
from yiti.kernel.clock import SHANGHAI, local, now
from yiti.registry.residents.commands import review_index
from yiti.registry.residents.selectors import fitted_at

_AT_NIGHT = time(2, 30)


def review_if_due() -> int | None:
    """Go through the index once a night, after 02:30, or as soon as the worker runs again; runs in the
    worker.

    Gives how many pairs are open then, None when it is not due.
    """
    at = now()
    done_at = fitted_at()
    if done_at is not None and done_at >= last_night(at):
        return None
    return review_index(actor=SYSTEM, at=at)


def last_night(at: datetime) -> datetime:
    """The last half past two in the morning."""
    today = datetime.combine(local(at).date(), _AT_NIGHT, SHANGHAI)
    return today if today <= at else today - timedelta(days=1)
