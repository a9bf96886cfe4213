"""The start-up assertion, each detector with a planted fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from yiti.ops import checks
from yiti.ops.checks import check_server
from yiti.ops.postgres import Cluster
from yiti.ops.roles import DATABASE, make_roles
from yiti.ops.temporary import start_temporary


@contextmanager
def planted(cluster: Cluster, fault: str, remedy: str) -> Iterator[None]:
    with cluster.connect() as superuser:
        superuser.execute(fault)
        superuser.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            superuser.execute(remedy)
            superuser.execute("SELECT pg_reload_conf()")
            make_roles(superuser)


def whats(url: str) -> list[str]:
    return [problem.what for problem in check_server(url)]


def test_the_embedded_server_is_fit(safe_cluster: Cluster, app_url: str) -> None:
    assert whats(app_url) == []
    assert whats(safe_cluster.url("yiti_worker", DATABASE)) == []


FAULTS = {
    "commits not flushed, for the role": (
        "ALTER ROLE yiti_app SET synchronous_commit = off",
        "ALTER ROLE yiti_app RESET synchronous_commit",
        "synchronous_commit is off.",
    ),
    "commits not flushed, for the database": (
        f"ALTER DATABASE {DATABASE} SET synchronous_commit = local",
        f"ALTER DATABASE {DATABASE} RESET synchronous_commit",
        "synchronous_commit is local.",
    ),
    "a superuser": (
        "ALTER ROLE yiti_app SUPERUSER",
        "ALTER ROLE yiti_app NOSUPERUSER",
        "The role yiti_app is or can become a superuser.",
    ),
    "a member of the superusers": (
        "GRANT postgres TO yiti_app",
        "REVOKE postgres FROM yiti_app",
        "The role yiti_app is or can become a superuser.",
    ),
    "above row-level security": (
        "ALTER ROLE yiti_app BYPASSRLS",
        "ALTER ROLE yiti_app NOBYPASSRLS",
        "The role yiti_app bypasses row-level security.",
    ),
    "a member of the loader": (
        "GRANT yiti_loader TO yiti_app",
        "REVOKE yiti_loader FROM yiti_app",
        "The role yiti_app bypasses row-level security.",
    ),
    "the owner": (
        "GRANT yiti_owner TO yiti_app",
        "REVOKE yiti_owner FROM yiti_app",
        "The role yiti_app owns the database.",
    ),
}


@pytest.mark.parametrize(("fault", "remedy", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_seen(safe_cluster: Cluster, app_url: str, fault: str, remedy: str, expected: str) -> None:
    with planted(safe_cluster, fault, remedy):
        assert expected in whats(app_url)
    assert whats(app_url) == [], "the fault was taken away again"


def test_a_server_that_may_lose_data_is_seen() -> None:
    with start_temporary() as cluster:
        assert whats(cluster.url("yiti_app", "postgres")) == [
            "fsync is off.",
            "full_page_writes is off.",
            "synchronous_commit is off.",
        ]


def test_missing_checksums_are_seen() -> None:
    with start_temporary(durable=True) as cluster:
        cluster.stop()
        done = cluster.account.run(
            [cluster.programs.program("pg_checksums"), "--disable", "-D", cluster.data], folder=cluster.home
        )
        assert done.returncode == 0, done.stderr
        cluster.start()
        assert whats(cluster.url("yiti_app", "postgres")) == ["data_checksums is off."]


def test_an_old_server_is_seen(app_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(app_url) as connection:
        monkeypatch.setattr(checks, "OLDEST_VERSION", connection.info.server_version + 1)

    assert [what for what in whats(app_url) if what.startswith("The server is PostgreSQL")]


def test_a_silent_server_is_a_problem_not_a_crash() -> None:
    assert [what.split(":")[0] for what in whats("postgresql:///yiti?host=/nonexistent")] == [
        "The database does not answer"
    ]
