"""Which database a process gets, and who stops the embedded server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from yiti.ops import database
from yiti.ops.database import opened, recreate
from yiti.ops.errors import OpsError
from yiti.ops.paths import SYSTEM_FOLDER, data_folder
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.roles import DATABASE, Role


@pytest.fixture
def embedded_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, as on a machine where no database is named."""
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    monkeypatch.setenv("YITI_DATA", str(folder))
    return folder


def test_the_embedded_server_runs_while_somebody_uses_it(embedded_folder: Path) -> None:
    cluster = embedded(embedded_folder)
    with opened() as first:
        with opened() as second:
            assert second.urls == first.urls
        assert cluster.answers(), "the first one still uses it"
        with first.connect(Role.APP) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (
                "yiti_app",
                DATABASE,
            )
    assert cluster.holders() == [], "the last one stopped it"


def test_a_server_left_by_a_killed_process_is_found_and_stopped(embedded_folder: Path) -> None:
    snippet = "import os, signal\nfrom yiti.ops.database import opened\n"
    snippet += "with opened(): os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", snippet], check=False)
    cluster = embedded(embedded_folder)
    assert cluster.answers()

    with opened():
        pass

    assert cluster.holders() == []


def test_the_database_is_not_dropped_under_somebody(embedded_folder: Path) -> None:
    with opened() as opened_database:
        assert opened_database.cluster is not None
        with opened_database.connect(Role.OWNER) as owner:
            owner.execute("CREATE TABLE ward ()")
            with pytest.raises(OpsError, match="still in use"):
                recreate(opened_database.cluster)
        recreate(opened_database.cluster)
        with opened_database.connect(Role.OWNER) as owner:
            assert owner.execute("SELECT to_regclass('ward')").fetchone() == (None,)


def test_children_get_all_urls_and_their_role(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YITI_SECRET_KEY")
    with opened() as opened_database:
        worker = opened_database.environment(Role.WORKER)
        app = opened_database.environment(Role.APP)
    assert worker["YITI_DB_ROLE"] == "worker"
    assert {worker[role.variable] for role in Role} == set(opened_database.urls.values())
    assert app["YITI_SECRET_KEY"] == worker["YITI_SECRET_KEY"]
    assert len(app["YITI_SECRET_KEY"]) >= 50
    assert (embedded_folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_server_of_ones_own_needs_all_four_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql:///yiti?host=/nonexistent")
    monkeypatch.setenv("YITI_OWNER_URL", "postgresql:///yiti?host=/nonexistent")

    with pytest.raises(OpsError, match="YITI_WORKER_URL, YITI_LOADER_URL is not"), opened():
        pass


def own_server(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in Role:
        monkeypatch.setenv(role.variable, cluster.url(role, DATABASE))


def test_a_server_of_ones_own_is_used_and_left_running(
    safe_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server(safe_cluster, monkeypatch)
    with opened() as opened_database:
        assert opened_database.cluster is None
    assert safe_cluster.answers()


def test_an_old_server_of_ones_own_is_refused(safe_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    own_server(safe_cluster, monkeypatch)
    monkeypatch.setattr(database, "OLDEST_VERSION", 990000)
    with pytest.raises(OpsError, match="needs PostgreSQL 15 or newer"), opened():
        pass


def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in Role:
        monkeypatch.setenv(role.variable, "postgresql:///yiti?host=/nonexistent")
    with pytest.raises(OpsError, match="does not let yiti_app in"), opened():
        pass


DATA_FOLDERS = {
    "named": ({"YITI_DATA": "/srv/county"}, 1000, "/srv/county"),
    "root": ({}, 0, str(SYSTEM_FOLDER)),
    "XDG": ({"XDG_DATA_HOME": "/home/li/data"}, 1000, "/home/li/data/yiti"),
    "plain": ({"HOME": "/home/li"}, 1000, "/home/li/.local/share/yiti"),
}


@pytest.mark.parametrize(("variables", "uid", "expected"), DATA_FOLDERS.values(), ids=DATA_FOLDERS.keys())
def test_where_data_are_kept(
    variables: dict[str, str], uid: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("YITI_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("os.geteuid", lambda: uid)
    assert str(data_folder()) == expected


def test_the_loader_alone_passes_row_level_security(safe_cluster: Cluster) -> None:
    with psycopg.connect(safe_cluster.url(Role.OWNER, DATABASE), autocommit=True) as owner:
        owner.execute("CREATE TABLE record (id int)")
        owner.execute("INSERT INTO record VALUES (1)")
        owner.execute("ALTER TABLE record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        owner.execute("GRANT SELECT ON record TO yiti_app, yiti_worker, yiti_loader")
    seen = {}
    for role in Role:
        with psycopg.connect(safe_cluster.url(role, DATABASE)) as connection:
            seen[role] = len(connection.execute("SELECT FROM record").fetchall())
    assert seen == {Role.APP: 0, Role.OWNER: 0, Role.WORKER: 0, Role.LOADER: 1}
