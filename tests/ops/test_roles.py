"""What the four roles may do, on the embedded server and through deploy/roles.sql."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from yiti.config.environment import ROOT
from yiti.ops import roles
from yiti.ops.postgres import Cluster
from yiti.ops.roles import DATABASE, Role
from yiti.ops.temporary import Temporary

ATTRIBUTES = """
SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles
WHERE rolname LIKE 'yiti%' AND rolcanlogin ORDER BY rolname
"""
EXPECTED = [
    ("yiti_app", False, False, False, False, False),
    ("yiti_loader", False, False, False, False, True),
    ("yiti_owner", False, False, False, False, False),
    ("yiti_worker", False, False, False, False, False),
]


@pytest.fixture(scope="module")
def bare_cluster() -> Iterator[Cluster]:
    """A server without any of our roles."""
    temporary = Temporary()
    yield temporary.cluster
    temporary.close()


def deploy(cluster: Cluster) -> None:
    """Run the script for a PostgreSQL of one's own, as its reader would."""
    passwords = [f"--set={role.word}_password=secret of {role.word}'s" for role in Role]
    done = subprocess.run(
        [
            cluster.programs.program("psql"),
            *("-X", "-q", "-d", cluster.url("postgres", "postgres"), "-f", ROOT / "deploy" / "roles.sql"),
            *passwords,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=["embedded", "deploy"])
def prepared(request: pytest.FixtureRequest, bare_cluster: Cluster) -> Cluster:
    with bare_cluster.connect() as superuser:
        roles.drop_database(superuser)
        if request.param == "embedded":
            roles.make_roles(superuser)
            assert roles.make_database(superuser)
            with psycopg.connect(bare_cluster.url(Role.OWNER, DATABASE), autocommit=True) as owner:
                roles.grant(owner)
    if request.param == "deploy":
        deploy(bare_cluster)
        deploy(bare_cluster)  # harmless a second time
    with psycopg.connect(bare_cluster.url(Role.OWNER, DATABASE), autocommit=True) as owner:
        owner.execute("CREATE TABLE ward (id serial PRIMARY KEY)")
    return bare_cluster


def test_nobody_has_more_power_than_needed(prepared: Cluster) -> None:
    with prepared.connect() as superuser:
        assert superuser.execute(ATTRIBUTES).fetchall() == EXPECTED
        owner = superuser.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
    assert owner == ("yiti_owner",)


@pytest.mark.parametrize("role", [Role.APP, Role.WORKER, Role.LOADER])
def test_a_later_table_is_usable_but_not_changeable(prepared: Cluster, role: Role) -> None:
    with psycopg.connect(prepared.url(role, DATABASE), autocommit=True) as connection:
        connection.execute("INSERT INTO ward DEFAULT VALUES")
        connection.execute("UPDATE ward SET id = id")
        connection.execute("DELETE FROM ward")
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "DROP TABLE ward",
            "TRUNCATE ward",
            "ALTER TABLE ward ADD x int",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_an_attribute_that_was_changed_is_put_back(prepared: Cluster) -> None:
    with prepared.connect() as superuser:
        superuser.execute("ALTER ROLE yiti_app SUPERUSER BYPASSRLS")
        roles.make_roles(superuser)
        assert superuser.execute(ATTRIBUTES).fetchall() == EXPECTED


def test_strangers_do_not_even_connect(prepared: Cluster) -> None:
    with prepared.connect() as superuser:
        row = superuser.execute(
            "SELECT has_database_privilege('pg_monitor', %s, 'CONNECT')", [DATABASE]
        ).fetchone()
    assert row == (False,)


def test_deploy_sets_the_passwords(prepared: Cluster) -> None:
    deploy(prepared)
    with prepared.connect() as superuser:
        rows = superuser.execute(
            "SELECT rolname FROM pg_authid WHERE rolname LIKE 'yiti%' AND rolpassword LIKE 'SCRAM-SHA-256$%'"
        ).fetchall()
    assert sorted(rows) == [(row[0],) for row in EXPECTED]
