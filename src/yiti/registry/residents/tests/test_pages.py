"""Who gets into the pages of residents, what they show, and what they leave in the trail."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import BreakGlass, Card
from yiti.registry.residents.tests.builders import a_stranger
from yiti.registry.residents.tests.pages import addresses, ask, text

EVERYBODYS = {"people", "search", "pick", "villages", "register", "matches", "check_number"}
OF_CARDS = {
    *("closed", "duplicates", "export_duplicates", "compared", "merge_pair", "different", "reopen_pair"),
}


def test_every_page_lets_in_whom_it_should(doctor: Actor, stranger: Actor, man_id: UUID) -> None:
    pages = addresses(doctor, man_id)
    clerk = a_stranger("facilities.read")
    answers = {
        name: tuple(ask(who, url).status_code for who in (None, clerk, stranger, doctor))
        for name, url in pages.items()
    }
    opens = {"search": 302, "closed": 302}
    expected = {name: (302, 404, _stranger_gets(name), opens.get(name, 200)) for name in pages}
    assert answers == expected


def _stranger_gets(name: str) -> int:
    if name == "search":
        return 302
    return 200 if name in EVERYBODYS | OF_CARDS else 404


def test_a_strangers_record_and_a_missing_one_answer_alike(
    doctor: Actor, stranger: Actor, man_id: UUID
) -> None:
    pages = addresses(doctor, man_id)
    for name, url in pages.items():
        if name in EVERYBODYS | OF_CARDS:
            continue
        for post in (False, True):
            closed = ask(stranger, url, post=post)
            missing = ask(stranger, url.replace(str(man_id), str(new_id())), post=post)
            assert (closed.status_code, closed.content) == (missing.status_code, missing.content), name


def test_what_a_refused_post_tries_changes_nothing(doctor: Actor, stranger: Actor, man_id: UUID) -> None:
    pages = addresses(doctor, man_id)
    before = (
        Card.objects.count(),
        residents.person(doctor, man_id),
        residents.allergies(doctor, man_id),
    )
    for url in pages.values():
        ask(stranger, url, {"reason": "我就是想看看"} if "closed" not in url else {}, post=True)
    assert before == (
        Card.objects.count(),
        residents.person(doctor, man_id),
        residents.allergies(doctor, man_id),
    )


def test_every_look_leaves_a_row(doctor: Actor, man_id: UUID) -> None:
    for name in ("record", "facts", "looks", "reveal_number"):
        ask(doctor, reverse(f"residents:{name}", args=[man_id]))
    ask(doctor, reverse("residents:people"), {"q": "fjy"})
    rows = AuditEntry.objects.filter(action__startswith="read:residents").order_by("at", "id")
    assert [(row.action.split(":")[-1], row.kind, row.person_id == man_id) for row in rows] == [
        ("record", "residents.resident", True),
        ("facts", "residents.resident", True),
        ("looks", "residents.resident", True),
        ("reveal_number", "residents.number", True),
        ("people", "residents.card", False),
    ]


def test_the_record_shows_who_it_is_and_masks_numbers(doctor: Actor, man_id: UUID) -> None:
    addresses(doctor, man_id)
    page = text(ask(doctor, reverse("residents:record", args=[man_id])))
    number = residents.person(doctor, man_id).id_number
    assert number not in page
    assert "13822716620" not in page
    shown = ["房金养", "男", "67岁", "1959-03-14", "138****6620", "油岭村", "青霉素类抗生素过敏", "冠心病"]
    assert [words for words in shown if words not in page] == []
    revealed = text(ask(doctor, reverse("residents:reveal_number", args=[man_id])))
    assert revealed.strip() == number


def test_a_closed_record_shows_a_card_and_the_emergency_way(stranger: Actor, man_id: UUID) -> None:
    url = reverse("residents:closed", args=[man_id])
    page = text(ask(stranger, url))
    assert "房*养" in page
    assert "房金养" not in page
    assert "紧急调阅" in page
    refused = ask(stranger, url, {"reason": "急"}, post=True)
    assert refused.status_code == 422
    assert "至少 5 个字" in text(refused)
    opened = ask(stranger, url, {"reason": "昏迷送来急诊"}, post=True)
    assert opened["Location"] == reverse("residents:record", args=[man_id])
    assert ask(stranger, opened["Location"]).status_code == 200
    assert BreakGlass.objects.count() == 1


def test_who_may_not_break_the_glass_is_told_whom_to_ask(man_id: UUID) -> None:
    clerk = a_stranger("residents.search", "residents.read")
    url = reverse("residents:closed", args=[man_id])
    page = text(ask(clerk, url))
    assert "当班医生" in page
    assert '<form method="post" action="' + url not in page
    assert ask(clerk, url, {"reason": "昏迷送来急诊"}, post=True).status_code == 404


def test_the_list_says_what_can_be_typed_and_that_nobody_fits(doctor: Actor, man_id: UUID) -> None:
    url = reverse("residents:people")
    assert "首字母（fjy）" in text(ask(doctor, url))
    assert "没有找到" in text(ask(doctor, url, {"q": "zzz"}))
    assert "房金养" in text(ask(doctor, url, {"q": "fjy"}))


def test_pickers_offer_people_and_villages(doctor: Actor, stranger: Actor, man_id: UUID) -> None:
    headers = {"X-Yiti-Picker": "1"}
    mine = text(ask(doctor, reverse("residents:search"), {"q": "fjy"}, headers=headers))
    theirs = text(ask(stranger, reverse("residents:search"), {"q": "fjy"}, headers=headers))
    assert f'data-href="{reverse("residents:record", args=[man_id])}"' in mine
    assert f'data-href="{reverse("residents:closed", args=[man_id])}"' in theirs
    assert 'aria-disabled="true"' in text(ask(stranger, reverse("residents:pick"), {"q": "fjy"}))
    assert "油岭村" in text(ask(doctor, reverse("residents:villages"), {"q": "yl"}))


def test_who_has_looked_is_told_in_words(doctor: Actor, man_id: UUID) -> None:
    ask(doctor, reverse("residents:record", args=[man_id]))
    page = text(ask(doctor, reverse("residents:looks", args=[man_id])))
    assert [words for words in ("登记居民", "查看健康档案", "唐桂花", "诊疗") if words not in page] == []
