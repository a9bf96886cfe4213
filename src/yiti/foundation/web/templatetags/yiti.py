"""The parts of a page: `{% load yiti %}`. What each looks like stands in docs/howto/build-a-page.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiti.foundation.web import drawings, wording
from yiti.foundation.web.domain import PAGE_SIZES, TableQuery
from yiti.kernel import display, text
from yiti.kernel.clock import local_date
from yiti.kernel.text import N_

register = template.Library()


class Step(Protocol):
    """A row of the thread time line."""

    @property
    def level(self) -> str: ...
    @property
    def kind(self) -> str: ...


# ---- marks ------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=512)  # a page has sixty of some forty
def icon(name: str, size: int = 16) -> SafeString:
    """A symbol of the sprite, hidden from screen readers; sizes 14, 16, 20, 24, 28."""
    size_class = "" if size == 16 else f" icon-{size}"
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        size_class,
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def level_glyph(level: str) -> SafeString:
    """The square 村 镇 县 市 before an institution. Raises KeyError for a level there is not."""
    return format_html('<span class="glyph glyph-{}">{}</span>', level, _(wording.LEVELS[level]))


@register.simple_tag
def direction(way: str, *, bare: bool = False) -> SafeString:
    """↗上 ↙下 →平 外, for `up`, `down`, `across`, `out`; `bare` without the word, where the title says it."""
    name, word = wording.DIRECTIONS[way]
    if bare:
        return format_html('<span class="direction direction-{}">{}</span>', way, icon(name, 20))
    return format_html('<span class="direction direction-{}">{}{}</span>', way, icon(name, 14), _(word))


@register.simple_tag
def status_chip(word: str, tone: str = "") -> SafeString:
    """A status in its colour. `tone` (wait go moving done late draft) only for words not in the design."""
    return format_html(
        '<span class="chip chip-dot chip-{}">{}</span>', tone or wording.tone_of(word), _(word)
    )


@register.simple_tag
def clock(due: datetime | None, at: datetime, soon: int = 30) -> SafeString:
    """Time left in words; amber in the last `soon` minutes, red once it is over; – without a limit."""
    if due is None:
        return mark_safe('<span class="clock">–</span>')
    left = wording.minutes_between(at, due)
    tone = " clock-late" if left < 0 else " clock-due" if left <= soon else ""
    symbol = icon("clock-exclamation" if tone else "clock")
    return format_html('<span class="clock{}">{}{}</span>', tone, symbol, wording.remaining(due, at))


@register.simple_tag
def bar(value: float, total: float, tone: str = "") -> SafeString:
    """A bar filled to value / total. Tones: wait, late, down. The figures stand beside it as text."""
    return format_html(
        '<svg class="bar{}" aria-hidden="true" focusable="false"><rect class="bar-track" width="100%" '
        'height="8" rx="4"></rect><rect class="bar-fill" width="{}%" height="8" rx="4"></rect></svg>',
        f" bar-{tone}" if tone else "",
        drawings.bar_percent(value, total),
    )


@register.inclusion_tag("web/_spark.html")
def spark(
    points: Sequence[float],
    *,
    width: int = 72,
    height: int = 28,
    low: float | None = None,
    high: float | None = None,
    tone: str = "",
) -> dict[str, Any]:
    """A spark line, oldest value first; `low` and `high` draw the target band. Tones: up, down, late."""
    band = (low, high) if low is not None and high is not None else None
    drawn = drawings.spark_line(points, size=(width, height), band=band) if points else None
    return {"spark": drawn, "tone": tone}


@register.inclusion_tag("web/_lanes.html")
def thread_lanes(rows: Sequence[Step]) -> dict[str, drawings.LaneGraph]:
    """The lanes 村 镇 县 of one episode, newest row first; stands at the left of its rows."""
    return {"graph": drawings.lane_graph([(row.level, row.kind) for row in rows])}


@register.inclusion_tag("web/_month_chart.html")
def month_chart(
    months: Sequence[tuple[str, int, int]],
    *,
    first: str = N_("上转"),
    second: str = N_("下转"),
    running: bool = True,
) -> dict[str, Any]:
    """Two columns a month from (label, first, second), oldest first, with the table behind 看数据.

    `running`: the last month is not over yet and is drawn paler.
    """
    return {
        "chart": drawings.month_chart(months),
        "months": months,
        "first": first,
        "second": second,
        "paler_from": len(months) * 2 - 2 if running else len(months) * 2,
    }


@register.inclusion_tag("web/_watermark.html")
def watermark(text: str) -> dict[str, str]:
    """Who looks, with code and time, faint over a record page. Put it inside a positioned element."""
    return {"text": text}


# ---- slots ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardHead:
    """What stands in the head of a card. Without `url` the words of `link` are plain text."""

    title: str
    count: int | None = None
    tone: str = ""
    note: str = ""
    link: str = ""
    url: str = ""
    kind: str = ""


@register.simple_block_tag
def card(content: SafeString, title: str, **head: Any) -> str:
    """A card with a head: title, count (tone red or brand), side note, one link; `kind` adds classes.

    `head` takes the names of `CardHead`. Raises TypeError for any other name.
    """
    return render_to_string("web/_card.html", {"head": CardHead(title, **head), "content": content})


# ---- tables -----------------------------------------------------------------------------------


@register.inclusion_tag("web/_sort_head.html", takes_context=True)
def sort_head(
    context: template.Context, label: str, key: str, query: TableQuery[Any], extra: str = ""
) -> dict[str, Any]:
    """A table head that sorts by `key`: says which way it is sorted, and links to the other way."""
    is_sorted = query.sort == key
    return {
        "request": context["request"],
        "label": label,
        "extra": extra,
        "way": ("descending" if query.descending else "ascending") if is_sorted else "",
        "next": f"-{key}" if is_sorted and not query.descending else key,
    }


@register.inclusion_tag("web/_table_foot.html", takes_context=True)
def table_foot(
    context: template.Context, query: TableQuery[Any], total: int, shown: int, unit: str = N_("项")
) -> dict[str, Any]:
    """The foot of a list: how many there are, how many are shown, page size, pages, and 跳至."""
    last = query.pages(total)
    return {
        "request": context["request"],
        "query": query,
        "total": total,
        "shown": shown,
        "unit": unit,
        "last": last,
        "sizes": PAGE_SIZES,
        "pages": page_window(query.page, last),
        "kept": [(k, v) for k, v in context["request"].GET.items() if k not in {"page", "size"}],
    }


def page_window(page: int, last: int) -> list[int | None]:
    """The page numbers to offer: first, last, and the neighbours of `page`; None where some are left out.

    >>> page_window(5, 9)
    [1, None, 4, 5, 6, None, 9]
    """
    near = sorted({1, last, *(n for n in range(page - 1, page + 2) if 1 <= n <= last)})
    window: list[int | None] = []
    for number in near:
        if window and window[-1] is not None and number - window[-1] > 1:
            window.append(None)
        window.append(number)
    return window


@register.filter
def of_key(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The value under `key`, or None: templates cannot look up by a variable."""
    return (mapping or {}).get(key)


