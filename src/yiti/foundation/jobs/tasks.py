"""The jobs procrastinate knows. Each only wakes work that was registered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from prometheus_client import Counter

from yiti.foundation.jobs import domain

FAILURES = Counter("yiti_job_failures_total", "Failures of what is done every minute", ["job"])
log = logging.getLogger(__name__)


@app.task(name="yiti.wake", queueing_lock="wake")
def wake() -> None:
    """Something was recorded in the outbox."""
    for work in domain.wake_work():
        work()


@app.periodic(cron="* * * * *")
@app.task(name="yiti.minute", queueing_lock="minute")
def minute(timestamp: int) -> None:
    """Once a minute: limits of handoffs, ends of holds, whatever a wake-up missed."""
    _do_all({**domain.minute_work(), **{f"wake {w.__qualname__}": w for w in domain.wake_work()}})


@app.periodic(cron="7 * * * *")
@app.task(name="yiti.hour", queueing_lock="hour")
def hour(timestamp: int) -> None:
    """Once an hour: what takes longer and may wait."""
    _do_all(domain.hour_work())


def _do_all(works: Mapping[str, Callable[[], object]]) -> None:
    for name, work in works.items():
        try:
            work()
        except Exception:
            FAILURES.labels(name).inc()
            log.exception("a job failed; the others go on", extra={"job": name})


@app.periodic(cron="*/2 * * * *")
@app.task(name="yiti.reap", queueing_lock="reap", pass_context=False)
async def reap(timestamp: int) -> None:
    """Put back jobs whose worker was killed: procrastinate leaves them in `doing`."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


def wake_outbox() -> None:
    """Ask the worker to look now; a wake-up that already waits is enough."""
    try:
        wake.defer()
    except AlreadyEnqueued:
        log.debug("a wake-up already waits")
