"""Every word a person reads is there in English too, whole, and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.utils.translation import gettext, ngettext, override

from tests.catalogue import MO, PO, SRC, compiled, marked, marked_in, written

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
KEPT_CHINESE = ("虞明辉", "粤", "油岭 房")  # a name, a number plate and a search, shown as examples

Forms = Iterator[tuple[str, str]]


@pytest.fixture(scope="module")
def english() -> Catalog:
    return written()


@pytest.fixture(scope="module")
def asked() -> Catalog:
    return marked()


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def as_tuple(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def forms(message: Message) -> Forms:
    """(msgid, msgstr) of a word; of both its forms where it has a plural."""
    return zip(as_tuple(message.id), as_tuple(message.string), strict=True)


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def keeps_placeholders(message: Message) -> bool:
    """Each form keeps them all; a singular may say 1 in words."""
    *singular, (msgid, msgstr) = forms(message)
    return placeholders(msgid) == placeholders(msgstr) and all(
        set(placeholders(english)) <= set(placeholders(chinese)) for chinese, english in singular
    )


def chinese_left(text: str) -> bool:
    for kept in KEPT_CHINESE:
        text = text.replace(kept, "")
    return bool(CHINESE.search(text))


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("a.py", 'word = N_("送出")', [("送出", None)]),
        ("a.py", 'word = _("共 %(n)s 条") % {"n": 1}', [("共 %(n)s 条", None)]),
        ("a.py", 'word = gettext_lazy("请填写")', [("请填写", None)]),
        ("a.py", 'word = "送出"', []),
        ("a.html", '<p>\n  <b>{% translate "送出" %}</b>\n</p>', [("送出", None)]),
        ("a.html", '{% include "b.html" with label=_("电话") %}', [("电话", None)]),
        ("a.html", "{% blocktranslate %}{{ n }} 条{% endblocktranslate %}", [("%(n)s 条", None)]),
        (
            "a.html",
            "{% blocktranslate count n=n %}{{ n }} 条{% plural %}{{ n }} 条们{% endblocktranslate %}",
            [(("%(n)s 条", "%(n)s 条们"), None)],
        ),
        ("a.py", 'word = pgettext_lazy("field", "村")', [("村", "field")]),
        ("a.html", '{% translate "村" context "field" %}', [("村", "field")]),
        ("a.html", '{% sort_head "姓名" "name" query %}', [("姓名", None)]),
        ("a.html", '{% table_foot query total rows|length "条" %}', [("条", None)]),
        ("a.html", "{# 送出 #}<p>送出</p>", []),
    ],
)
def test_the_marks_are_found(
    tmp_path: Path, name: str, source: str, expected: list[tuple[object, str | None]]
) -> None:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert list(marked_in(path)) == expected


def test_every_marked_word_is_in_the_catalogue(asked: Catalog, english: Catalog) -> None:
    missing = [m.id for m in messages(marked()) if english.get(m.id, m.context) is None]
    assert not missing, "run `python -m tests.catalogue`, then write the English of: " + "; ".join(
        map(str, missing)
    )


def test_the_catalogue_holds_no_word_nobody_asks_for(asked: Catalog, english: Catalog) -> None:
    assert [m.id for m in messages(english) if asked.get(m.id, m.context) is None] == []


def test_every_word_has_its_english(english: Catalog) -> None:
    assert [m.id for m in messages(english) if m.fuzzy or not all(as_tuple(m.string))] == []


def test_placeholders_agree(english: Catalog) -> None:
    assert [m.id for m in messages(english) if not keeps_placeholders(m)] == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "kept"),
    [
        ("少 {n} 位", "{n} too few", True),
        ("少 {n} 位", "too few", False),
        ("少 {n} 位", "{m} too few", False),
        ("共 %(n)s 条", "%(n)d in all", False),
        ("{a} 比 {b} 低", "{b} is above {a}", True),
        (("还差 1 处", "还差 %(n)s 处"), ("1 missing", "%(n)s missing"), True),
        (("还差 %(n)s 处", "还差 %(n)s 处"), ("One missing", "%(n)s missing"), True),
        (("还差 %(n)s 处", "还差 %(n)s 处"), ("One missing", "Some missing"), False),
    ],
)
def test_a_lost_placeholder_would_be_seen(
    msgid: str | tuple[str, str], msgstr: str | tuple[str, str], kept: bool
) -> None:
    assert keeps_placeholders(Message(msgid, msgstr)) is kept


def test_no_chinese_is_left_in_the_english(english: Catalog) -> None:
    assert [m.id for m in messages(english) if any(chinese_left(text) for text in as_tuple(m.string))] == []


def test_the_english_keeps_the_manners_of_the_house(english: Catalog) -> None:
    """No exclamation marks, no space lost or doubled inside."""
    texts = [text for m in messages(english) for text in as_tuple(m.string)]
    assert [text for text in texts if "!" in text or "  " in text.strip() or text.endswith(" ")] == []


def test_what_is_compiled_is_what_is_written(english: Catalog) -> None:
    assert MO.read_bytes() == compiled(english), "run `make words`"
    assert len(read_mo(BytesIO(MO.read_bytes()))) == len(english)


def test_the_header_names_nobody_and_no_date() -> None:
    header = PO.read_text(encoding="utf-8").split("\n\n", 1)[0]
    assert "@" not in header
    assert "-Date" not in header
    assert "nplurals=2" in header


CHINESE_ONLY = re.compile(r"terminology\.(?:label|choices)\((?:[^()]|\([^()]*\))*\)")


def test_what_is_read_for_a_page_can_be_said_in_english() -> None:
    """Selectors, views and forms give terms of code tables that know their English (`terminology.term`), or
    ask in the reader's language; only commands and loaders keep Chinese words."""
    asked = [
        f"{path.relative_to(SRC)}: {call}"
        for path in sorted(SRC.rglob("*.py"))
        if {"selectors", "views", "forms"} & {*path.parts, path.stem} and "tests" not in path.parts
        for call in CHINESE_ONLY.findall(path.read_text(encoding="utf-8"))
        if "language=" not in call
    ]
    assert asked == []


def test_django_speaks_it() -> None:
    with override("en"):
        assert gettext("登录") == "Sign in"
        assert ngettext("查到 %(n)s 人", "查到 %(n)s 人", 1) % {"n": 1} == "1 person found"
        assert ngettext("查到 %(n)s 人", "查到 %(n)s 人", 2) % {"n": 2} == "2 people found"
    with override("zh-hans"):
        assert gettext("登录") == "登录"
