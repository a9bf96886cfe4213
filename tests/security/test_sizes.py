"""Too much of anything is refused by what it says of itself, in a sentence, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.papers import PAPERS, opened
from tests.world import SYSTEM_ADMINISTRATOR, VILLAGE_DOCTOR, World

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
SIGN_IN = "/sign-in"


def part(name: str, value: str = "1", more: str = "") -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


SENT: dict[str, tuple[str, str, int]] = {
    "a body of 50 MB": (FORM, "login=" + "0" * 50_000_000, 413),
    "a body just too large": (FORM, "login=" + "0" * 1_000_000, 413),
    "more fields than any form has": (FORM, "&".join(f"f{n}=" for n in range(600)), 413),
    "more parts than any form has": (PARTS, "".join(part(f"f{n}") for n in range(600)) + "--x--\r\n", 413),
    "two files": (
        PARTS,
        part("a", more='; filename="a"') + part("b", more='; filename="b"') + "--x--\r\n",
        413,
    ),
    "parts without a boundary": ("multipart/form-data", "anything", 400),
    "a boundary that is none": ("multipart/form-data; boundary=" + "\u00e9", "anything", 400),
    # what follows is odd but can be read: it is a form that was filled in wrongly
    "parts that never come": (PARTS, "", 200),
    "a part that never ends": (PARTS, part("login")[:-2], 200),
    "parts within parts": (
        PARTS,
        "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n--x--\r\n",
        200,
    ),
    "a name of 100,000 characters": (FORM, "n" * 100_000 + "=1", 200),
    "another kind of content": ("application/json", "[" * 10_000, 400),
    "a document with an entity": (
        "application/xml",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        200,
    ),
    "a number without end": (FORM, "login=1e400", 200),
    "the same field twice": (FORM, "login=LN0001&login=LN0002", 200),
}


@pytest.mark.parametrize(("kind", "body", "status"), SENT.values(), ids=SENT.keys())
def test_what_nobody_has_to_be_signed_in_for_bears_everything(
    kind: str, body: str, status: int, world: World
) -> None:
    before = world.state()
    answer = Client().post(SIGN_IN, body, content_type=kind)
    assert answer.status_code == status
    is_json = answer.headers["Content-Type"] == "application/json"
    text = str(answer.json()) if is_json else answer.content.decode()
    assert any("\u4e00" <= char <= "\u9fff" for char in text)
    assert [told for told in ("Traceback", "Django", "site-packages", "root:") if told in text] == []
    assert world.state() == before


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        pytest.param(
            lambda browser: browser.get("/sign-in", {"next": "/" + "a" * 5000}), 414, id="an address"
        ),
        pytest.param(lambda browser: browser.get("/" + "a/" * 3000), 414, id="a path"),
        pytest.param(lambda browser: browser.get("/find", {"q": "a" * 3000}), 302, id="a search, nobody"),
    ],
)
def test_an_address_has_an_end(ask: Callable[[Client], Any], status: int, world: World) -> None:
    assert ask(Client()).status_code == status


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "", "\u0663"])
def test_a_length_that_is_none_is_no_fault(length: str, world: World) -> None:
    assert Client().post(SIGN_IN, {"login": "LN0001"}, CONTENT_LENGTH=length).status_code < 500


_FROM: tuple[dict[str, Any], ...] = ({}, {"HTTP_REFERER": "http://testserver/administration/import"})


def workbook(size: int) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("a.xlsx", b"0" * size)}


@pytest.mark.parametrize(
    ("size", "status", "sentence"),
    [
        (100, 422, "不是"),
        (10_000_001, 422, "文件超过 10 MB"),
        (12_000_001, 413, "送来的内容太大"),
    ],
)
def test_only_where_files_are_sent_is_much_taken(size: int, status: int, sentence: str, world: World) -> None:
    browser = world.client(SYSTEM_ADMINISTRATOR)
    answer = browser.post(reverse("import"), workbook(size))
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert browser.post(reverse("text_size"), workbook(2_000_000)).status_code == 413


def test_what_is_too_large_hears_the_limit_and_the_way_back(world: World) -> None:
    browser, address = world.client(SYSTEM_ADMINISTRATOR), reverse("import")
    told = [browser.post(address, workbook(12_000_001), **more).content.decode() for more in _FROM]
    assert ["最大 10 MB" in each for each in told] == [True, True]
    assert ["data-back" in each for each in told] == [False, True]


@pytest.mark.parametrize(
    ("size", "status", "sentence"),
    [
        (2_000_000, 422, "只能附 PDF"),
        (10_500_001, 422, "文件超过 10 MB"),
        (12_000_001, 413, "送来的内容太大"),
    ],
)
def test_a_visit_takes_a_file_as_large(size: int, status: int, sentence: str, world: World) -> None:
    browser = world.client(VILLAGE_DOCTOR)
    sent = {**workbook(size), "title": "外院报告"}
    answer = browser.post(reverse("episodes:attach", args=[world.visit_id]), sent)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.name for paper in PAPERS])
def test_the_longest_forms_stay_far_below(paper: Any, world: World) -> None:
    """Of 500 fields."""
    form = opened(world.client(VILLAGE_DOCTOR), paper, world)
    assert sum(len(values) for values in form.values.values()) < 250
