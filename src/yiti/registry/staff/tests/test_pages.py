"""The pages of staff, opened as a person does."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from yiti.foundation.accounts.tests.builders import PASSWORD, a_role, a_user
from yiti.registry.staff.models import Posting, StaffMember
from yiti.registry.staff.tests.builders import a_posting, a_staff_member

pytestmark = pytest.mark.django_db


def signed_in(client: Client, *permissions: str) -> Client:
    """The browser of somebody at work whose role has these permissions."""
    a_role("office", *permissions, zh="办公室")
    member = a_staff_member("人事", code="HR001", user=a_user(username="HR001"))
    a_posting(member, role="office")
    client.post("/sign-in", {"login": "HR001", "password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def today(at: datetime) -> object:
    with time_machine.travel(at, tick=True):
        yield


def a_colleague() -> Posting:
    return a_posting(a_staff_member("盘凤英", code="LN2001", user=a_user(username="LN2001")))


def page(client: Client, address: str, status: int = 200) -> str:
    """The text of a page that answers with this status."""
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_everybody_inside_finds_colleagues(client: Client) -> None:
    posting = a_colleague()
    signed_in(client)
    listed = page(client, "/staff/?q=pfy")
    assert "盘凤英" in listed
    assert re.findall(r">\s*((?:LN|HR)\d+)", listed) == ["LN2001"]
    shown = page(client, f"/staff/{posting.staff_id}")
    assert "在岗" in shown
    assert "停用岗位" not in shown


def test_nobody_found_says_what_to_do(client: Client) -> None:
    assert "没有找到人员" in page(signed_in(client), "/staff/?q=zzz")


def test_a_posting_is_ended_from_the_page(client: Client) -> None:
    posting = a_colleague()
    signed_in(client, "staff.manage")
    assert "停用岗位" in page(client, f"/staff/{posting.staff_id}")
    assert 'value="2026-11-20"' in page(client, f"/staff/postings/{posting.id}/end")
    answer = client.post(f"/staff/postings/{posting.id}/end", {"last_day": "2026-11-19"})
    assert answer.headers["Location"] == f"/staff/{posting.staff_id}"
    assert "已停用" in page(client, f"/staff/{posting.staff_id}")


@pytest.mark.parametrize(
    ("last_day", "says"),
    [("", "请选日期"), ("昨天", "日期写成 2026-11-20"), ("2018-01-01", "早于开始日期")],
    ids=["nothing", "no date", "before it began"],
)
def test_a_bad_last_day_is_refused_beside_its_field(client: Client, last_day: str, says: str) -> None:
    posting = a_colleague()
    signed_in(client, "staff.manage")
    answer = client.post(f"/staff/postings/{posting.id}/end", {"last_day": last_day})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Posting.objects.get(pk=posting.pk).valid_until is None


@pytest.mark.parametrize("permission", ["staff.manage", "accounts.manage", ""])
def test_without_the_permission_a_page_is_not_found(client: Client, permission: str) -> None:
    posting = a_colleague()
    signed_in(client, *[permission] if permission else [])
    end = f"/staff/postings/{posting.id}/end"
    assert client.get(end).status_code == (200 if permission == "staff.manage" else 404)
    shown = page(client, f"/staff/{posting.staff_id}")
    assert ("/administration/accounts/" in shown) is (permission == "accounts.manage")


def test_a_person_who_is_not_there_is_not_found(client: Client) -> None:
    signed_in(client, "staff.manage", "accounts.manage")
    nobody = StaffMember().id
    for address in (f"/staff/{nobody}", f"/staff/postings/{nobody}/end"):
        assert client.get(address).status_code == 404
