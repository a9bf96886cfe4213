"""What PostgreSQL runs for each finished file of its write-ahead log: bring it to the archive, or back.

Run as the server's account, without Django, and often from a copy of this package:
`python -m yiti.ops.archive put ARCHIVE KEY_FILE PATH NAME` (archive_command) and
`python -m yiti.ops.archive get ARCHIVE PATH NAME` (restore_command).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.ops.errors import OpsError
from yiti.ops.keys import read_public
from yiti.ops.sealing import DamagedFileError, WrongKeyError, key_id, read_head, sealed, unsealed

SUFFIX = ".sealed"
KEYS = "YITI_RESTORE_KEYS"  # private keys in hexadecimal, for the length of a restore only
# PostgreSQL takes 1 for "no such file, the log ends here"; above 125 it gives up instead of going on.
DONE, MISSING, GIVE_UP = 0, 1, 200
TROUBLE = "yiti: "  # begins the line in the server's log that says why it gave up


def sealed_path(archive: Path, name: str) -> Path:
    """Where a file of the log lies in the archive."""
    return archive / f"{name}{SUFFIX}"


def put(archive: Path, key_file: Path, path: Path, name: str) -> int:
    """Seal a file into the archive; once more the same one is fine, another one under its name is not."""
    target = sealed_path(archive, name)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if target.exists():
        return _same(target, digest)
    with (
        path.open("rb") as file,
        sealed(target, public=read_public(key_file), name=_bound(name), digest=digest) as out,
    ):
        shutil.copyfileobj(file, out, 1 << 20)
    return DONE


def get(archive: Path, keys: Mapping[str, X25519PrivateKey], path: Path, name: str) -> int:
    """Bring a file of the archive to `path`."""
    source = sealed_path(archive, name)
    if not source.exists():
        return MISSING
    with path.open("wb") as out, unsealed(source, keys=keys, name=_bound(name)) as file:
        shutil.copyfileobj(file, out, 1 << 20)
    return DONE


def read(archive: Path, keys: Mapping[str, X25519PrivateKey], name: str) -> bytes:
    """A small file of the archive (a timeline's history). Raises as `unsealed` does, and OSError."""
    with unsealed(sealed_path(archive, name), keys=keys, name=_bound(name)) as file:
        return file.read()


def _same(target: Path, digest: str) -> int:
    if read_head(target).digest == digest:
        return DONE
    _complain(f"{target} is there already and holds something else: is this the archive of another server?")
    return 1


def _bound(name: str) -> str:
    return f"wal {name}"


def _complain(text: str) -> None:
    print(f"{TROUBLE}{text}", file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Exit code for PostgreSQL."""
    word, archive, *rest = arguments
    try:
        if word == "put":
            key_file, path, name = rest
            return put(Path(archive), Path(key_file), Path(path), name)
        path, name = rest
        private = [X25519PrivateKey.from_private_bytes(bytes.fromhex(k)) for k in os.environ[KEYS].split()]
        return get(Path(archive), {key_id(k.public_key()): k for k in private}, Path(path), name)
    except (DamagedFileError, WrongKeyError, OSError, OpsError) as error:
        _complain(str(error).replace("\n", " "))
        return GIVE_UP if word == "get" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
