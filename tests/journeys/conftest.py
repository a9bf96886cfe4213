"""The browser of the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Debian's Chromium, without any request of its own."""
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium_path, args=list(_QUIET))
        yield window
        window.close()
