"""`write_template PATH`: the empty workbook that a county fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yiti.config import workbook


class Command(BaseCommand):
    help = "Write the empty workbook that a county fills in with its institutions, staff and residents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the .xlsx file to write")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        sheets = workbook.sheets()
        workbook.write_template(path, sheets)
        self.stdout.write(f"模板已写到 {path}：{len(sheets)} 张表，先看“说明”。填好后运行 yiti import {path}")
