"""Every door, every kind of person, and proof that a refusal changed nothing (conventions.md 12)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse

from tests.routes import ROWS, Reach, Row, routes
from tests.world import (
    AUDITOR,
    CENTRE_HEAD,
    FAR_CENTRE_HEAD,
    FAR_REFERRAL_NURSE,
    FAR_TOWNSHIP_DOCTOR,
    FAR_WARD_DOCTOR,
    LEAVER,
    NEWCOMER,
    NEXT_VILLAGE_DOCTOR,
    OFFICE,
    REFERRAL_NURSE,
    SECURITY_ADMINISTRATOR,
    STRANGERS_SECRETS,
    TOWNSHIP_DOCTOR,
    VILLAGE_DOCTOR,
    WARD_DOCTOR,
    World,
)
from yiti.config.urls import urlpatterns

ELSEWHERE = {  # by whom a route answers: somebody with the same permissions, at work elsewhere
    VILLAGE_DOCTOR: NEXT_VILLAGE_DOCTOR,
    TOWNSHIP_DOCTOR: FAR_TOWNSHIP_DOCTOR,
    WARD_DOCTOR: FAR_WARD_DOCTOR,
    REFERRAL_NURSE: FAR_REFERRAL_NURSE,
    CENTRE_HEAD: FAR_CENTRE_HEAD,
}
CLERKS = (OFFICE, AUDITOR, SECURITY_ADMINISTRATOR)
METHODS = {"GET", "POST", "DELETE"}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/facilities/?q=zg"}
REFUSED = "refused"
SENTENCE = re.compile(r'没有提交|没有找到|class="(error|state-text)"[^>]*>(<p>)?[^<]*[\u4e00-\u9fff]')

PUBLIC = [row for row in ROWS if row.reach is Reach.PUBLIC]
UNGUARDED = {Reach.PUBLIC, Reach.MACHINE}
PROTECTED = [row for row in ROWS if row.reach not in UNGUARDED]
GUARDED = [row for row in PROTECTED if row.permission]
OWN = [row for row in ROWS if row.reach is Reach.OWN]


def of(chosen: list[Row]) -> pytest.MarkDecorator:
    """A test of each of these routes."""
    return pytest.mark.parametrize("row", chosen, ids=[row.name for row in chosen])


def send(browser: Client, method: str, address: str, **headers: str) -> Any:
    """A request with an empty body."""
    if method == "POST":
        return browser.post(address, headers=headers)
    return browser.generic(method, address, headers=headers)


# --- the table itself -----------------------------------------------------------------------------
def unlisted(there: Collection[str]) -> set[str]:
    """Routes without a row, and rows without a route."""
    return set(there) ^ {row.name for row in ROWS}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert unlisted(routes()) == set()
    assert len({row.name for row in ROWS}) == len(ROWS)


def bare(request: HttpRequest) -> HttpResponse:
    """A view that asks nobody who they are."""
    return HttpResponse()


def test_a_route_without_a_row_or_a_name_is_seen() -> None:
    planted: list[URLPattern | URLResolver] = [
        path("planted", bare, name="planted"),
        path("planted/nameless", bare),
    ]
    seen = unlisted(routes([*urlpatterns, *planted])) - unlisted(routes())
    assert seen == {"planted", "<planted/nameless>"}
    assert "home" in unlisted([name for name in routes() if name != "home"])


@of(ROWS)
def test_the_view_asks_for_the_permission_of_its_row(row: Row) -> None:
    view = routes()[row.name].callback
    assert hasattr(view, "yiti_permission") is (row.reach not in UNGUARDED)
    assert getattr(view, "yiti_permission", None) == row.permission


# --- nobody ---------------------------------------------------------------------------------------
@of(PROTECTED)
def test_nobody_is_sent_to_the_sign_in_page(row: Row, world: World) -> None:
    before, nobody = world.state(), world.client(None)
    for method in row.methods:
        address = row.address(world)
        back = address if method == "GET" else "/facilities/"
        to_sign_in = f"{reverse('account_login')}?next={quote(back, safe='')}"
        plain = send(nobody, method, address, Referer="http://testserver/facilities/")
        assert (plain.status_code, plain.headers["Location"]) == (302, to_sign_in)
        part = send(nobody, method, address, **HTMX)
        assert part.status_code == 401
        assert part.headers["HX-Redirect"].startswith(f"{reverse('account_login')}?next=%2Ffacilities%2F")
        assert plain.content == part.content == b""
    assert world.state() == before


def test_who_was_signed_out_comes_back_to_the_page_with_its_person(world: World) -> None:
    page = f"{reverse('referrals:new')}?person={world.person_id}"
    answer = send(world.client(None), "POST", page, Referer=f"http://testserver{page}")
    assert answer.headers["Location"].endswith(f"?next={quote(page, safe='')}")


@of(PUBLIC)
def test_what_is_public_answers_nobody(row: Row, world: World) -> None:
    before = world.state()
    for method in row.methods:
        response = send(world.client(None), method, row.address(world))
        assert response.status_code < 400
    assert world.state() == before


@of([row for row in PROTECTED if row.name != "account_change_password"])
def test_a_newcomer_is_sent_to_change_the_first_password(row: Row, world: World) -> None:
    newcomer = world.client(NEWCOMER)
    before = world.state()
    for method in row.methods:
        response = send(newcomer, method, row.address(world))
        assert (response.status_code, response.headers["Location"]) == (302, "/password")
    assert world.state() == before


# --- those who may not ----------------------------------------------------------------------------
@of(GUARDED)
def test_without_the_permission_there_is_no_such_page(row: Row, world: World) -> None:
    assert row.permission is not None
    clerk = next(code for code in CLERKS if not world.actor(code).can(row.permission))
    browser = world.client(clerk)
    nowhere = browser.get("/nowhere")
    before = world.state()
    for method in row.methods:
        response = send(browser, method, row.address(world))
        assert (response.status_code, response.content) == (404, nowhere.content)
        assert_refusal_is_in_the_trail(row, method, clerk, world)
    assert world.state() == before


@of(PROTECTED)
def test_somebody_without_a_posting_harms_nothing(row: Row, world: World) -> None:
    browser = world.client(LEAVER)
    before = world.state() if row.permission else {}
    for method in row.methods:
        status = send(browser, method, row.address(world)).status_code
        assert status == 404 if row.permission else status < 500
    assert not row.permission or world.state() == before


@of(OWN)
def test_to_another_institution_it_is_as_if_it_were_not_there(row: Row, world: World) -> None:
    assert row.right is not None
    stranger = ELSEWHERE[row.right]
    browser = world.client(stranger)
    before = world.state()
    for method, headers in [*((method, {}) for method in row.methods), (min(row.methods), HTMX)]:
        there = send(browser, method, row.address(world), **headers)
        assert_refusal_is_in_the_trail(row, method, stranger, world)
        missing = send(browser, method, row.missing_address(), **headers)
        assert (there.status_code, missing.status_code) == (404, 404)
        assert there.content == missing.content
        assert there.headers.keys() == missing.headers.keys()
    assert world.state() == before


def assert_refusal_is_in_the_trail(row: Row, method: str, code: str, world: World) -> None:
    """The newest row of this person's trail is the refusal of this request."""
    action, outcome, _person = world.last_look(code)
    assert (action, outcome) == (f"{'read' if method == 'GET' else 'try'}:{row.name}", REFUSED)


