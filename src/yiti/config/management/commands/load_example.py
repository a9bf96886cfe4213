"""`load_example NAME`: an invented county from the folder `examples/NAME`, repeatable by seed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from yiti.config import setup
from yiti.config.connections import connected_as
from yiti.config.environment import DatabaseRole
from yiti.config.example.emergencies import break_glasses
from yiti.config.example.loading import load_residents_and_history
from yiti.config.example.open_cases import live_on
from yiti.config.example.others import load_others
from yiti.foundation.accounts import public as accounts
from yiti.kernel.clock import now

SEED = 20261120
PASSWORD = "yiti-demo-2026"  # noqa: S105  invented people only; the demo prints it


class Command(BaseCommand):
    help = "Load an example county into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--share", type=float, default=1, help="how much of the county: 0.2 has a fifth of its people"
        )
        parser.add_argument(
            "--others",
            type=int,
            default=0,
            help="so many more people with their visits: a county at its size",
        )

    def handle(self, *args: Any, name: str, share: float, others: int, **options: Any) -> None:
        folder = settings.YITI_EXAMPLES / name
        if not folder.is_dir():
            raise CommandError(f"There is no example county {name!r} in {settings.YITI_EXAMPLES}.")
        at = now()
        setup.load_reference(at)
        setup.load_places(folder, at)
        self._say("Institutions, wards and beds")
        setup.load_people_at_work(folder, make_password(PASSWORD), at)
        accounts.accept_first_passwords(actor=setup.SETUP, at=at)
        self._say("Staff and sign-ins")
        loaded = load_residents_and_history(setup.SETUP, seed=SEED, at=at, share=share)
        self._say(f"{loaded.people} residents, {loaded.visits} visits, {loaded.stays} people in bed")
        self._say(f"{loaded.referrals} referrals of twelve months")
        with connected_as(DatabaseRole.APP):
            # Hundreds of small commands: an example that a power cut ends half-way is loaded anew anyhow.
            connection.cursor().execute("SET synchronous_commit TO off")
            self._say(f"{live_on(loaded.county)} cases that are open")
            self._say(f"{break_glasses(loaded.county)} records opened in an emergency")
        for people, visits in load_others(setup.SETUP, people=others, seed=SEED + 1, at=at) if others else ():
            self._say(f"{people} other residents, {visits} visits of theirs")

    def _say(self, what: str) -> None:
        self.stdout.write(f"Loaded: {what}.")
