"""The parts of a page: their words, their marks, and the addresses they link to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

from yiti.foundation.web import wording
from yiti.foundation.web.domain import TableQuery
from yiti.foundation.web.templatetags import yiti as tags
from yiti.kernel.clock import SHANGHAI

AT = datetime(2026, 11, 20, 10, 26, tzinfo=SHANGHAI)


class Sort(StrEnum):
    DUE = "due"
    NAME = "name"


@dataclass(frozen=True)
class Step:
    level: str
    kind: str


def rendered(source: str, address: str = "/list", **context: Any) -> str:
    request = RequestFactory().get(address)
    return Template("{% load yiti %}" + source).render(RequestContext(request, {"at": AT, **context}))


def a_query(**changes: Any) -> TableQuery[Sort]:
    return replace(TableQuery(sort=Sort.DUE, descending=False, filters={}, page=1, size=20), **changes)


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        pytest.param("zh-hans", ["姓名相同", "同村"], "姓名相同、同村", id="Chinese"),
        pytest.param("en", ["姓名相同", "同村"], "Same name, Same village", id="English"),
        pytest.param("en", ["同村"], "Same village", id="one"),
        pytest.param("en", [], "", id="none"),
    ],
)
def test_a_list_is_said_in_the_language_of_the_reader(language: str, words: list[str], said: str) -> None:
    with override(language):
        assert rendered("{{ words|listed }}", words=words) == said


# ---- time left --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "words"),
    [
        pytest.param(timedelta(minutes=112), "剩 1 时 52 分", id="hours"),
        pytest.param(timedelta(minutes=14), "剩 14 分", id="minutes"),
        pytest.param(timedelta(seconds=59), "剩 0 分", id="the last minute is not late yet"),
        pytest.param(timedelta(0), "剩 0 分", id="the very moment"),
        pytest.param(timedelta(seconds=-1), "超时 1 分", id="late counts at once"),
        pytest.param(timedelta(minutes=-26), "超时 26 分", id="late"),
        pytest.param(timedelta(days=-2), "超时 2 天", id="late by days"),
    ],
)
def test_remaining_says_how_much_is_left_or_over(left: timedelta, words: str) -> None:
    assert rendered("{{ due|remaining:at }}", due=AT + left) == words


@pytest.mark.parametrize(
    ("left", "tone", "symbol"),
    [
        pytest.param(timedelta(minutes=31), "clock", "#clock", id="calm"),
        pytest.param(timedelta(minutes=30), "clock clock-due", "#clock-exclamation", id="soon"),
        pytest.param(timedelta(seconds=-1), "clock clock-late", "#clock-exclamation", id="late"),
    ],
)
def test_clock_changes_word_colour_and_symbol_together(left: timedelta, tone: str, symbol: str) -> None:
    html = rendered("{% clock due at %}", due=AT + left)
    assert f'<span class="{tone}">' in html
    assert f'{symbol}"' in html
    assert wording.remaining(AT + left, AT) in html


def test_clock_without_a_limit_is_a_dash() -> None:
    assert rendered("{% clock due at %}", due=None) == '<span class="clock">–</span>'


@pytest.mark.parametrize(
    ("since", "words"),
    [(timedelta(minutes=-38), "已等 38 分"), (timedelta(minutes=5), "已等 0 分")],
)
def test_waited_never_counts_below_zero(since: timedelta, words: str) -> None:
    assert rendered("{{ since|waited:at }}", since=AT + since) == words


# ---- other words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ value|short_time:at }}", AT - timedelta(minutes=38), "09:48"),
        ("{{ value|short_time:at }}", AT - timedelta(days=14), "11-06"),
        ("{{ value|short_time:at }}", None, "–"),
        ("{{ value|full_time }}", AT, "2026-11-20 10:26"),
        ("{{ value|full_time }}", None, "–"),
        ("{{ value|age:at }}", date(1959, 3, 14), "67岁"),
        ("{{ value|age:at }}", date(2023, 9, 1), "3岁2月"),
        ("{{ value|age:at }}", None, "未知"),
        ("{{ value|mask_id }}", "441826195903142317", "4418**********2317"),
        ("{{ value|mask_phone }}", "13822716620", "138****6620"),
        ("{{ value|mask_name }}", "房金养", "房*养"),
        ("{{ value|of_key:'bell' }}", {"bell": 3}, "3"),
        ("{{ value|of_key:'bell' }}", None, "None"),
    ],
)
def test_filters_write_as_the_design_says(source: str, value: object, words: str) -> None:
    assert rendered(source, value=value) == words


def test_age_counts_in_the_county_not_in_utc() -> None:
    born = date(2020, 11, 20)
    just_after_midnight = datetime(2026, 11, 20, 0, 30, tzinfo=SHANGHAI)
    assert rendered("{{ born|age:at }}", born=born, at=just_after_midnight) == "6岁"


# ---- marks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "tone"),
    [
        ("待接收", "wait"),
        ("将到期", "wait"),
        ("待随访", "go"),
        ("转运中", "moving"),
        ("控制满意", "done"),
        ("未到", "late"),
        ("已故", "draft"),
        ("闻所未闻", "draft"),
    ],
)
def test_status_words_know_their_colour(word: str, tone: str) -> None:
    assert rendered("{% status_chip word %}", word=word) == (
        f'<span class="chip chip-dot chip-{tone}">{word}</span>'
    )


def test_no_status_word_has_two_colours() -> None:
    words = [word for tone in wording.STATUS_TONES.values() for word in tone]
    assert len(words) == len(set(words))


def test_a_given_tone_wins_and_the_word_is_escaped() -> None:
    html = rendered("{% status_chip word 'go' %}", word="<b>在院")
    assert html == '<span class="chip chip-dot chip-go">&lt;b&gt;在院</span>'


def test_level_and_direction_carry_word_and_sign() -> None:
    assert rendered('{% level_glyph "township" %}') == '<span class="glyph glyph-township">镇</span>'
    html = rendered('{% direction "down" %}')
    assert html.endswith("下</span>")
    assert "#arrow-down-left" in html


def test_an_unknown_level_is_a_bug_and_surfaces() -> None:
    with pytest.raises(KeyError):
        rendered('{% level_glyph "moon" %}')


def test_lanes_show_one_mark_a_row_and_a_line_between() -> None:
    rows = [Step("township", "handoff_up"), Step("county", "remote"), Step("village", "in_person")]
    html = rendered("{% thread_lanes rows %}", rows=rows)
    assert html.count("lane-disc") == html.count("lane-ring") == html.count("lane-dot") == 1
    assert html.count("lane-line") == 2
    assert 'height="168"' in html


def test_a_spark_line_without_values_is_not_there() -> None:
    assert rendered("{% spark points %}", points=[]) == ""


def test_a_month_chart_has_its_table_and_a_paler_last_month() -> None:
    html = rendered("{% month_chart months %}", months=[("10月", 30, 12), ("11月", 20, 9)])
    assert html.count("is-running") == 2
    assert "<details" in html
    assert '<td class="num">12</td>' in html


# ---- cards ------------------------------------------------------------------------------------


def test_a_card_shows_only_the_parts_it_was_given() -> None:
    html = rendered('{% card "计划" count=0 tone="red" url="/p" %}<p>{{ text }}</p>{% endcard %}', text="<i>")
    assert '<span class="count count-red">0</span>' in html
    assert '<a class="card-link" href="/p">全部</a>' in html
    assert "<p>&lt;i&gt;</p>" in html
    assert "card-note" not in html


def test_a_card_refuses_a_part_there_is_not() -> None:
    with pytest.raises(TypeError):
        rendered('{% card "计划" colour="red" %}{% endcard %}')


# ---- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sorted_as", "link"),
    [
        pytest.param(a_query(), 'aria-sort="ascending"', "sort=-due", id="again turns it round"),
        pytest.param(a_query(descending=True), 'aria-sort="descending"', "sort=due", id="and back"),
        pytest.param(a_query(sort=Sort.NAME), "", "sort=due", id="another column"),
    ],
)
def test_sort_head_says_how_it_is_sorted_and_links_to_the_other_way(
    query: TableQuery[Sort], sorted_as: str, link: str
) -> None:
    html = rendered('{% sort_head "时限" "due" query %}', "/list?state=sent&page=4", query=query)
    assert sorted_as in html
    assert ("aria-sort" in html) is bool(sorted_as)
    assert f'href="?state=sent&amp;{link}"' in html


@pytest.mark.parametrize(
    ("page", "last", "window"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (3, 5, [1, 2, 3, 4, 5]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_page_window_keeps_the_ends_and_the_neighbours(
    page: int, last: int, window: list[int | None]
) -> None:
    assert tags.page_window(page, last) == window


def test_table_foot_keeps_the_filters_and_knows_the_ends() -> None:
    html = rendered("{% table_foot query 39 19 %}", "/list?state=sent&page=2&size=20", query=a_query(page=2))
    assert "共 <b>39</b> 项，本页 19 项" in html
    assert '<input type="hidden" name="state" value="sent">' in html
    assert 'type="hidden" name="page"' not in html
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html


def test_a_filter_value_from_outside_cannot_leave_its_attribute() -> None:
    html = rendered("{% table_foot query 39 20 %}", '/list?q="><script>', query=a_query())
    assert "<script>" not in html
