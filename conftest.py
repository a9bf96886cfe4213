"""What every test stands on: a real PostgreSQL, migrated as the owner, used as the role of the pages.

One throw-away server a run, or the one `DATABASE_URL` names (its yiti_owner then needs CREATEDB and
pg_signal_backend). The tables are made once, in a template; every test process works in a clone of
it, and so does every test that really commits (decision 13: TRUNCATE is not for the app role).
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import translation
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django import DjangoDbBlocker

from yiti.foundation.accounts.domain import SecondFactor
from yiti.kernel.clock import SHANGHAI
from yiti.ops import prepare, roles
from yiti.ops.database import Database
from yiti.ops.locks import alone
from yiti.ops.roles import Role
from yiti.ops.temporary import Temporary

# How long an example takes is no question of a test: a machine that is busy may stand still for a moment.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")

os.environ.setdefault("YITI_SECRET_KEY", "tests only")
os.environ.setdefault("YITI_SECOND_FACTOR", "nobody")  # in processes that tests start

pytest_plugins = ["tests.forgetting", "tests.hashing", "tests.locks", "tests.proofs"]

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
T = TypeVar("T")

_server = pytest.StashKey[Temporary]()


# --- the server ---------------------------------------------------------------------------------
def _urls(config: pytest.Config) -> dict[Role, str]:
    """The server's URLs: handed over by the controller, named by the environment, or a new server's."""
    if handed := getattr(config, "workerinput", {}).get("yiti_urls"):
        return {Role(role): url for role, url in handed.items()}
    if os.environ.get("DATABASE_URL"):
        return {role: os.environ[role.variable] for role in Role}
    if _server not in config.stash:
        config.stash[_server] = Temporary()
        with config.stash[_server].cluster.connect() as superuser:
            roles.make_roles(superuser)
            owner = sql.Identifier(Role.OWNER)
            superuser.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
            superuser.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(owner))
    return {role: config.stash[_server].cluster.url(role, "postgres") for role in Role}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Hand the one server of this run to a process of pytest-xdist."""
    node.workerinput["yiti_urls"] = {role.value: url for role, url in _urls(node.config).items()}  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server in config.stash:
        config.stash[_server].close()


@dataclass
class Databases:
    """The databases of one test process: clones of the run's one migrated template."""

    server: Mapping[Role, str]
    template: str
    prefix: str
    shared: Path  # a folder of all processes of this run
    _numbers: Iterator[int] = field(default_factory=count)

    def named(self, name: str) -> Database:
        """The URLs of one database."""
        return Database({role: make_conninfo(url, dbname=name) for role, url in self.server.items()})

    def make_template(self) -> None:
        """Migrate the template as its owner, unless another process of this run already has."""
        with self._maintenance() as owner:
            name = sql.Identifier(self.template)
            if owner.execute(
                "SELECT FROM pg_database WHERE datname = %s AND datistemplate", [self.template]
            ).rowcount:
                return
            # A process of this run may have failed half-way; the mark above is set last.
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
            database = self.named(self.template)
            with database.connect(Role.OWNER) as inside:
                roles.grant(inside)
            _point_django_at(database.urls[Role.OWNER])
            prepare.migrate()
            call_command("load_reference")
            connections.close_all()
            owner.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(name))

    @contextmanager
    def clone(self, template: str = "") -> Iterator[Database]:
        """A fresh copy of a template, the migrated one if none is named, to which Django is connected as
        the pages are."""
        assert not connection.in_atomic_block, "a clone within shared_rows would throw them away"
        name = f"{self.prefix}_{next(self._numbers)}"
        before = connection.settings_dict.copy()
        with self._maintenance() as owner:
            self._copy(owner, template or self.template, name)
            database = self.named(name)
            _point_django_at(database.urls[Role.APP])
            try:
                yield database
            finally:
                connections.close_all()
                connection.settings_dict.update(before)
                owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def filled(self, name: str, fill: Callable[[Database], T]) -> tuple[str, T]:
        """A template that `fill` has put things into, and what `fill` gave, which has to bear pickling.

        The process that comes first makes it, the others of this run find it.
        """
        template, kept = f"{self.template}_{name}", self.shared / f"{name}.pickle"
        with alone(self.shared / f"{name}.lock", wait_seconds=300, what=f"the database {name}"):
            if not kept.exists():
                with self.clone() as database:
                    given = fill(database)
                    connections.close_all()
                    with self._maintenance() as owner:
                        self._copy(owner, _name_of(database), template)
                kept.write_bytes(pickle.dumps(given))
        return template, pickle.loads(kept.read_bytes())

    @staticmethod
    def _copy(owner: psycopg.Connection, template: str, name: str) -> None:
        names = sql.Identifier(name), sql.Identifier(template)
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))

    def _maintenance(self) -> psycopg.Connection:
        return psycopg.connect(self.server[Role.OWNER], autocommit=True)


