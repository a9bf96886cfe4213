"""Builders of code systems and requests for tests of this and of higher rooms."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from yiti.foundation.web.public import Duty, PageRequest
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.tests.builders import an_actor
from yiti.registry.terminology.commands import load_code_systems, shipped_release
from yiti.registry.terminology.domain import Counts, Release, read_release

SYSTEMS_HEAD = "code,version,zh,en,uri,source,confidence\n"


def a_publisher() -> Actor:
    """Somebody who may publish code systems."""
    return an_actor("terminology.manage")


def a_release(code: str, concepts: str, *, version: str = "1", **more: str) -> Release:
    """A release of one small system; `concepts` is its table, `more` other tables by name."""
    return read_release(tables_of(code, concepts, version=version) | more)


def tables_of(code: str, concepts: str, *, version: str = "1") -> dict[str, str]:
    """The tables of a release of one small system."""
    return {
        "systems.csv": f"{SYSTEMS_HEAD}{code},{version},水果,Fruit,,Yiti test list,H\n",
        f"{code}.csv": concepts,
    }


@cache
def the_shipped_release() -> Release:
    """The shipped release, read once a run."""
    return shipped_release()


def load(release: Release | None = None, *, actor: Actor | None = None, at: datetime | None = None) -> Counts:
    """Publish a release; None is the shipped one."""
    return load_code_systems(
        actor=actor or a_publisher(), at=at or now(), release=release or the_shipped_release()
    )


def a_page_request(path: str, *, actor: Actor | None = None) -> PageRequest:
    """A GET as a view sees it after the middleware: signed in, dated, with htmx."""
    request: PageRequest = RequestFactory().get(path)  # type: ignore[assignment]
    request.actor = actor or an_actor()
    request.at = now()
    request.request_id = "test"
    request.duty = Duty.NONE
    request.htmx = HtmxDetails(request)
    request.hats = ()
    return request
