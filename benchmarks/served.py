"""A person index on a PostgreSQL of its own, embedded and thrown away, durable as a county's is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import psycopg

from benchmarks.county import County
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id

NAMESPACE = UUID("018f0000-0000-7000-8000-000000000000")
TOWNS = [uuid5(NAMESPACE, str(town)) for town in range(20)]
_SEXES = {"1": Sex.MALE, "0": Sex.FEMALE}


@dataclass
class Index:
    """An index to fill, to learn from and to ask. Django is connected to it as the pages are."""

    superuser: psycopg.Connection[Any]
    urls: dict[str, str]
    ids: list[UUID] = field(default_factory=list)

    def fill(self, known: County) -> None:
        """Cards and search keys by COPY, then what a day's autovacuum would do. No records: the desk opens
        none."""
        self.ids = [new_id() for _ in known.person]
        with self.superuser.cursor() as cursor, cursor.copy(_CARDS) as stream:
            for id_, row in zip(self.ids, _rows(known), strict=True):
                stream.write_row((id_, row.name, row.sex.value, row.year, row.village, "", False))
        with self.superuser.cursor() as cursor, cursor.copy(_KEYS) as stream:
            for id_, row in zip(self.ids, _rows(known), strict=True):
                for kind, value in row.search_keys():
                    stream.write_row((id_, kind.value, value))
        self.superuser.execute("VACUUM ANALYZE residents_card")
        self.superuser.execute("VACUUM ANALYZE residents_cardkey")

    def learn(self) -> None:
        """What the night learns of the whole index, kept for the desk."""
        from django.db import transaction  # noqa: PLC0415 - Django is set up by now

        from yiti.kernel.clock import now  # noqa: PLC0415
        from yiti.registry.residents.commands.reviewing import keep_model  # noqa: PLC0415
        from yiti.registry.residents.domain.linking.people import link  # noqa: PLC0415
        from yiti.registry.residents.selectors.linking import whole_index  # noqa: PLC0415

        self.become("owner")
        with transaction.atomic():
            people = whole_index()[1].columns()
            keep_model(link(people).model, people, now())
        self.become("app")

    def become(self, role: str) -> None:
        """Connect Django as another role."""
        from django.db import connection, connections  # noqa: PLC0415
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

        connections.close_all()
        told = conninfo_to_dict(self.urls[role])
        connection.settings_dict.update({"NAME": told["dbname"], "USER": told["user"], "HOST": told["host"]})


@dataclass(frozen=True, slots=True)
class Written:
    """One record of the county, as the index writes it."""

    name: str
    sex: Sex
    birth: date
    village: UUID
    number: str
    phone: str

    @property
    def year(self) -> int:
        """The year of birth."""
        return self.birth.year

    def search_keys(self) -> Iterable[tuple[Any, str]]:
        """The search keys."""
        from yiti.registry.residents.domain import Birth, BirthPrecision  # noqa: PLC0415
        from yiti.registry.residents.domain.keys import card_keys  # noqa: PLC0415

        birth = Birth(self.birth, BirthPrecision.DAY)
        numbers = [("01", self.number)] if self.number else []
        phones = [self.phone] if self.phone else []
        return card_keys(name=self.name, birth=birth, village_id=self.village, phones=phones, numbers=numbers)


def _rows(known: County) -> Iterator[Written]:
    columns = (known.name, known.sex, known.birth, known.town, known.number, known.phone)
    for name, sex, birth, town, number, phone in zip(*(each.tolist() for each in columns), strict=True):
        yield Written(name, _SEXES[sex], _day(birth), TOWNS[int(town)], number, phone)


def newcomers(known: County) -> list[Written]:
    """Records as people at the desk."""
    return list(_rows(known))


def _day(text: str) -> date:
    """A slip can make a day that no month has: the first then."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.fromisoformat(f"{text[:6]}01")


_CARDS = (
    "COPY residents_card (id, masked_name, sex, birth_year, village_id, initials, is_deceased) FROM STDIN"
)
_KEYS = "COPY residents_cardkey (card_id, kind, value) FROM STDIN"


@contextmanager
def served() -> Iterator[Index]:
    """An empty index with all tables, on a server that writes durably."""
    from yiti.ops import roles  # noqa: PLC0415
    from yiti.ops.roles import Role  # noqa: PLC0415
    from yiti.ops.temporary import Temporary  # noqa: PLC0415

    server = Temporary(durable=True)
    try:
        with server.cluster.connect() as superuser:
            roles.make_roles(superuser)
            roles.make_database(superuser)
        urls = {role.word: server.cluster.url(role, roles.DATABASE) for role in Role}
        for role in Role:
            os.environ[role.variable] = urls[role.word]
        os.environ |= {"YITI_SECRET_KEY": "benchmark", "DJANGO_SETTINGS_MODULE": "yiti.config.settings"}
        os.environ["YITI_DB_ROLE"] = Role.APP.word
        superuser = server.cluster.connect(roles.DATABASE)
        superuser.autocommit = True
        superuser.execute("SET session_replication_role = replica")  # towns of the county are no regions here
        index = Index(superuser, urls)
        _make_tables(index)
        yield index
    finally:
        server.close()


def _make_tables(index: Index) -> None:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from yiti.ops import roles  # noqa: PLC0415

    django.setup()
    with psycopg.connect(index.urls["owner"], autocommit=True) as owner:
        roles.grant(owner)
    index.become("owner")
    call_command("migrate", interactive=False, verbosity=0)
    index.become("app")