@of([row for row in ROWS if row.reach is Reach.CARD])
def test_a_card_says_no_more_than_a_card(row: Row, world: World) -> None:
    response = world.client(row.right).get(row.address(world))
    assert response.status_code == 200
    page = response.content.decode()
    assert [secret for secret in STRANGERS_SECRETS if secret in page] == []


# --- those who may --------------------------------------------------------------------------------
@of([row for row in ROWS if "GET" in row.methods])
def test_the_right_person_gets_the_page(row: Row, world: World) -> None:
    browser = world.client(row.right)
    before = world.state()
    status = browser.get(row.address(world)).status_code
    assert status == row.answers if row.answers else status < 400
    assert world.state() == before
    if row.whose:
        read = (f"read:{row.name}", "done", row.person(world))
        assert row.right is not None
        assert world.last_look(row.right) == read


@of([row for row in ROWS if "GET" not in row.methods])
def test_the_right_person_does_what_has_no_page(row: Row, world: World) -> None:
    world.sign_in_elsewhere()
    status = world.client(row.right).post(row.address(world), row.sent(world)).status_code
    assert status == row.answers if row.answers else status < 400


@of([row for row in ROWS if row.mixes_ids])
def test_a_part_is_only_found_under_the_whole_it_belongs_to(row: Row, world: World) -> None:
    browser = world.client(row.right)
    before = world.state()
    for method in row.methods:
        assert send(browser, method, row.mixed_address(world)).status_code == 404
    assert world.state() == before


# --- what is sent wrongly -------------------------------------------------------------------------
@of(ROWS)
def test_a_method_it_does_not_know_is_refused(row: Row, world: World) -> None:
    browser = world.client(row.right)
    before = world.state()
    for method in METHODS - row.methods:
        assert send(browser, method, row.address(world)).status_code in (404, 405)
    assert world.state() == before


@of([row for row in ROWS if "POST" in row.methods])
def test_a_form_without_its_token_is_refused(row: Row, world: World) -> None:
    browser = world.client(row.right, enforce_csrf_checks=True)
    before = world.state()
    response = browser.post(row.address(world), row.sent(world))
    assert response.status_code == 403
    assert "没有提交" in response.content.decode()
    assert world.state() == before


@of([row for row in ROWS if "POST" in row.methods and not row.acts_at_once])
def test_an_empty_form_is_sent_back_with_a_sentence(row: Row, world: World) -> None:
    browser = world.client(row.right)
    before = world.state()
    response = browser.post(row.address(world), {"csrfmiddlewaretoken": "as a browser sends it"})
    assert response.status_code == 200 or 400 <= response.status_code < 500
    assert SENTENCE.search(response.content.decode())
    assert world.state() == before
