"""Tables that people fill in: what stands in a column, how a cell is read, what a load did.

A room declares its sheets on top; the same declaration reads the CSV files of an example county and
the workbook of an administrator, and tells a template its columns. Pure: rows of text in, rows of
values or problems out.
"""

from yiti.kernel.sheets import cells
from yiti.kernel.sheets.checks import Check, Complaint, Values, check_period, find_problems, plain_keys
from yiti.kernel.sheets.model import Column, Problem, Sheet, SheetRow
from yiti.kernel.sheets.reading import read_lines, read_sheet
from yiti.kernel.sheets.reports import LoadReport, Outcome, RowOutcome

__all__ = [
    "Check",
    "Column",
    "Complaint",
    "LoadReport",
    "Outcome",
    "Problem",
    "RowOutcome",
    "Sheet",
    "SheetRow",
    "Values",
    "cells",
    "check_period",
    "find_problems",
    "plain_keys",
    "read_lines",
    "read_sheet",
]
