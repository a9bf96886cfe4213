"""Geometry of lanes, spark lines, bars and columns."""

from __future__ import annotations

from itertools import pairwise

import pytest

from yiti.foundation.web.drawings import (
    LaneKind,
    bar_percent,
    lane_graph,
    month_chart,
    round_scale,
    spark_line,
)

UP, HERE, FAR = LaneKind.HANDOFF_UP, LaneKind.IN_PERSON, LaneKind.REMOTE


@pytest.mark.parametrize(
    ("lanes", "lines"),
    [
        pytest.param([], (), id="nothing yet"),
        pytest.param([("village", HERE)], (), id="one visit has no line"),
        pytest.param([("township", UP), ("township", HERE)], ("M34 20V76",), id="same lane is straight"),
        pytest.param(
            [("county", FAR), ("village", HERE)],
            ("M56 20C56 40 12 34 12 56V76",),
            id="the bend lies below the upper dot",
        ),
        pytest.param(
            [("village", HERE), ("township", HERE), ("county", HERE)],
            ("M12 20C12 40 34 34 34 56V76", "M34 76C34 96 56 90 56 112V132"),
            id="each row starts where the one above ended",
        ),
    ],
)
def test_lane_graph_draws_one_line_between_neighbours(
    lanes: list[tuple[str, str]], lines: tuple[str, ...]
) -> None:
    graph = lane_graph(lanes)
    assert graph.lines == lines
    assert graph.height == 56 * len(lanes)
    assert [mark.y for mark in graph.marks] == [56 * row + 20 for row in range(len(lanes))]


def test_lane_graph_puts_each_level_where_the_design_says() -> None:
    graph = lane_graph([(level, HERE) for level in ("village", "township", "county", "city")])
    assert [mark.x for mark in graph.marks] == [12, 34, 56, 56]


@pytest.mark.parametrize("lane", [("moon", "in_person"), ("village", "by_letter")])
def test_lane_graph_refuses_what_the_design_does_not_know(lane: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"moon|by_letter"):
        lane_graph([lane])


@pytest.mark.parametrize(
    ("values", "points", "end"),
    [
        pytest.param([1, 2], "4,24 68,4", (68.0, 4.0), id="rising ends on top"),
        pytest.param([2, 1], "4,4 68,24", (68.0, 24.0), id="falling ends below"),
        pytest.param([5, 5, 5], "4,14 36,14 68,14", (68.0, 14.0), id="flat stands in the middle"),
        pytest.param([7], "36,14", (36.0, 14.0), id="one value is a dot"),
    ],
)
def test_spark_line_fills_its_box(values: list[float], points: str, end: tuple[float, float]) -> None:
    drawn = spark_line(values)
    assert drawn.points == points
    assert drawn.end == end


def test_spark_line_shows_the_target_band_on_the_same_scale() -> None:
    drawn = spark_line([100, 180], band=(100, 140))
    assert drawn.band == (14.0, 10.0)  # the lower half of the 20 px between 4 and 24


def test_spark_line_needs_a_value() -> None:
    with pytest.raises(ValueError, match="at least one"):
        spark_line([])


@pytest.mark.parametrize(
    ("value", "total", "percent"),
    [(42, 45, 93.3), (0, 10, 0.0), (12, 10, 100.0), (-1, 10, 0.0), (3, 0, 0.0)],
)
def test_bar_percent_stays_between_empty_and_full(value: float, total: float, percent: float) -> None:
    assert bar_percent(value, total) == percent


@pytest.mark.parametrize(
    ("most", "end"), [(0, 2), (1, 2), (2, 2), (3, 4), (10, 10), (11, 20), (361, 400), (999, 1000)]
)
def test_round_scale_ends_at_an_even_round_number(most: int, end: int) -> None:
    assert round_scale(most) == end


def test_month_chart_columns_stand_on_the_ground_line_and_do_not_touch() -> None:
    chart = month_chart([("10月", 318, 97), ("11月", 0, 400)])
    ground = chart.ticks[-1][0]
    assert [tick[1] for tick in chart.ticks] == [400, 200, 0]
    assert all(column.y + column.height == pytest.approx(ground) for column in chart.columns)
    edges = [(column.x, column.x + column.width) for column in chart.columns]
    assert all(left[1] < right[0] for left, right in pairwise(edges))
    assert chart.columns[3].y == chart.ticks[0][0]


def test_month_chart_without_months_is_an_empty_ground() -> None:
    assert month_chart([]).columns == ()
