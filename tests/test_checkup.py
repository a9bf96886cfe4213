"""The hourly look at the county's data: what it finds is kept, and stands on a page."""

from __future__ import annotations

from django.test import Client

from tests.conftest import Place
from tests.world import SYSTEM_ADMINISTRATOR, World
from yiti.config.invariants import check_up, faults
from yiti.foundation.access.tests.builders import working
from yiti.foundation.administration.models import Checkup
from yiti.foundation.jobs import domain as jobs
from yiti.foundation.outbox.domain import MOST_TRIES
from yiti.foundation.outbox.models import OutboxEvent


def page(world: World) -> str:
    browser: Client = world.client(SYSTEM_ADMINISTRATOR)
    answer = browser.get("/administration/status")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_worker_looks_every_hour() -> None:
    assert check_up in jobs.hour_work().values()


def test_what_is_found_is_kept_and_shown(world: World, place: Place) -> None:
    before = page(world)
    assert "还没有核对过，不知道有没有不符" in before
    assert "没有发现不符" not in before
    assert 'href="/administration/status" aria-current="page"' in before
    with working(place.database):
        check_up()
    assert Checkup.objects.get().count == 0
    assert "数据相符" in page(world)
    assert "没有发现不符" in page(world)
    lost = OutboxEvent.objects.create(
        kind="planted", payload={}, tries=MOST_TRIES, last_error="no such thing"
    )
    with working(place.database):
        assert [(fault.id, fault.how) for fault in faults()] == [(str(lost.id), "planted: no such thing")]
        check_up()
    shown = page(world)
    assert "有不符" in shown
    assert str(lost.id) in shown
    assert "多次没办成的事件" in shown
