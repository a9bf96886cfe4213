"""Titles that the template, the reader and the list of mistakes agree on."""

from __future__ import annotations

from yiti.kernel.text import N_

GUIDE = N_("说明")
CHOICES = N_("选项")
LINE = N_("原行号")
MISTAKE = N_("问题")

REQUIRED = "*"  # stands behind the heading of a column that must be filled in

TEXT = 49  # Excel's own number for cells that hold text whatever is typed
