"""The options of a picker and the code tables, as a browser gets them."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from yiti.foundation.audit import public as audit
from yiti.kernel.tests.builders import an_actor
from yiti.registry.terminology import views
from yiti.registry.terminology.tests.builders import a_page_request, a_release, load

pytestmark = pytest.mark.django_db

FRUIT = "code,zh,en,also,retired\na,苹果,Apple,林檎,\nb,梨,Pear,,\nx,杏,Apricot,,1\n"


def options(question: str, *, language: str = "zh-hans") -> str:
    with override(language):
        return views.options(a_page_request(f"/terms/fruit/search?q={question}"), "fruit").content.decode()


def test_options_carry_code_and_term_and_the_role_of_an_option() -> None:
    load(a_release("fruit", FRUIT))
    html = options("pg")
    assert html.count('role="option"') == 1
    assert 'data-value="a" data-label="a 苹果"' in html
    assert "<span>苹果</span><small>a</small>" in html


def test_options_speak_the_language_of_the_page() -> None:
    load(a_release("fruit", FRUIT))
    assert "<span>Apple</span>" in options("pg", language="en")


def test_what_is_not_found_is_said_and_what_was_typed_cannot_break_the_page() -> None:
    load(a_release("fruit", FRUIT))
    html = options("%3Cscript%3Egua")
    assert "没有“&lt;script&gt;gua”" in html
    assert 'role="option"' not in html
    assert "<script" not in html


def test_a_very_long_question_is_cut() -> None:
    load(a_release("fruit", FRUIT))
    assert "x" * views.LONGEST_QUESTION + "”" in options("x" * 2000)


@pytest.mark.parametrize("view", [views.options, views.table])
def test_an_unknown_system_is_not_found(view) -> None:  # type: ignore[no-untyped-def]
    assert view(a_page_request("/terms/no-such"), "no-such").status_code == 404


def test_looking_up_a_word_leaves_no_audit_row() -> None:
    load(a_release("fruit", FRUIT))
    before = len(audit.trail(an_actor("audit.read")))
    options("pg")
    assert len(audit.trail(an_actor("audit.read"))) == before


def test_the_list_of_tables_names_source_and_confidence() -> None:
    load(a_release("fruit", FRUIT))
    html = views.tables(a_page_request("/terms/")).content.decode()
    assert "水果" in html
    assert "Yiti test list" in html


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("", ["a", "b", "x"]),
        ("?q=pg", ["a"]),
        ("?q=林檎", ["a"]),
        ("?sort=-code", ["x", "b", "a"]),
        ("?size=10&page=9", ["a", "b", "x"]),
        ("?q=nothing", []),
    ],
)
def test_a_table_is_searched_sorted_and_paged(asked: str, codes: list[str]) -> None:
    load(a_release("fruit", FRUIT))
    html = views.table(a_page_request(f"/terms/fruit{asked}"), "fruit").content.decode()
    assert re.findall(r"<td>([abx])</td>", html) == codes
