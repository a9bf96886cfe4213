"""Writes docs/security from the tables: `python -m tests.security.pages`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.security import abuse, asvs
from tests.security.named import ROOT, link
from tests.security.requirement import State

FOLDER = ROOT / "docs" / "security"
_WRITTEN = "Written by `python -m tests.security.pages` from `{source}`; change that table, not this page."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def abuse_cases() -> str:
    """The page of abuse cases."""
    rows = (
        (str(case.number), case.abuse, case.expected, "<br>".join(map(link, case.tests)), case.not_yet)
        for case in abuse.CASES
    )
    tried = sum(1 for case in abuse.CASES if case.tests)
    return "\n\n".join(
        (
            "# Abuse cases",
            f"What somebody could try, what must happen, and the test that tries it: {tried} of "
            f"{len(abuse.CASES)} are tried today. {_WRITTEN.format(source='tests/security/abuse.py')}",
            _table(("no.", "abuse", "what must happen", "tried by", "not yet"), rows),
        )
    )


def asvs_level_1() -> str:
    """The page of the verification standard."""
    counts = Counter(row.state for row in asvs.ROWS)
    said = ", ".join(f"{counts[state]} {state}" for state in State)
    rows = (
        (
            row.number,
            row.words,
            row.state.value,
            "<br>".join([*map(link, row.tests), *([row.why] if row.why else [])]),
        )
        for row in asvs.ROWS
    )
    return "\n\n".join(
        (
            "# OWASP ASVS 5.0, level 1",
            f"All {len(asvs.ROWS)} requirements by number, in our own words: {said}. Read the standard for "
            "what each demands. Judged by ourselves, not by an assessor. "
            f"{_WRITTEN.format(source='tests/security/asvs.py')}",
            _table(("no.", "in short", "state", "shown by"), rows),
        )
    )


PAGES = {"abuse-cases.md": abuse_cases, "asvs-level-1.md": asvs_level_1}


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(f"{page()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
