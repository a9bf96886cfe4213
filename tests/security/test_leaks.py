"""By no second way: what an institution may not read stands in no page, list, count, paper or workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from tests.papers import EDIT, filled, opened
from tests.routes import ROWS, Row
from tests.world import FAR_TOWNSHIP_DOCTOR, FAR_VILLAGE_DOCTOR, VILLAGE_DOCTOR, World

CANARIES = NAME, PHONE, BIRTH = "邓水生", "13900000509", "19710509"
READS = [row for row in ROWS if "GET" in row.methods and row.right]


def text_of(answer: Any) -> str:
    """What an answer says; of a workbook, what its cells say."""
    try:
        with ZipFile(BytesIO(answer.content)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    except BadZipFile:
        return str(answer.content.decode("utf-8", "replace"))


@pytest.fixture
def numbers(world: World) -> list[str]:
    """The numbers of all referrals between one village, its township and the county."""
    rows = world.eye.execute("SELECT number FROM handoffs_handoff").fetchall()
    return [number for (number,) in rows]


def test_the_canaries_can_be_heard(world: World, numbers: list[str]) -> None:
    """The control: those who may read them find them by the same means."""
    far = world.client(FAR_VILLAGE_DOCTOR)
    names = ("residents:record", "residents:reveal_number", "residents:reveal_phone")
    heard = "".join(text_of(far.get(reverse(name, args=[world.stranger_id]))) for name in names)
    assert [canary for canary in CANARIES if canary not in heard] == []
    book = text_of(world.client(VILLAGE_DOCTOR).get(reverse("handoffs:export")))
    assert any(number in book for number in numbers)


@pytest.mark.parametrize("row", READS, ids=[row.name for row in READS])
def test_no_page_tells_of_another_townships_record(row: Row, world: World) -> None:
    """Asked for as it is, and asked for the stranger by name and id."""
    browser: Client = world.client(row.right)
    for asked in ({}, {"q": NAME}, {"person": world.stranger_id}):
        text = text_of(browser.get(row.address(world), asked, headers={"X-Yiti-Picker": "1"}))
        told = [canary for canary in CANARIES if canary in text.replace(str(asked.get("q")), "")]
        assert told == []


ELSEWHERE = (
    "handoffs:work",
    "handoffs:export",
    "handoffs:bell",
    "handoffs:shift",
    "handoffs:news",
    "bell",
    "home",
)


@pytest.mark.parametrize("who", [FAR_VILLAGE_DOCTOR, FAR_TOWNSHIP_DOCTOR])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_list_tells_of_work_between_others(name: str, who: str, world: World, numbers: list[str]) -> None:
    browser = world.client(who)
    for asked in ({}, {"q": "房金养"}, {"tab": "all"}, {"over": "1"}):
        text = text_of(browser.get(reverse(name), asked, follow=True))
        assert [number for number in numbers if number in text] == []


# --- more than was asked for ------------------------------------------------------------------------
FORBIDDEN = {
    "id": "00000000-0000-0000-0000-000000000000",
    "username": "LN0001",
    "is_active": "",
    "is_staff": "1",
    "is_superuser": "1",
    "role": "system_administrator",
    "permissions": "accounts.manage",
    "institution": "LN-RMYY",
    "institution_id": "00000000-0000-0000-0000-000000000000",
    "person_id": "00000000-0000-0000-0000-000000000000",
    "merged_into": "00000000-0000-0000-0000-000000000000",
    "deceased_at": "2020-01-01",
    "created_by": "LN0001",
    "at": "2020-01-01",
    "must_change_password": "",
    "password": "owned",
}
ACCOUNT = """
    SELECT username, name, phone, password, is_active, must_change_password FROM accounts_user WHERE id = %s
"""
RESIDENT = "SELECT to_jsonb(r) FROM residents_resident r WHERE id = %s"


def test_a_form_takes_no_field_that_it_does_not_show(world: World) -> None:
    browser, user = world.client(VILLAGE_DOCTOR), world.users[VILLAGE_DOCTOR].id
    account, kept = (
        world.eye.execute(sql, [id_]).fetchone()
        for sql, id_ in ((ACCOUNT, user), (RESIDENT, world.person_id))
    )
    assert browser.post(reverse("text_size"), {"large": "1", **FORBIDDEN}).status_code == 302
    sent = filled(opened(browser, EDIT, world), EDIT, {"address": "新寨 9 号"})
    shown = opened(browser, EDIT, world).values
    extra = {name: [value] for name, value in FORBIDDEN.items() if name not in shown}
    assert browser.post(EDIT.address(world), {**sent, **extra}).status_code == 302
    assert world.eye.execute(ACCOUNT, [user]).fetchone() == account
    after = world.eye.execute(RESIDENT, [world.person_id]).fetchone()
    assert kept is not None
    assert after is not None
    changed = {name for name in kept[0] if kept[0][name] != after[0][name]}
    assert changed & set(FORBIDDEN) == set()
