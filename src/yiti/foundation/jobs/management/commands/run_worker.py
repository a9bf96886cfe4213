"""`run_worker`: the worker process that `yiti serve` starts beside the pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Run background work until stopped (SIGTERM finishes what runs)."

    def handle(self, *args: Any, **options: Any) -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as worker_app:
            worker_app.run_worker(
                name="yiti",
                concurrency=2,
                install_signal_handlers=True,
                delete_jobs="successful",
                shutdown_graceful_timeout=4,
                fetch_job_polling_interval=5,
            )
