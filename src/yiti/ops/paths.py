"""Where Yiti keeps what must outlive a process."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

SYSTEM_FOLDER = Path("/var/lib/yiti")


def data_folder() -> Path:
    """The data folder, absolute: `YITI_DATA`, else /var/lib/yiti for root, else the user's own.

    The user's own is `$XDG_DATA_HOME/yiti`, or `~/.local/share/yiti` when that is not set
    (XDG Base Directory Specification 0.8).
    """
    if chosen := os.environ.get("YITI_DATA"):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return SYSTEM_FOLDER
    shared = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(shared).expanduser().absolute() / "yiti"


def secret_key(folder: Path) -> str:
    """The key that signs sessions: made at the first start, kept readable for its owner only."""
    kept = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        fresh = folder / f"secret-key.{os.getpid()}"
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(secrets.token_urlsafe(48))
        # A link, not a rename: of two first starts, the slower one must not replace the key.
        with suppress(FileExistsError):
            kept.hardlink_to(fresh)
        fresh.unlink()
    return kept.read_text(encoding="utf-8")