# ---- words ------------------------------------------------------------------------------------


@register.filter
def mask_id(number: str) -> str:
    """`4418**********2317`."""
    return display.mask_id_number(number)


@register.filter
def mask_phone(number: str) -> str:
    """`138****6620`."""
    return display.mask_phone(number)


@register.filter
def mask_name(name: str) -> str:
    """`房*养`."""
    return display.mask_name(name)


@register.filter
def age(birth: date | None, at: date | datetime) -> str:
    """`67岁`, `3岁2月`, `5月`, `12天` on the day of `at`; 未知 without a birth date."""
    if birth is None:
        return _("未知")
    return wording.said(display.age_text(birth, local_date(at) if isinstance(at, datetime) else at))


@register.filter
def short_time(moment: datetime | None, at: datetime) -> str:
    """`09:48` today, `11-20` this year, `2025-11-20` otherwise; – when there is none."""
    return "–" if moment is None else display.short_time(moment, at)


@register.filter
def full_time(moment: datetime | None) -> str:
    """`2026-11-20 09:48`; – when there is none."""
    return "–" if moment is None else display.full_time(moment)


@register.filter
def listed(parts: Sequence[str]) -> str:
    """Words, terms or phrases as one list in the reader's language: `姓名相同、住址相同`; "" for none."""
    return wording.said(text.listed([wording.said(part) for part in parts])) if parts else ""


register.filter("said", wording.said)
register.filter("remaining", wording.remaining)
register.filter("waited", wording.waited)
