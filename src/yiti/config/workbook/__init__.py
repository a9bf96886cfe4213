"""A county's master data as one Excel workbook: the template, reading it, importing it, and the rows that
could not be taken. `parts` says which sheets there are; the rooms declare them."""

from yiti.config.workbook.importing import FirstPassword, Import, import_workbook
from yiti.config.workbook.mistakes import write_mistakes
from yiti.config.workbook.parts import sheets
from yiti.config.workbook.passwords import write_first_passwords
from yiti.config.workbook.reading import Table, Workbook, read_workbook
from yiti.config.workbook.telling import heading_of, tell
from yiti.config.workbook.template import write_template

__all__ = [
    "FirstPassword",
    "Import",
    "Table",
    "Workbook",
    "heading_of",
    "import_workbook",
    "read_workbook",
    "sheets",
    "tell",
    "write_first_passwords",
    "write_mistakes",
    "write_template",
]
