"""Who listens to which event: the only place where subscriptions stand."""

from __future__ import annotations

from yiti.foundation.jobs import public as jobs
from yiti.foundation.outbox import public as outbox
from yiti.kernel.clock import now


def register() -> None:
    """Subscribe every handler; called once by `config.apps`."""
    jobs.on_wake(deliver)


def deliver() -> int:
    """Hand waiting events to their handlers; runs in the worker."""
    return outbox.deliver_waiting(now)
