"""The command `yiti`: its words, its exit codes, and how it keeps away from a real county."""

from __future__ import annotations

import csv
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yiti.config.management.commands.load_example import PASSWORD
from yiti.ops import cli, commands, example
from yiti.ops.database import Database
from yiti.ops.errors import OpsError
from yiti.ops.example import State
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.roles import DATABASE, Role

WORDS = ("demo", "init", "serve", "migrate", "check", "import", "backup", "backup-keys", "restore", "manage")


def test_help_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [word for word in WORDS if not re.search(rf"\n    {word}\s", said)] == []
    assert "0 done, 1 a check failed, 2 wrong usage" in " ".join(said.split())


USAGE = {
    "no word": [],
    "unknown word": ["dance"],
    "unknown option": ["demo", "--fast"],
    "port that is none": ["serve", "--port", "70000"],
    "port in letters": ["demo", "--port", "http"],
    "restore what": ["restore"],
    "restore both a file and to a moment": ["restore", "county.dump", "--to", "latest"],
    "restore to a day to come": ["restore", "--to", "2999-01-01 00:00"],
    "restore to no moment": ["restore", "--to", "yesterday"],
    "keys for one custodian": ["backup-keys", "A.share"],
}


@pytest.mark.parametrize("words", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "usage: yiti" in capsys.readouterr().err


def test_a_busy_port_ends_with_3(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = str(other.getsockname()[1])
        assert cli.main(["demo", "--port", port]) == 3
        assert cli.main(["serve", "--port", port]) == 3
    assert f"Port {port} on 127.0.0.1 cannot be used" in capfd.readouterr().err


def test_a_damaged_backup_ends_with_1(
    safe_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in Role:
        monkeypatch.setenv(role.variable, safe_cluster.url(role, DATABASE))
    assert cli.main(["restore", str(tmp_path / "nothing.dump")]) == 1


def test_a_missing_url_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///yiti")
    monkeypatch.delenv("YITI_OWNER_URL", raising=False)
    assert cli.main(["migrate"]) == 3


ROLES = {
    ("showmigrations", "--plan"): "owner",
    ("run_worker",): "worker",
    ("load_example", "liannan"): "loader",
    ("import_workbook", "county.xlsx"): "loader",
    ("shell",): "app",
    (): "app",
}


@pytest.mark.parametrize(
    ("words", "role"), ROLES.items(), ids=[" ".join(words) or "nothing" for words in ROLES]
)
def test_a_management_command_gets_the_role_it_needs(
    words: tuple[str, ...], role: str, safe_cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$YITI_DB_ROLE $*" >"$SEEN"\nexit 5\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    for each in Role:
        monkeypatch.setenv(each.variable, safe_cluster.url(each, DATABASE))

    assert cli.main(["manage", *words]) == 5

    seen = (tmp_path / "seen").read_text(encoding="utf-8").strip()
    assert seen == " ".join([role, "-m", "django", *words])


def test_an_unsafe_server_is_not_served(committed_db: Database, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OpsError, match="not safe to keep records"):
        commands._serve(committed_db, [], address=("127.0.0.1", 1))
    assert "synchronous_commit is off." in capfd.readouterr().err


# --- the example and the county -------------------------------------------------------------------
def put_in_a_user(database: Database) -> None:
    with database.connect(Role.LOADER) as loader:
        columns = (
            "id, username, name, phone, password, is_active, must_change_password, large_text, created_at"
        )
        loader.execute(
            f"INSERT INTO accounts_user ({columns})"
            " VALUES (gen_random_uuid(), 'LI', '李', '', '!', true, false, false, now())"
        )


def test_what_a_database_holds(committed_db: Database) -> None:
    seen = [example.state(committed_db)]
    put_in_a_user(committed_db)
    seen.append(example.state(committed_db))
    for note in (State.LOADING, State.LOADED):
        example.mark(committed_db, note)
        seen.append(example.state(committed_db))
    assert seen == [State.EMPTY, State.COUNTY, State.LOADING, State.LOADED]


def test_the_printed_sign_ins_are_those_of_the_example() -> None:
    staff = {}
    with (example.folder(commands.EXAMPLE) / "staff.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            staff.setdefault(row["code"], row["name"])
    title, *lines = example.sign_ins(commands.EXAMPLE).splitlines()

    assert PASSWORD in title
    assert len(lines) >= 5
    assert [line.split()[:2] for line in lines] == [
        [code, staff[code]] for code in (line.split()[0] for line in lines)
    ]


def test_a_database_without_tables_is_empty(safe_cluster: Cluster) -> None:
    database = Database({role: safe_cluster.url(role, DATABASE) for role in Role})
    assert example.state(database) is State.EMPTY


def test_the_demo_never_touches_a_real_county(committed_db: Database) -> None:
    put_in_a_user(committed_db)
    with pytest.raises(OpsError, match="leaves it alone"):
        example.clear(committed_db)
    assert example.state(committed_db) is State.COUNTY


def test_a_server_of_ones_own_is_never_dropped(committed_db: Database) -> None:
    example.mark(committed_db, State.LOADED)
    with pytest.raises(OpsError, match="never dropped by Yiti"):
        example.clear(committed_db)


# --- the whole of it ------------------------------------------------------------------------------
def test_serve_runs_and_a_signal_ends_all_of_it(folder: Path) -> None:
    """Migrate, serve, ask, end: embedded server, granian and worker, as on somebody's machine."""
    named = {role.variable for role in Role}
    environment = {k: v for k, v in os.environ.items() if k not in named} | {"YITI_DATA": str(folder)}
    yiti = [sys.executable, "-m", "yiti.ops.cli"]
    subprocess.run([*yiti, "migrate"], env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said: list[str] = []
    with subprocess.Popen(
        [*yiti, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            while not any("Yiti runs at" in line for line in said):
                said.append(server.stdout.readline())
                assert said[-1], "it ended before it was ready:\n" + "".join(said)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            said.extend(server.stdout)
            server.wait()
            assert time.monotonic() - began < 10, "".join(said)
        finally:
            server.terminate()

    assert server.returncode == 0
    assert "Stopped.\n" in said
    assert embedded(folder).holders() == []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
