"""Ready means that there is room as well; a PostgreSQL of one's own keeps its disk to itself."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from yiti.foundation.web.views import LEAST_FREE_BYTES

ROOM = {
    "room": ("/somewhere", LEAST_FREE_BYTES, 200),
    "a byte too little": ("/somewhere", LEAST_FREE_BYTES - 1, 503),
    "a server of one's own": ("", 0, 200),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("disk", "free", "status"), ROOM.values(), ids=ROOM.keys())
def test_readiness_by_room(disk: str, free: int, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    with override_settings(YITI_DISK=disk):
        assert Client().get(reverse("readyz")).status_code == status
