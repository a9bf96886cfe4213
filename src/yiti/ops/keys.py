"""The key pair of the backups: the server keeps the public half, two custodians half a secret each.

The private key is cut in two by XOR with a random number: one share alone says nothing about it.
It exists whole only while the shares are made and while a restore runs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from yiti.ops.errors import OpsError
from yiti.ops.sealing import key_id

KEY_FILE = "backup-key.json"
MAKE_KEYS = (
    "Run `yiti backup-keys A.share B.share` and give the two files to two custodians; a restore needs both."
)
OTHER_COPY = "Ask the custodian for another copy."


def make_keys(folder: Path, shares: tuple[Path, Path], *, replace: bool = False) -> str:
    """Make a key pair: the public key into the data folder, a share into each file; the pair's id.

    Raises OpsError when a share file is there already, or when there are keys and `replace` is not said.
    """
    kept = folder / KEY_FILE
    if kept.exists() and not replace:
        raise OpsError(
            f"There is a key for backups already ({kept}).",
            "Say --replace for a new pair; what is sealed by now still needs the two shares of the old one.",
        )
    private = X25519PrivateKey.generate()
    public = private.public_key()
    first = os.urandom(32)
    second = _xor(private.private_bytes_raw(), first)
    try:
        for path, letter, half in zip(shares, "AB", (first, second), strict=True):
            _write_share(path, key_id(public), letter, half)
    except OSError as error:
        raise OpsError(f"The share cannot be written: {error}", "Choose another place or name.") from error
    fresh = folder / f"{KEY_FILE}.{os.getpid()}"
    fresh.write_text(json.dumps({"key": key_id(public), "public": public.public_bytes_raw().hex()}) + "\n")
    fresh.chmod(0o644)  # the server's account seals with it
    fresh.rename(kept)
    return key_id(public)


def public_key(folder: Path) -> X25519PublicKey | None:
    """The public key of a data folder; None before there is one. Raises OpsError when it cannot be read."""
    kept = folder / KEY_FILE
    if not kept.exists():
        return None
    return read_public(kept)


def read_public(kept: Path) -> X25519PublicKey:
    """The public key of a key file. Raises OpsError."""
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(json.loads(kept.read_text())["public"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OpsError(f"The key of the backups in {kept} cannot be read: {error}", MAKE_KEYS) from error


def private_keys(shares: Sequence[Path]) -> Mapping[str, X25519PrivateKey]:
    """The private keys that share files give together, by id; two files a pair, in any order.

    Raises OpsError when a file cannot be read, or when a share has no partner.
    """
    halves: dict[str, dict[str, bytes]] = {}
    for path in shares:
        pair, letter, half = _read_share(path)
        halves.setdefault(pair, {})[letter] = half
    return {pair: _joined(pair, found) for pair, found in halves.items()}


def _joined(pair: str, found: Mapping[str, bytes]) -> X25519PrivateKey:
    if set(found) != {"A", "B"}:
        raise OpsError(
            f"Of the key {pair} only share {', '.join(sorted(found))} is there.",
            "A restore needs both custodians: --share A.share --share B.share",
        )
    private = X25519PrivateKey.from_private_bytes(_xor(found["A"], found["B"]))
    if key_id(private.public_key()) != pair:
        raise OpsError(f"The two shares do not make the key {pair}.", OTHER_COPY)
    return private


def _write_share(path: Path, pair: str, letter: str, half: bytes) -> None:
    share = {
        "what": "Yiti: one of the two shares of the key to the backups. Keep it away from the other one.",
        "key": pair,
        "share": letter,
        "secret": half.hex(),
        "check": _check(half),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(share, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _read_share(path: Path) -> tuple[str, str, bytes]:
    try:
        share = json.loads(path.read_text(encoding="utf-8"))
        half = bytes.fromhex(share["secret"])
        pair, letter, check = str(share["key"]), str(share["share"]), share["check"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OpsError(f"The share {path} cannot be read: {error}", OTHER_COPY) from error
    if len(half) != 32 or check != _check(half):
        raise OpsError(f"The share {path} has been changed.", OTHER_COPY)
    return pair, letter, half


def _check(half: bytes) -> str:
    """So that a share copied by hand shows a slip."""
    return sha256(half).hexdigest()[:8]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
