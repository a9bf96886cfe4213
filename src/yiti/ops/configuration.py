"""The settings of the embedded server, and the three files it reads them from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from yiti.ops.account import Account
from yiti.ops.roles import Role

SUPERUSER = "postgres"
_MB = 2**20
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def _memory() -> int:
    """Bytes this machine has, or the container it is."""
    has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _CGROUP.read_text(encoding="ascii").strip() if _CGROUP.exists() else "max"
    return has if limit == "max" else min(has, int(limit))


def buffers(memory: int) -> dict[str, str]:
    """What the server keeps in its own memory, and what it may count on: a quarter and a half of the machine,
    as PostgreSQL's manual advises. The search keys of a million people take 2.3 GB."""
    quarter = min(max(memory // 4 // _MB, 128), 8 * 1024)
    return {"shared_buffers": f"{quarter}MB", "effective_cache_size": f"{2 * quarter}MB"}


SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    **buffers(_memory()),
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",  # the queries of a ward are short; compiling them costs more than it saves
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",  # one file a weekday, overwritten after a week
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}


def write(data: Path, account: Account, sockets: Path, settings: Mapping[str, str]) -> None:
    """Write the three files into a data directory. To be called while acting as its account."""
    every = {**SETTINGS, **settings, "unix_socket_directories": str(sockets)}
    (data / "postgresql.conf").write_text(
        "# Written by Yiti at every start.\n"
        + "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in every.items()),
        encoding="utf-8",
    )
    # "all" databases does not mean replication, as a base backup connects.
    (data / "pg_hba.conf").write_text("local all,replication all peer map=yiti\n", encoding="utf-8")
    visitors = sorted({account.name, "root"})
    (data / "pg_ident.conf").write_text(
        "".join(f'yiti "{visitor}" {role}\n' for visitor in visitors for role in [SUPERUSER, *Role]),
        encoding="utf-8",
    )
