"""A throw-away server leaves nothing behind, however its maker ends; and what stands on it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.ops.processes import is_alive, wait_for
from tests.serving import RunningServer
from yiti.ops.roles import Role
from yiti.ops.temporary import start_temporary

MAKER = """
import sys, time
from tests.ops.processes import is_alive, wait_for
from yiti.ops.roles import Role
from yiti.ops.temporary import start_temporary
with start_temporary() as cluster:
    print(cluster.home.parent, cluster.holders()[0], flush=True)
    sys.stdin.read() or sys.exit(int(sys.argv[1]))
"""


def test_it_is_gone_after_its_block() -> None:
    with start_temporary() as cluster:
        assert cluster.answers()
    assert cluster.holders() == []
    assert not cluster.home.parent.exists()


ENDS = {"an error": None, "Ctrl-C": signal.SIGINT, "a plain kill": signal.SIGTERM, "kill -9": signal.SIGKILL}


@pytest.mark.parametrize("number", ENDS.values(), ids=ENDS.keys())
def test_it_is_gone_after_its_maker(number: signal.Signals | None) -> None:
    maker = subprocess.Popen(
        [sys.executable, "-c", MAKER, "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert maker.stdout is not None
    base, pid = maker.stdout.readline().split()
    assert Path(base).is_dir()

    if number is not None:
        maker.send_signal(number)
    maker.communicate()

    wait_for(lambda: not Path(base).exists())
    assert not is_alive(int(pid))


def test_a_whole_yiti_runs_on_a_database_of_its_own(server: RunningServer) -> None:
    assert urlopen(f"{server.url}/healthz").status == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        here = cursor.fetchone()
    with server.database.connect(Role.APP) as there:
        assert there.execute("SELECT current_user, current_database()").fetchone() == here
    assert here[0] == "yiti_app"
