"""Long proof: whatever is sent to whichever route, nothing breaks, and nothing that is stored runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route

from tests.conftest import Place
from tests.proofs import SHARE
from tests.prove.fuzzing import Case, Fuzz, pages
from tests.reading import Page as Read
from tests.serving import running
from tests.test_every_form import faults, given_strings
from tests.world import NEWCOMER, World
from yiti.ops.database import Database
from yiti.ops.roles import Role

pytestmark = [pytest.mark.prove, pytest.mark.journey]
CASES = round(20_000 * SHARE)
#: Before anything of the page runs: whatever runs that should not leaves a word.
WATCH = """
    window.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "naughty", "open"])
        window[name] = () => window.ran.push(name);
    document.addEventListener("securitypolicyviolation", each => {
        if (each.violatedDirective.startsWith("script")) window.ran.push(each.violatedDirective);
    });
"""
PLANTED = "http://planted.test/"
RUNS = "<!doctype html><p id=a>a</p><img src=x onerror='naughty()'><script>alert(1)</script>"


#: Where somebody is sent who is signed out, or has to do something before anything else.
OUT = ("/sign-in", "/password", "/account/second-factor")


def is_out(answer: Any, case: Case) -> bool:
    """Whether what came before has put this person out: closed the account, given it a first password."""
    sent_to = urlsplit(answer.get("Location", "")).path
    return answer.status_code == 401 or (sent_to in OUT and sent_to != urlsplit(case.address).path)


def put_in_again(place: Place, who: str) -> None:
    """Let somebody go on: else all that follows would be asked by people who are signed out."""
    with place.database.connect(Role.OWNER) as owner:
        owner.execute(_PUT_IN, [who])
    place.world.users[who].refresh_from_db()
    place.world.cookies.pop(who, None)


_PUT_IN = """
    UPDATE accounts_user SET is_active = true, must_change_password = false, password_changed_at = now()
    WHERE username = %s
"""


def told(place: Place, case: Case) -> tuple[int, list[str]]:
    """The status of the answer, and what is wrong with it."""
    answer = case.send(place.world.client(case.who))
    if is_out(answer, case) and case.who != NEWCOMER:
        put_in_again(place, case.who)
    if not answer.get("Content-Type", "").startswith("text/html"):
        return answer.status_code, [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if answer.streaming:
        return answer.status_code, []
    return answer.status_code, faults(answer)


def is_a_page(answer: Any) -> bool:
    """Whether a browser shows it (a workbook is kept)."""
    return answer.status_code == 200 and str(answer.get("Content-Type", "")).startswith("text/html")


def what_ran(page: Page, address: str) -> list[str]:
    """Open a page and wait until it is at rest; what ran there, or would have run without the policy."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return [*page.evaluate("window.ran"), *(["a tag"] if page.query_selector("naughty") else [])]


@pytest.fixture(scope="module", autouse=True)
def beside_a_browser() -> Iterator[None]:
    """The loop of the browser's driver runs in this thread; Django is used here between its turns only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window that watches."""
    window = browser.new_context(service_workers="block")
    window.add_init_script(WATCH)
    yield window.new_page()
    window.close()


def plant(page: Page, policy: str) -> None:
    """A page of a careless program stands at `PLANTED`."""

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": policy} if policy else {}
        route.fulfill(body=RUNS, content_type="text/html", headers=headers)

    page.unroute_all()
    page.route(f"{PLANTED}**", answer)


def test_nothing_breaks_and_nothing_runs(place: Place, page: Page, proof: Callable[..., None]) -> None:
    plant(page, "")
    assert set(what_ran(page, PLANTED)) == {"alert", "naughty"}
    plant(page, "script-src 'none'")
    assert any(each.startswith("script") for each in what_ran(page, PLANTED))

    world, strings = place.world, given_strings()
    statuses: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    wrong: list[str] = []
    for case in islice(Fuzz(world, strings, seed=7).cases(), CASES):
        routes[case.row] += 1
        status, found = told(place, case)
        statuses[f"{case.method} {status}"] += 1
        wrong += [f"{each}: {case.method} {case.address} as {case.who} {dict(case.fields)}" for each in found]

    for who in {who for who, _address in pages(world)} - {NEWCOMER}:
        put_in_again(place, who)
    opened, showing, ran = read_all(place.database, world, page, strings)
    proof(
        "fuzz",
        cases=CASES,
        routes=len(routes),
        answers="; ".join(f"{name}: {count:,}" for name, count in sorted(statuses.items())),
        faults=len(wrong),
        strings=len(strings),
        pages_opened_in_a_browser=opened,
        pages_that_showed_one_of_the_strings=showing,
        scripts_run=len(ran),
    )
    assert wrong[:10] == []
    assert ran[:10] == []
    assert opened > 80, "most pages are closed to those who should read them"
    assert showing > 5 * SHARE


def read_all(
    database: Database, world: World, page: Page, strings: Sequence[str]
) -> tuple[int, int, list[str]]:
    """Every page once more, in a browser: how many, how many show one of the strings, and what ran."""
    opened, showing, ran = 0, 0, []
    long = [each for each in strings if len(each.strip()) >= 12]
    with running(database) as server:
        for who, address in pages(world):
            if not is_a_page(world.client(who).get(address)):
                continue
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.cookies[who], "url": server.url}
            page.context.clear_cookies()
            page.context.add_cookies([cookie])
            ran += [f"{each} on {address} as {who}" for each in what_ran(page, f"{server.url}{address}")]
            text = Read(page.content().encode("utf-8", "replace")).text
            opened, showing = opened + 1, showing + any(each.strip() in text for each in long)
    return opened, showing, ran
