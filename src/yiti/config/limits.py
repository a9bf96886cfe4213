"""How much anybody may ask of Yiti: the one table, each figure with its reason.

Busiest people, busiest minute: a search box asks 200 ms after the last key, so one who types without
pause asks 5 times a second. The bell and the news of a work list ask once in 20 s in each open tab. A
draft is kept 800 ms after the last key, 75 times a minute at most. `tests/security/test_limits.py` does
the sums.
"""

from __future__ import annotations

from django.conf import settings

from yiti.foundation.web import public as web

SEARCHES = frozenset(
    {
        *("find", "residents:people", "residents:search", "residents:pick", "residents:villages"),
        *("residents:matches", "residents:check_number", "terminology:search", "terminology:table"),
        *("facilities:list", "facilities:search", "facilities:capability", "staff:list"),
        *("referrals:targets", "referrals:followers", "referrals:rows", "administration:trail"),
        *("handoffs:work", "episodes:joining"),
    }
)
EXPORTS = frozenset(
    {
        "handoffs:export",
        "referrals:export_board",
        "referrals:export_rows",
        "residents:export_duplicates",
        "residents:export_glasses",
        "administration:export_trail",
        "administration:evidence",
        "import_mistakes",
        "import_template",
    }
)
IMPORTS = frozenset({"import", "import_save"})
PAPERS = frozenset({"referrals:print", "handoffs:shift"})
NUMBERS = frozenset({"residents:reveal_number", "residents:reveal_phone"})
CLOSED = frozenset({"residents:closed"})
RECORDS = frozenset({"residents:record", "episodes:summary"})

LIMITS = (
    web.Limit("all", 900, 60, web.ALL, "568 is the busiest minute there can be; a script makes thousands"),
    web.Limit("write", 240, 60, web.ALL, "75 drafts and a step every other second are 105", only_writes=True),
    web.Limit("search", 300, 60, SEARCHES, "typing without pause for a whole minute is 300"),
    web.Limit("search-hours", 2400, 3600, SEARCHES, "a desk with a patient a minute, 20 keys each: 1,200"),
    web.Limit("records", 600, 3600, RECORDS, "one record every 6 s for an hour; a ward round opens 60"),
    web.Limit("numbers", 120, 3600, NUMBERS, "a desk shows the whole number of a patient a minute: 60"),
    web.Limit(
        "closed-records",
        60,
        3600,
        CLOSED,
        "an accident with thirty hurt, each opened: 30, question and answer 60",
    ),
    web.Limit("export", 30, 600, EXPORTS, "nobody reads a table every 20 s"),
    web.Limit("import", 60, 600, IMPORTS, "a try is two requests: thirty corrected workbooks in ten minutes"),
    web.Limit("paper", 120, 600, PAPERS, "a sheet every 5 s: no printer is faster"),
)

# Seconds a statement may take beyond the 5 s of a page: whole tables are read or written, and waited for.
PATIENCE = {**dict.fromkeys(EXPORTS, 30), **dict.fromkeys(IMPORTS, 60)}

MOST_BYTES_OF_A_WORKBOOK = 12_000_000  # the form itself says no beyond 10 MB


MOST_BYTES_OF_A_FILE = 12_000_000  # the form itself says no beyond 10 MB


def register() -> None:
    """Hand the figures to the shell; called once by `config.apps`."""
    bodies = {
        "": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "import": MOST_BYTES_OF_A_WORKBOOK,
        "episodes:attach": MOST_BYTES_OF_A_FILE,
    }
    web.set_limits(LIMITS, patience=PATIENCE, bodies=bodies)
