"""When the database cannot do it now, the answer is 503 with a sentence; when we are wrong it stays a 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError, ProgrammingError, connection, connections
from django.db.utils import DatabaseError, InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import Place
from tests.world import VILLAGE_DOCTOR, World
from yiti.config import environment
from yiti.config.environment import DatabaseRole, Environment
from yiti.foundation.access import public as access
from yiti.foundation.web.trouble import TROUBLES, trouble_of
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import selectors


def caused(error: Exception, cause: type[psycopg.Error] | None) -> Exception:
    """An error as Django raises it for one of the driver's."""
    error.__cause__ = cause() if cause else None
    return error


ERRORS: dict[str, tuple[Exception, str | None]] = {
    "a statement took too long": (caused(OperationalError(), psycopg.errors.QueryCanceled), "slow"),
    "a lock was not to be had": (caused(OperationalError(), psycopg.errors.LockNotAvailable), "busy"),
    "two waited for each other": (caused(OperationalError(), psycopg.errors.DeadlockDetected), "busy"),
    "too many are connected": (caused(OperationalError(), psycopg.errors.TooManyConnections), "busy"),
    "the disk is full": (caused(OperationalError(), psycopg.errors.DiskFull), "full"),
    "the disk is broken": (caused(OperationalError(), psycopg.errors.IoError), "full"),
    "the server shuts down": (caused(OperationalError(), psycopg.errors.AdminShutdown), "away"),
    "the server starts up": (caused(OperationalError(), psycopg.errors.CannotConnectNow), "away"),
    "the server takes no writes": (caused(InternalError(), psycopg.errors.ReadOnlySqlTransaction), "away"),
    "nobody answers": (caused(OperationalError(), None), "away"),
    "the line is cut": (caused(InterfaceError(), None), "away"),
    # bugs
    "a number too large": (caused(DataError(), psycopg.errors.NumericValueOutOfRange), None),
    "a column that is not there": (caused(ProgrammingError(), psycopg.errors.UndefinedColumn), None),
    "an index row too large": (caused(OperationalError(), psycopg.errors.ProgramLimitExceeded), None),
    "no error of the database": (ValueError(), None),
    "an error without a code": (caused(DatabaseError(), None), None),
}


@pytest.mark.parametrize(("error", "kind"), ERRORS.values(), ids=ERRORS.keys())
def test_trouble_is_told_from_bugs(error: Exception, kind: str | None) -> None:
    found = trouble_of(error)
    assert (found and found.kind) == kind


def test_every_kind_of_trouble_has_a_case() -> None:
    assert {trouble.kind for trouble in TROUBLES.values()} == {kind for _, kind in ERRORS.values() if kind}


# --- planted into a page ------------------------------------------------------------------------
def run(*statements: str) -> Callable[..., Any]:
    """A read that runs these statements instead."""

    def planted(*args: object, **kwargs: object) -> Any:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return planted


SLEEP = "SELECT pg_sleep(20)"
PLANTED = {
    "a slow read": ((SLEEP,), 503, "请缩小范围"),
    "a bug in SQL": (("SELECT nothing FROM nowhere",), 500, "系统没能办成这一步"),
}


@pytest.fixture
def quick(place: Place) -> Iterator[None]:
    """Statements of this connection may take two seconds, so that no test waits long."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '2s'")
    yield
    connections.close_all()


@pytest.mark.parametrize(("statements", "status", "sentence"), PLANTED.values(), ids=PLANTED.keys())
def test_a_page_says_what_is_the_matter(
    statements: tuple[str, ...],
    status: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    quick: None,
    world: World,
) -> None:
    monkeypatch.setattr(selectors, "list_institutions", run(*statements))
    browser = world.client(VILLAGE_DOCTOR)
    browser.raise_request_exception = False
    page = browser.get(reverse("facilities:list"))
    assert page.status_code == status
    assert sentence in page.content.decode()
    assert ("Retry-After" in page.headers) is (status == 503)
    for told in ("pg_sleep", "nowhere", "Traceback", "psycopg", "facilities_"):
        assert told not in page.content.decode()


def test_one_who_waits_for_a_lock_is_told_and_nothing_is_stored(place: Place, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    connections.close_all()
    with world.eye.transaction():
        world.eye.execute("LOCK TABLE accounts_user IN EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        answer = browser.post(reverse("text_size"), {"large": "1"})
    assert answer.status_code == 503
    assert "请过几秒再试" in answer.content.decode()
    assert int(answer.headers["Retry-After"]) > 0
    connections.close_all()
    assert browser.post(reverse("text_size"), {"large": "0"}).status_code == 302


def test_nobody_answers_before_there_is_a_view(
    place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is read before any view: Django's own way to 500 ends in the same 503."""
    browser = world.client(VILLAGE_DOCTOR)
    browser.raise_request_exception = False
    before = connection.settings_dict.copy()
    connections.close_all()
    connection.settings_dict["HOST"] = "/nonexistent"
    try:
        pages = [browser.get(reverse(name)) for name in ("facilities:list", "account_login")]
        pages.append(browser.post(reverse("account_login"), {"login": "LN0001", "password": "anything"}))
        for page in pages:
            assert page.status_code == 503
            assert "系统正在恢复" in page.content.decode()
            assert page.headers["Cache-Control"] == "no-store"
        assert browser.get(reverse("readyz")).status_code == 503
    finally:
        connection.settings_dict.update(before)
        connections.close_all()
    assert browser.get(reverse("facilities:list")).status_code == 200


# --- how long is waited --------------------------------------------------------------------------
SHOWN = "SELECT current_setting('statement_timeout')"


def patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute(SHOWN)
        return str(cursor.fetchone()[0])


def test_pages_are_impatient_and_an_export_may_take_longer(place: Place) -> None:
    connections.close_all()
    with connection.cursor() as cursor:
        for name, value in environment.PATIENCE.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone()[0] == value
    actor = an_actor()
    with access.patience(30), access.scoped(actor):
        assert patience() == "30s"
    with access.scoped(actor):
        assert patience() == "5s"


@pytest.mark.parametrize(("route", "seconds"), [("handoffs:export", "30s"), ("facilities:list", "")])
def test_the_page_of_an_export_is_given_its_time(route: str, seconds: str, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(reverse(route)).status_code == 200
    given = [query["sql"] for query in queries if "statement_timeout" in query["sql"]]
    assert [f"'{seconds}'" in sql for sql in given] == ([True] if seconds else [])


@pytest.mark.parametrize("role", DatabaseRole)
def test_only_the_pages_are_impatient(role: DatabaseRole) -> None:
    url = "postgresql://somebody@localhost/yiti?options=-c%20lock_timeout%3D7s"
    entry = Environment.model_construct(
        role=role, database_url=url, owner_url=url, worker_url=url, loader_url=url
    ).database()
    options = entry["OPTIONS"]
    assert isinstance(options, dict)
    said = str(options["options"])
    assert ("statement_timeout=5s" in said) is (role is DatabaseRole.APP)
    assert said.endswith("-c lock_timeout=7s")
