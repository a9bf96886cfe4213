"""Phrases and terms: Chinese by themselves, another language where an edge says them."""

from __future__ import annotations

import pytest

from yiti.kernel.display import duration_text
from yiti.kernel.text import Phrase, Term, heard, joined, listed

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


def test_parts_are_joined_and_each_is_said() -> None:
    line = joined(" · ", ("", Term("好转", "Improved"), Phrase("{minutes} 分", minutes=5), "李秀萍"))
    assert line == "好转 · 5 分 · 李秀萍"
    assert isinstance(line, Phrase)
    assert line.said(translate) == "Improved · 5 min · 李秀萍"
    assert joined(" · ", ("", "只有一样")) == "只有一样"
    assert joined(" · ", ()) == ""


def test_a_list_is_said_one_by_one() -> None:
    roles = listed([Term("村医", "Village doctor"), Term("转诊护士", "Referral nurse"), "别人"])
    assert roles == "村医、转诊护士、别人"
    assert isinstance(roles, Phrase)
    english = ENGLISH | {"{first}、{rest}": "{first}, {rest}"}
    said = roles.said(lambda text: text.en if isinstance(text, Term) else english.get(text, text))
    assert said == "Village doctor, Referral nurse, 别人"


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        pytest.param("青霉素过敏", "Penicillin allergy", id="a template with a term"),
        pytest.param("剩 26 分", "26 分 left", id="the first that fits"),
        pytest.param("青霉素", "Penicillin", id="the whole is a term"),
        pytest.param("随便写的", "随便写的", id="what somebody typed"),
        pytest.param("(剩) 26", "(剩) 26", id="no pattern by accident"),
    ],
)
def test_kept_words_are_heard_as_what_they_were_made_as(kept: str, english: str) -> None:
    terms = {"青霉素": Term("青霉素", "Penicillin")}
    found = heard(kept, ENGLISH, lambda word: terms.get(word, word))
    assert found == kept
    assert (found.said(translate) if isinstance(found, Phrase) else translate(found)) == english
