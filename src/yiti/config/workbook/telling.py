"""A problem in words, with its place."""

from __future__ import annotations

from collections.abc import Collection

from yiti.kernel.sheets import Problem, Sheet


def heading_of(problem: Problem, sheets: Collection[Sheet]) -> tuple[str, str]:
    """Title of the sheet and heading of the column; empty where a problem has none."""
    sheet = next((each for each in sheets if each.name == problem.sheet), None)
    if sheet is None:
        return "", ""
    return sheet.zh, next((each.zh for each in sheet.columns if each.name == problem.column), "")


def tell(problem: Problem, sheets: Collection[Sheet]) -> str:
    """`机构 第 3 行 电话：…`, or the sentence alone."""
    title, heading = heading_of(problem, sheets)
    place = " ".join(part for part in (title, title and f"第 {problem.line} 行", heading) if part)
    return f"{place}：{problem.text()}" if place else problem.text()
