"""The figures Prometheus reads. Labels are names of routes, jobs and kinds: few, and of nobody.

Each process counts for itself in the folder `PROMETHEUS_MULTIPROC_DIR` that the supervisor makes anew at
every start; a scrape adds them up. What stands in the database is measured by the worker once a minute
(`gauges.py`): a scrape asks the database nothing, and answers while it is away.
"""

from __future__ import annotations

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("yiti_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "yiti_request_seconds",
    "Time to answer, without static files",
    ["route"],
    buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4),
)
DATABASE_ERRORS = Counter(
    "yiti_database_errors_total", "Requests that an error of the database ended", ["kind"]
)
SIGN_IN_FAILURES = Counter("yiti_sign_in_failures_total", "Refused sign-ins")


def _gauge(name: str, help_text: str) -> Gauge:
    return Gauge(f"yiti_{name}", help_text, multiprocess_mode="mostrecent")


OUTBOX_WAITING = _gauge("outbox_waiting", "Events that wait for their handlers")
OUTBOX_OLDEST = _gauge("outbox_oldest_seconds", "Age of the oldest event that waits")
OUTBOX_GIVEN_UP = _gauge("outbox_given_up", "Events no longer tried")
UNSEALED = _gauge("audit_unsealed", "Entries of the trail without a seal")
FAILED_JOBS = _gauge("jobs_failed", "Jobs that ended in failure and are still listed")
OVERDUE = _gauge("handoffs_overdue", "Open handoffs past their limit")
MEASURED_AT = _gauge("measured_timestamp_seconds", "When the worker last measured the figures above")
CHECKED_AT = _gauge("check_success_timestamp_seconds", "When the data were last found sound (0: unknown)")
BACKED_UP_AT = _gauge("backup_success_timestamp_seconds", "When `yiti backup` last succeeded (0: unknown)")


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
