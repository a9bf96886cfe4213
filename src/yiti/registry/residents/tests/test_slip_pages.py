"""The paper slip and the page its code opens."""

from __future__ import annotations

import re
from uuid import UUID

from django.test import Client
from django.urls import reverse

from yiti.foundation.accounts.tests.builders import a_user
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.registry.residents.domain.slips import MOST_TRIES, Asks, Slip, clean_code, grouped, new_code
from yiti.registry.residents.tests.builders import Place
from yiti.registry.residents.tests.pages import ask, text
from yiti.registry.residents.tests.test_slips import looked_at, tail, tried


def printed(doctor: Actor, man_id: UUID) -> str:
    """The code of a slip printed on its page."""
    page = text(ask(doctor, reverse("residents:slip", args=[man_id]), post=True))
    found = re.search(r'looked-code">([0-9A-Z-]{14})<', page)
    assert found
    assert "sheet-qr" in page
    return found[1]


def sent(browser: Client, code: str, answer: str) -> str:
    """What the page says to this code and answer, with what the browser typed taken out."""
    page = browser.post(reverse("looked"), {"code": code, "answer": answer}, follow=True).content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", page.replace(code, "").replace(answer, ""))


def test_the_next_code_on_the_same_phone_closes_what_the_last_one_opened(
    doctor: Actor, place: Place, man_id: UUID
) -> None:
    looked_at(doctor, man_id)
    phone = Client()
    assert "查看健康档案" in sent(phone, printed(doctor, man_id), tail(doctor, man_id))
    page = phone.get(reverse("looked"), {"code": "ANOTHER-SLIP"}).content.decode()
    assert ("查看健康档案" in page, "ANOTHER-SLIP" in page) == (False, True)
    assert "查看健康档案" not in phone.get(reverse("looked")).content.decode()


def test_a_slip_used_where_staff_is_signed_in_leaves_their_session_as_it_was(
    doctor: Actor, place: Place, man_id: UUID
) -> None:
    """Else nobody could end that session any more."""
    looked_at(doctor, man_id)
    desk = Client()
    desk.force_login(a_user())
    before = desk.session.session_key
    assert "查看健康档案" in sent(desk, printed(doctor, man_id), tail(doctor, man_id))
    assert desk.session.session_key == before


def test_loading_the_paper_anew_makes_no_second_slip(doctor: Actor, man_id: UUID, client: Client) -> None:
    address = reverse("residents:slip", args=[man_id])
    found = re.search(r'name="key" value="([^"]+)"', text(ask(doctor, address)))
    assert found
    session: dict[str, object] = {}
    first = ask(doctor, address, {"key": found[1]}, post=True, session=session)
    again = ask(doctor, address, {"key": found[1]}, post=True, session=session)
    assert (first.status_code, again.status_code) == (200, 409)
    assert "没有再办一次" in text(again)


def test_the_page_opens_in_the_browser_that_used_it_and_in_no_other(
    doctor: Actor, place: Place, man_id: UUID
) -> None:
    looked_at(doctor, man_id)
    code, right = printed(doctor, man_id), tail(doctor, man_id)
    phone, other = Client(), Client()
    page = sent(phone, code, right)
    assert [word for word in ("查看健康档案", doctor.name, "诊疗") if word not in page] == []
    assert "房金养" not in page
    assert "查看健康档案" in phone.get(reverse("looked")).content.decode()
    assert "查看健康档案" not in other.get(reverse("looked")).content.decode()
    assert "查看健康档案" not in sent(other, code, right)
    phone.post(reverse("looked"), {"leave": "1"})
    assert "查看健康档案" not in phone.get(reverse("looked")).content.decode()
    own = AuditEntry.objects.filter(purpose="self", person_id=man_id).values_list("action", "outcome")
    assert set(own) == {
        ("residents.use_slip", "done"),
        ("read:looked", "done"),
        ("try:looked", "refused"),
    }


def test_every_refusal_is_the_same(doctor: Actor, man_id: UUID) -> None:
    right = tail(doctor, man_id)
    used, void, wrong = (printed(doctor, man_id) for _ in range(3))
    tried(Slip(clean_code(wrong), Asks.NUMBER, now()), right)
    locked = printed(doctor, man_id)
    for _ in range(MOST_TRIES):
        tried(Slip(clean_code(locked), Asks.NUMBER, now()), "0000")
    answers = {
        sent(Client(), used, right),
        sent(Client(), void, right),
        sent(Client(), wrong, right),
        sent(Client(), locked, right),
        sent(Client(), printed(doctor, man_id), "0000"),
        sent(Client(), grouped(new_code()), right),
        sent(Client(), "no code at all", right),
    }
    assert len(answers) == 1
    assert "打不开" in answers.pop()
