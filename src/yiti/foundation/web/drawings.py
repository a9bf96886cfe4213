"""What the server draws as SVG: the lane graph, spark lines, bars, QR codes. Pure, in CSS pixels.

Measures are those of screens.md section 3: rows 56 high, lanes 68 wide with the village at 12, the
township at 34 and the county at 56 from their left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import segno
from django.utils.safestring import SafeString, mark_safe

ROW_HEIGHT = 56
LANES_WIDTH = 68
DOT_DEPTH = 20  # from the top of a row to the middle of its dot, level with the title
BEND_END = 36  # below the dot the line has reached its new lane

LANE_OFFSETS = {"village": 12, "township": 34, "county": 56, "city": 56}


class LaneKind(StrEnum):
    """How a care step shows on its lane."""

    IN_PERSON = "in_person"  # filled dot
    REMOTE = "remote"  # ring
    HANDOFF_UP = "handoff_up"  # disc with an arrow up
    HANDOFF_DOWN = "handoff_down"  # disc with an arrow down


@dataclass(frozen=True, slots=True)
class LaneMark:
    """One dot, ring or disc: its place and how to draw it."""

    x: int
    y: int
    level: str
    kind: LaneKind


@dataclass(frozen=True, slots=True)
class LaneGraph:
    """The drawing of one episode: `lines` are SVG path data, one for each neighbouring pair of rows."""

    width: int
    height: int
    lines: tuple[str, ...]
    marks: tuple[LaneMark, ...]
    guides: tuple[int, ...] = (12, 34, 56)


def lane_graph(lanes: Sequence[tuple[str, str]]) -> LaneGraph:
    """Lay out the steps of an episode, newest first, each given as (level, kind).

    A step in a city hospital stands on the county lane, in the city's colour: the county knows no
    fourth lane. Raises ValueError for a level or kind the design does not know.
    """
    marks = tuple(_mark(index, level, kind) for index, (level, kind) in enumerate(lanes))
    return LaneGraph(
        width=LANES_WIDTH,
        height=ROW_HEIGHT * len(marks),
        lines=tuple(_line(upper, lower) for upper, lower in pairwise(marks)),
        marks=marks,
    )


def _mark(index: int, level: str, kind: str) -> LaneMark:
    if level not in LANE_OFFSETS:
        raise ValueError(f"no lane for level {level!r}")
    return LaneMark(LANE_OFFSETS[level], index * ROW_HEIGHT + DOT_DEPTH, level, LaneKind(kind))


def _line(upper: LaneMark, lower: LaneMark) -> str:
    """The line from a mark to the next older one: it changes lane just below the upper mark."""
    start = f"M{upper.x} {upper.y}"
    if upper.x == lower.x:
        return f"{start}V{lower.y}"
    bend = f"C{upper.x} {upper.y + 20} {lower.x} {upper.y + 14} {lower.x} {upper.y + BEND_END}"
    return f"{start}{bend}V{lower.y}"


@dataclass(frozen=True, slots=True)
class Spark:
    """A spark line: `points` for an SVG polyline, the last value's place, and the target band if any."""

    width: int
    height: int
    points: str
    end: tuple[float, float]
    band: tuple[float, float] | None = None  # y and height


def spark_line(
    values: Sequence[float],
    *,
    size: tuple[int, int] = (72, 28),
    band: tuple[float, float] | None = None,
) -> Spark:
    """Scale `values` (oldest first, any unit) into a box of `size`; `band` is the target (low, high).

    The box covers the values and the band, with 4 px free on every side for the end dot. A single
    value and a flat line stand in the middle. Raises ValueError without values.
    """
    if not values:
        raise ValueError("a spark line needs at least one value")
    width, height = size
    low, high = min((*values, *(band or ()))), max((*values, *(band or ())))

    def place_y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(height - 4 - share * (height - 8), 1)

    gap = (width - 8) / (len(values) - 1) if len(values) > 1 else 0.0
    places = [(round(4 + gap * index, 1), place_y(value)) for index, value in enumerate(values)]
    if len(places) == 1:
        places = [(width / 2, places[0][1])]
    return Spark(
        width=width,
        height=height,
        points=" ".join(f"{x:g},{y:g}" for x, y in places),
        end=places[-1],
        band=(place_y(band[1]), round(place_y(band[0]) - place_y(band[1]), 1)) if band else None,
    )


def bar_percent(value: float, total: float) -> float:
    """How much of a bar is filled, 0 to 100; an unknown or empty total fills nothing."""
    if total <= 0:
        return 0.0
    return round(max(0.0, min(1.0, value / total)) * 100, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: its box, and whether it belongs to the first or second series."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Two columns a month over three grid lines; `ticks` are (y, value), `labels` (x, text)."""

    width: int
    height: int
    columns: tuple[Column, ...]
    ticks: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str], ...]


def month_chart(months: Sequence[tuple[str, int, int]], *, size: tuple[int, int] = (460, 170)) -> MonthChart:
    """Lay out (label, first, second) a month, oldest first, counts of 0 or more.

    The scale ends at a round number at or above the largest count, with a line at its half.
    """
    width, height = size
    left, top, foot = 32, 10, height - 26
    most = round_scale(max((n for _, first, second in months for n in (first, second)), default=0))
    step = (width - left) / max(1, len(months))
    bar = round(min(12.0, step * 0.36), 1)

    def place_y(count: float) -> float:
        return round(foot - count / most * (foot - top), 1)

    columns = tuple(
        Column(
            x=round(left + step * (index + 0.5) + (series * (bar + 2) - bar - 1), 1),
            y=place_y(count),
            width=bar,
            height=round(foot - place_y(count), 1),
            series=series + 1,
        )
        for index, (_, *counts) in enumerate(months)
        for series, count in enumerate(counts)
    )
    return MonthChart(
        width=width,
        height=height,
        columns=columns,
        ticks=tuple((place_y(value), value) for value in (most, most // 2, 0)),
        labels=tuple((round(left + step * (i + 0.5), 1), label) for i, (label, *_) in enumerate(months)),
    )


def round_scale(most: int) -> int:
    """The end of a scale: the next of 2, 4, 6, 8, 10 times a power of ten, at least 2: its half is whole.

    >>> [round_scale(n) for n in (0, 1, 3, 17, 361)]
    [2, 2, 4, 20, 400]
    """
    power = 1
    while most > 10 * power:
        power *= 10
    return next(times * power for times in (2, 4, 6, 8, 10) if times * power >= most)


def qr_code(text: str, css_class: str = "sheet-qr") -> SafeString:
    """A QR code as an inline SVG element, sized by the style of its class: that of a sheet, unless named."""
    drawn = segno.make_qr(text, error="m")
    # All of it is drawn by segno: the text stands in no attribute.
    return mark_safe(drawn.svg_inline(border=0, omitsize=True, svgclass=css_class, lineclass=None))  # noqa: S308
