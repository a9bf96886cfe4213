"""`check_county`: whether the data of the county keep their promises; `yiti check` runs it as the worker."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from yiti.config.invariants import faults
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import SYSTEM
from yiti.kernel.display import full_time


class Command(BaseCommand):
    help = "Tell what is broken in the county's data; exit code 1 when anything is."

    def handle(self, *args: Any, **options: Any) -> None:
        self._tell_head()
        found = faults()
        for fault in found:
            self.stderr.write(f"{fault.promise}: {fault.id} {fault.how}")
        if found:
            sys.exit(1)

    def _tell_head(self) -> None:
        """The head of the trail's chain, to be compared with one that was kept elsewhere."""
        seal = audit.seal_state(SYSTEM)
        if seal.sealed_at is not None:
            digest = " ".join(audit.groups_of(seal.digest))
            when = full_time(seal.sealed_at)
            self.stdout.write(f"Trail: sealed up to number {seal.number}, {when}, SM3 {digest}")
