"""What long proofs found, written down where it can be read: docs/proofs, one file a proof."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from yiti.kernel.clock import local_date, now

SHARE = float(os.environ.get("YITI_PROVE_SHARE", "1"))  # 0.05: a twentieth, while one works on a proof
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "proofs"


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Called at the end of a proof with its name and figures: writes them with the day, how long it took
    and on what, over what an earlier run found. Less than the whole (`SHARE`) is only shown."""
    began = time.monotonic()

    def write(name: str, **figures: int | str) -> None:
        found = {
            "proof": request.node.nodeid,
            "on": f"{local_date(now())}",
            "seconds": round(time.monotonic() - began),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            **figures,
        }
        text = json.dumps(found, ensure_ascii=False, indent=2)
        if SHARE < 1:
            sys.stdout.write(text)
            return
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")

    return write
