"""`check_county`: whether the data of the county keep their promises; `yiti check` runs it as the worker."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from yiti.config.invariants import faults


class Command(BaseCommand):
    help = "Tell what is broken in the county's data; exit code 1 when anything is."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        for fault in found:
            self.stderr.write(f"{fault.promise}: {fault.id} {fault.how}")
        if found:
            sys.exit(1)
