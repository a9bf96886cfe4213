"""The embedded server: made, found again, healed, refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yiti.ops import configuration
from yiti.ops.account import server_account
from yiti.ops.errors import OpsError
from yiti.ops.postgres import SOCKET_NAME, SOCKET_PATH_BYTES, Cluster, embedded, private_folder

HEAL_SECONDS = 10


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = embedded(folder)
    yield made
    made.stop(mode="immediate")


def kill_postmaster(cluster: Cluster) -> int:
    with cluster.account.acting():
        pid = int((cluster.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    assert pid in cluster.holders()
    os.kill(pid, signal.SIGKILL)
    return pid


def acknowledge_a_row(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def kept_rows(cluster: Cluster) -> int:
    with cluster.connect() as connection:
        return len(connection.execute("SELECT id FROM kept").fetchall())


def test_starts_once_and_stops(cluster: Cluster) -> None:
    assert cluster.start()
    assert not cluster.start(), "a running server is found, not started again"
    assert cluster.answers()

    cluster.stop()

    assert not cluster.answers()
    assert cluster.holders() == []
    cluster.stop()  # once more does no harm
    assert cluster.start()


def test_a_killed_server_is_healed_and_keeps_what_it_acknowledged(cluster: Cluster) -> None:
    cluster.start()
    for round_number in range(1, 4):
        acknowledge_a_row(cluster)
        kill_postmaster(cluster)
        began = time.monotonic()

        assert cluster.start()

        assert time.monotonic() - began < HEAL_SECONDS
        assert kept_rows(cluster) == round_number


def test_a_zombie_is_not_taken_for_a_server(cluster: Cluster) -> None:
    cluster.start()
    acknowledge_a_row(cluster)
    kill_postmaster(cluster)
    zombie = subprocess.Popen(["/bin/true"], user=cluster.account.uid, group=cluster.account.gid)
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    with cluster.account.acting():
        pid_file = cluster.data / "postmaster.pid"
        rest = pid_file.read_text(encoding="utf-8").splitlines()[1:]
        pid_file.write_text("\n".join([str(zombie.pid), *rest]) + "\n", encoding="utf-8")

    assert cluster.start()

    assert kept_rows(cluster) == 1
    zombie.wait()


def test_two_starters_make_one_server(folder: Path) -> None:
    snippet = "import sys; from pathlib import Path; from yiti.ops.postgres import embedded\n"
    snippet += "print(embedded(Path(sys.argv[1])).start())"
    starters = [
        subprocess.Popen([sys.executable, "-c", snippet, str(folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = sorted(starter.communicate()[0].strip() for starter in starters)
    cluster = embedded(folder)

    assert said == ["False", "False", "True"]
    assert cluster.answers()
    cluster.stop(mode="immediate")


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    cluster = embedded(folder / ("l" * 60) / ("o" * 60))
    assert len(os.fsencode(cluster.sockets / SOCKET_NAME)) <= SOCKET_PATH_BYTES
    assert cluster.start()
    try:
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700
        assert cluster.answers()
    finally:
        cluster.stop(mode="immediate")
        cluster.sockets.rmdir()


def test_the_socket_is_for_its_owner_alone(safe_cluster: Cluster) -> None:
    assert safe_cluster.home.stat().st_mode & 0o777 == 0o700
    assert safe_cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert safe_cluster.sockets.stat().st_uid == safe_cluster.account.uid
    with safe_cluster.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
    assert rules == [("local", "peer")]


def test_an_unknown_role_is_not_let_in(safe_cluster: Cluster) -> None:
    with safe_cluster.connect() as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(safe_cluster.url("stranger", "postgres"))


def test_the_database_is_utf8_with_checksums(safe_cluster: Cluster) -> None:
    with safe_cluster.connect() as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, current_setting('data_checksums')"
            " FROM pg_database WHERE datname = 'postgres'"
        ).fetchone()
    assert row == ("UTF8", "C.UTF-8", "on")


def test_an_interrupted_initdb_is_begun_again(cluster: Cluster) -> None:
    with cluster.account.acting():
        private_folder(cluster.home, cluster.account)
        (cluster.home / "data.new").mkdir()
        (cluster.home / "data.new" / "PG_VERSION").write_text("18\n", encoding="utf-8")

    assert cluster.start()


def test_data_of_another_major_version_are_refused(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with cluster.account.acting():
        (cluster.data / "PG_VERSION").write_text("14\n", encoding="utf-8")

    with pytest.raises(OpsError, match="PostgreSQL 14 wrote the data"):
        cluster.start()


def test_a_failing_start_shows_the_servers_own_words(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(configuration.SETTINGS, "shared_buffers", "a lot")  # type: ignore[misc]

    with pytest.raises(OpsError, match='invalid value for parameter "shared_buffers": "a lot"'):
        cluster.start()


def test_a_folder_put_there_by_somebody_else_is_refused(folder: Path) -> None:
    account = server_account()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    link = folder / "run"
    link.symlink_to(elsewhere)

    with pytest.raises(OpsError, match="is not a folder of the account"):
        private_folder(link, account)


@pytest.mark.parametrize(
    ("gigabytes", "own"), [(0.25, "128MB"), (2, "512MB"), (24, "6144MB"), (256, "8192MB")]
)
def test_the_server_keeps_a_quarter_of_the_machine(gigabytes: float, own: str) -> None:
    assert configuration.buffers(int(gigabytes * 2**30))["shared_buffers"] == own
