"""The six figures of the board as they are written: value, what it is made of, how it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.domain.figures import MonthFigures, Rate, change_points
from yiti.care.referrals.selectors import Board

UNKNOWN = "–"
Link = Callable[[Behind], str]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure. `url` leads to its rows, "" where there are none; `why` says why it is unknown; `tone`
    (good, late) colours the change."""

    label: str
    value: str
    below: str
    url: str = ""
    change: str = ""
    tone: str = ""
    points: tuple[float, ...] = ()
    line: str = ""
    why: str = ""


def cards(board: Board, link: Link) -> list[Card]:
    """The figures in the order of the board."""
    now, before = board.now, board.before
    return [
        Card(
            label=_("上转"),
            value=f"{now.up:,}",
            below=_("人次"),
            url=link(Behind.UP),
            change=_percent(board.up_change, _("较上月同期 {change}%")),
            tone="good" if (board.up_change or 0) < 0 else "",
            points=_points(each.up for each in board.months),
            line="up",
        ),
        Card(
            label=_("下转"),
            value=f"{now.down:,}",
            below=_("人次"),
            url=link(Behind.DOWN),
            change=_percent(board.down_change, "{change}%"),
            tone=_tone(board.down_change),
            points=_points(each.down for each in board.months),
            line="down",
        ),
        Card(
            label=_("县域内住院率"),
            value=_rate(board.inpatient_share),
            below=_("未知：还没有全县住院数据"),
            why=_("多数住院不在本系统里，接上全县住院数据以后才能算"),
        ),
        _closed_loop(
            _("闭环率 ・ 发出方"), link(Behind.SENDER), [each.sender for each in board.months], before.sender
        ),
        _closed_loop(
            _("闭环率 ・ 接收方"),
            link(Behind.RECEIVER),
            [each.receiver for each in board.months],
            before.receiver,
        ),
        _answer(board, now, link),
    ]


def _closed_loop(label: str, url: str, rates: list[Rate], before: Rate) -> Card:
    now = rates[-1]
    change = change_points(now, before)
    return Card(
        label=label,
        value=_rate(now.percent),
        below=f"{now.numerator:,} / {now.denominator:,}",
        url=url,
        change=_percent(change, _("{change} 点")),
        tone=_tone(change),
        points=_points(rate.percent for rate in rates),
        line="late" if (change or 0) < 0 else "",
        why="" if now.denominator else _("这个月还没有可以算的转诊"),
    )


def _answer(board: Board, now: MonthFigures, link: Link) -> Card:
    minutes = now.answer.median_minutes
    late = minutes is not None and minutes > board.answer_limit
    return Card(
        label=_("急转接收中位"),
        value=UNKNOWN if minutes is None else _("{n} 分").format(n=f"{minutes:,}"),
        below=_("{n} 例，超时 {late}").format(n=now.answer.cases, late=now.answer.late),
        url=link(Behind.URGENT),
        change=_("目标 {n} 分").format(n=board.answer_limit),
        tone="" if minutes is None else "late" if late else "good",
        points=_points(each.answer.median_minutes for each in board.months),
        line="late" if late else "",
        why="" if minutes is not None else _("这个月还没有接收的急转"),
    )


def _points(values: Iterable[float | None]) -> tuple[float, ...]:
    """The spark line; months without a value are left out, not drawn as 0."""
    return tuple(value for value in values if value is not None)


def _rate(percent: float | None) -> str:
    return UNKNOWN if percent is None else f"{percent:.1f}%"


def _tone(change: float | None) -> str:
    return "" if not change else "good" if change > 0 else "late"


def _percent(change: float | None, words: str) -> str:
    """A change with its sign, in words; nothing where it is unknown."""
    return "" if change is None else words.format(change=f"{change:+.1f}".replace("-", "−"))
