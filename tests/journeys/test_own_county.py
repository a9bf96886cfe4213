"""The golden thread on a county of one's own: `yiti init`, a workbook, no demo data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.casts import a_county_of_its_own
from tests.journeys.golden_thread import walk
from tests.serving import RunningServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread
pytestmark = pytest.mark.journey


def test_a_man_goes_up_and_comes_home(browser: Browser, server: RunningServer, tmp_path: Path) -> None:
    walk(browser, a_county_of_its_own(server, tmp_path))
