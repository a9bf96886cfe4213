"""`load_reference`: code systems and roles of this version; does nothing when they are there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from yiti.config.setup import load_reference
from yiti.kernel.clock import now


class Command(BaseCommand):
    help = "Bring code systems and roles up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference(now())