def _name_of(database: Database) -> str:
    return str(conninfo_to_dict(database.urls[Role.OWNER])["dbname"])


def _point_django_at(url: str) -> None:
    connections.close_all()
    parts = conninfo_to_dict(url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    connection.settings_dict.update({setting: parts.get(part, "") for part, setting in names.items()})
    # Migrating takes as long as it takes; only the pages are impatient.
    connection.settings_dict["OPTIONS"] = (
        settings.ENV.database()["OPTIONS"] if parts.get("user") == Role.APP else {}
    )


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Databases:
    """The migrated template and its clones."""
    given = getattr(request.config, "workerinput", {"workerid": "main", "testrunuid": str(os.getpid())})
    prefix = f"yiti_test_{given['testrunuid']}"
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if given["workerid"] != "main" else own
    made = Databases(_urls(request.config), f"{prefix}_template", f"{prefix}_{given['workerid']}", shared)
    lock = shared / "template.lock"
    with django_db_blocker.unblock(), alone(lock, wait_seconds=300, what="migrating the test database"):
        made.make_template()
    return made


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's `db`: this process's clone, as the app role; each test is rolled back in it."""
    with django_db_blocker.unblock(), databases.clone():
        yield


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a fixture of this module builds once, each of its tests with `db` finds, and changes for itself.

    The rows stand in a transaction around those of the tests. Not in a module that also uses `committed_db`.
    """
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # noqa: SLF001  as Django marks its TestCase: commands are durable
        with around:
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def settings_of_tests(django_test_environment: None) -> Iterator[None]:
    """Static files from where they are written, without a manifest: nothing is collected for tests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    # A fresh clone has no collected files, and WhiteNoise warns of the missing folder unless it looks anew.
    found = {"STORAGES": storages, "WHITENOISE_AUTOREFRESH": True, "WHITENOISE_USE_FINDERS": True}
    # Tests ask faster than anybody types: only the tests of limits count.
    caches = {**settings.CACHES, "limits": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    # Nobody is asked for a second factor, but in the tests that are about it.
    with override_settings(**found, CACHES=caches, YITI_SECOND_FACTOR=SecondFactor.NOBODY):
        yield


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """The next test begins in Chinese, whatever page this one has asked for last."""
    yield
    translation.deactivate()


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, databases: Databases, django_db_blocker: DjangoDbBlocker
) -> Iterator[Database]:
    """A fresh database for a test that really commits (row-level security, races). Not with `django_db`."""
    if request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db stands instead of the mark django_db, not beside it")
    with django_db_blocker.unblock(), databases.clone() as database:
        yield database


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser of the journeys; without one they are left out before they get here."""
    assert CHROMIUM is not None
    return Path(CHROMIUM)


@pytest.fixture
def at() -> datetime:
    """The moment tests agree on: Friday 2026-11-20 09:48 in the county."""
    return datetime(2026, 11, 20, 9, 48, tzinfo=SHANGHAI)


# --- which tests run ------------------------------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prove: long proof, run by `make prove` only")
    settings.SECRET_KEY = os.environ[
        "YITI_SECRET_KEY"
    ]  # pytest-django has read the settings before this file


# Begun first, so that no worker is left alone with one of them at the end.
LONG = (
    "tests/journeys/",
    "tests/ops/test_upgrade.py",
    "tests/ops/test_cli.py",
    "tests/watch/test_running.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not _wanted(config, item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: django_db(transaction=True) truncates; use committed_db")


def _wanted(config: pytest.Config, item: pytest.Item) -> bool:
    if item.get_closest_marker("journey") and CHROMIUM is None:
        return False
    return item.get_closest_marker("prove") is None or "prove" in config.option.markexpr


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line("No Chromium on this machine: the journeys were left out (set CHROMIUM).")
