"""Phrases and terms: Chinese by themselves, another language where an edge says them."""

from __future__ import annotations

import pytest

from yiti.kernel.display import duration_text
from yiti.kernel.text import Phrase, Term

ENGLISH = {"剩 {length}": "{length} left", "{minutes} 分": "{minutes} min", "{what}过敏": "{what} allergy"}


def translate(text: str) -> str:
    return text.en if isinstance(text, Term) else ENGLISH.get(text, text)


@pytest.mark.parametrize(
    ("phrase", "chinese", "english"),
    [
        pytest.param(Phrase("剩 {length}", length=duration_text(26)), "剩 26 分", "26 min left", id="nested"),
        pytest.param(
            Phrase("{what}过敏", what=Term("青霉素", "Penicillin")),
            "青霉素过敏",
            "Penicillin allergy",
            id="term",
        ),
        pytest.param(Phrase("{what}过敏", what="草药"), "草药过敏", "草药 allergy", id="free text stays"),
        pytest.param(Phrase("{a} · {b}", a="甲", b=1), "甲 · 1", "甲 · 1", id="nothing to translate"),
        pytest.param(
            Phrase("{what}过敏", what="{x}"), "{x}过敏", "{x} allergy", id="braces typed by somebody"
        ),
    ],
)
def test_a_phrase_is_its_chinese_and_can_be_said_otherwise(
    phrase: Phrase, chinese: str, english: str
) -> None:
    assert phrase == chinese
    assert phrase.said(translate) == english


def test_a_term_without_english_is_said_in_chinese() -> None:
    assert Term("头孢", "").en == "头孢"
