"""Writing first passwords down once, for those who hand them out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from yiti.config.workbook.importing import FirstPassword
from yiti.config.workbook.titles import TEXT
from yiti.kernel.text import N_

_OWNER_ONLY = 0o600


def write_first_passwords(path: Path, passwords: Sequence[FirstPassword]) -> None:
    """Write a new workbook that only its owner may read. Raises OSError, also when it is there already."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    with xlsxwriter.Workbook(str(path)) as book:
        text = book.add_format({"num_format": TEXT, "quote_prefix": True})
        page = book.add_worksheet(N_("首次密码"))
        page.set_column(0, 2, 22)
        page.write_row(0, 0, (N_("工号"), N_("姓名"), N_("首次密码")), book.add_format({"bold": True}))
        for at, each in enumerate(passwords, 1):
            for column, value in enumerate((each.code, each.name, each.password)):
                page.write_string(at, column, value, text)
