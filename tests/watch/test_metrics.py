"""Figures for Prometheus: to the holder of the token only, of nobody, and true."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Place
from tests.routes import routes
from tests.world import AUDITOR, SYSTEM_ADMINISTRATOR, VILLAGE_DOCTOR, World
from yiti.config.watch import gauges
from yiti.foundation.access.tests.builders import working
from yiti.foundation.administration import public as administration
from yiti.foundation.administration.public import Fault
from yiti.foundation.jobs import domain, tasks
from yiti.kernel.actor import SYSTEM
from yiti.kernel.clock import now

TOKEN = "a token that only the watching machine knows"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token() -> Iterator[None]:
    with override_settings(YITI_METRICS_TOKEN=TOKEN):
        yield


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


# --- who may read them ----------------------------------------------------------------------------
WRONG = (
    {},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer wrong"},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": TOKEN},
    {"X-Forwarded-For": "127.0.0.1"},
)


@pytest.mark.parametrize("headers", WRONG)
@pytest.mark.parametrize("who", [None, SYSTEM_ADMINISTRATOR, AUDITOR])
def test_without_the_token_there_is_no_such_page(
    headers: dict[str, str], who: str | None, token: None, world: World
) -> None:
    browser = world.client(who)
    there, nowhere = (browser.get(path, headers=headers) for path in (reverse("metrics"), "/nowhere"))
    assert (there.status_code, there.content) == (404, nowhere.content)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, BEARER])
def test_where_no_token_is_set_nobody_reads_them(headers: dict[str, str], world: World) -> None:
    assert settings.YITI_METRICS_TOKEN == ""
    assert Client().get(reverse("metrics"), headers=headers).status_code == 404


def test_the_holder_of_the_token_reads_them(token: None, world: World) -> None:
    answer = Client().get(reverse("metrics"), headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    names = {family.name for family in text_string_to_metric_families(answer.content.decode())}
    assert {"yiti_requests", "yiti_request_seconds", "yiti_outbox_waiting", "yiti_handoffs_overdue"} <= names


# --- what they say ----------------------------------------------------------------------------------
def test_requests_are_counted_by_route_and_never_by_address(token: None, world: World) -> None:
    labels = {"route": "residents:record", "method": "GET", "status": "200"}
    before = figure("yiti_requests_total", **labels)
    browser = world.client(VILLAGE_DOCTOR)
    for _ in range(3):
        browser.get(reverse("residents:record", args=[world.person_id]), {"q": "房金养"})
    browser.get(f"/{world.person_id}/房金养")
    browser.generic("BREW", "/")
    assert figure("yiti_requests_total", **labels) == before + 3
    text = browser.get(reverse("metrics"), headers=BEARER).content.decode()
    for told in (str(world.person_id), "房金养", "BREW", world.actor(VILLAGE_DOCTOR).name, VILLAGE_DOCTOR):
        assert told not in text
    families = text_string_to_metric_families(text)
    seen = {sample.labels.get("route") for family in families for sample in family.samples} - {None}
    assert seen <= {*routes(), "none"}


def test_refused_sign_ins_are_counted(world: World) -> None:
    before = figure("yiti_sign_in_failures_total")
    Client().post("/sign-in", {"login": "LN0000", "password": "wrong"})
    Client().get("/sign-in")
    world.client(VILLAGE_DOCTOR).get("/sign-in")
    assert figure("yiti_sign_in_failures_total") == before + 1


def test_a_job_that_fails_is_counted_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fails() -> None:
        raise ValueError

    monkeypatch.setattr(domain, "_every_minute", {"fails": fails, "works": lambda: done.append(1)})
    monkeypatch.setattr(domain, "_on_wake", [])
    before = figure("yiti_job_failures_total", job="fails")
    tasks.minute(0)
    assert (figure("yiti_job_failures_total", job="fails"), done) == (before + 1, [1])


def test_the_worker_measures_what_stands_in_the_database(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backup").touch()
    os.utime(tmp_path / "backup", (1_700_000_000, 1_700_000_000))
    with override_settings(YITI_MARKS=str(tmp_path)), working(place.database):
        gauges.measure()
    count = "SELECT count(*) FROM {} WHERE {}"
    for name, table, which in (
        ("yiti_outbox_waiting", "outbox_outboxevent", "handled_at IS NULL"),
        ("yiti_audit_unsealed", "audit_unsealed", "true"),
    ):
        (there,) = place.world.eye.execute(count.format(table, which)).fetchone() or (0,)  # type: ignore[arg-type]
        assert figure(name) == there > 0
    assert figure("yiti_outbox_oldest_seconds") > 0
    assert figure("yiti_outbox_given_up") == figure("yiti_jobs_failed") == 0
    assert figure("yiti_backup_success_timestamp_seconds") == 1_700_000_000


def test_the_hourly_look_counts_as_a_check_when_it_finds_nothing_broken(place: Place, tmp_path: Path) -> None:
    sound = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    with override_settings(YITI_MARKS=str(tmp_path)), working(place.database):
        gauges.measure()
        assert figure("yiti_check_success_timestamp_seconds") == 0
        for faults, at in ([], sound), ([Fault("A promise", "1", "broken")], sound + timedelta(hours=1)):
            administration.note_checkup(actor=SYSTEM, faults=faults, seconds=1.0, at=at)
        gauges.measure()
    assert figure("yiti_check_success_timestamp_seconds") == sound.timestamp()


def test_overdue_is_what_has_a_limit_that_is_past(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    at, found = now(), []
    for days in (-365, 365):
        monkeypatch.setattr(gauges, "now", lambda days=days: at + timedelta(days=days))
        with working(place.database):
            gauges.measure()
        found.append(figure("yiti_handoffs_overdue"))
    limited = "SELECT count(*) FROM handoffs_handoff WHERE due_at IS NOT NULL AND closed_at IS NULL"
    assert found == [0, (place.world.eye.execute(limited).fetchone() or (0,))[0]]
    assert found[1] > 0
