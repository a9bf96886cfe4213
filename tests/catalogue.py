"""The English catalogue: what the source asks for. `make words` runs this module and renews the files.

Babel and Django's own template reader do it, so that nobody needs gettext. See docs/howto/translate.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SRC = Path(__file__).resolve().parents[1] / "src" / "yiti"
PO = SRC / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_now": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
TAGS_THAT_TRANSLATE = re.compile(r'\{% (?:sort_head|status_chip|table_foot) [^%"]*"([^"]+)"')
TOP = "English words of Yiti; the Chinese words stand in the source. See docs/howto/translate.md."


class EnglishCatalogue(Catalog):
    """A catalogue whose header names no person, host, version or date: only words make a difference."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Yiti"),
            ("Language", "en"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),  # Babel adds no end to the last line
        ]


def sources() -> Iterator[Path]:
    """Every Python file and template that may mark a word; tests and migrations show nothing to anyone."""
    for path in sorted([*SRC.rglob("*.py"), *SRC.rglob("*.html"), *SRC.rglob("*.txt")]):
        python = path.suffix == ".py"
        if {"tests", "migrations"}.isdisjoint(path.parts) and (python or "templates" in path.parts):
            yield path


def marked_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """(msgid, context) of each marked word of one file; msgid is a pair where the word has a plural."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from ((word, None) for word in TAGS_THAT_TRANSLATE.findall(text))
        # what templatize leaves of the layout would not be Python's indentation
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, msgid, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        yield msgid, context


def marked() -> Catalog:
    """Every word the source asks for, without a translation."""
    found = EnglishCatalogue(locale="en", header_comment=f"# {TOP}", fuzzy=False)
    for path in sources():
        for msgid, context in marked_in(path):
            found.add(msgid, context=context)
    return found


def written() -> Catalog:
    """The catalogue as it stands in the .po file."""
    catalogue = EnglishCatalogue(locale="en", header_comment=f"# {TOP}", fuzzy=False)
    with PO.open("rb") as file:
        for message in read_po(file, locale="en"):
            if message.id:
                catalogue[message.id] = message
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Add new words without a translation, drop those nobody asks for, and compile."""
    known = written()
    renewed = marked()
    for message in renewed:
        before = known.get(message.id, message.context)
        if message.id and before is not None and before.id == message.id:  # a new plural starts empty
            message.string = before.string
    with PO.open("wb") as file:
        write_po(file, renewed, width=0, no_location=True, sort_output=True)
    MO.write_bytes(compiled(renewed))
    missing = [str(message.id) for message in renewed if message.id and not any(message.string or "")]
    sys.stdout.write(f"{len(renewed)} words, {len(missing)} without English\n")
    sys.stdout.writelines(f"  {word}\n" for word in missing)


if __name__ == "__main__":
    main()
