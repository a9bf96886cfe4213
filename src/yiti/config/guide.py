"""The user guide as a page of the house: `docs/guide` in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from yiti.foundation.web import public as web

IMAGES = "../images/"
"""Where the text finds its pictures when it is read as a file; the house serves them as `guide/`."""

_LAST_LATIN = 0x2E7F  # what comes after are Chinese characters and their punctuation


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the second order: the id it is found by, and its words."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide in one language."""

    title: str
    chapters: tuple[Chapter, ...]
    body: SafeString


@require_safe
@web.page(None, audited=False)
def guide(request: web.PageRequest) -> HttpResponse:
    """`GET /help`: how to work with Yiti."""
    language = "en" if (get_language() or "").startswith("en") else "zh-CN"
    return render(request, "config/guide.html", {"guide": read(settings.YITI_GUIDE / language / "index.md")})


@cache
def read(path: Path) -> Guide:
    """The guide out of its file. The text is ours; what looks like HTML in it is shown as it stands."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    _serve_pictures(tokens)
    _join_chinese_lines(tokens)
    chapters = tuple(_name_chapters(tokens))
    body = parser.renderer.render(tokens[3:], parser.options, {})
    return Guide(tokens[1].content, chapters, mark_safe(body))  # noqa: S308  html is off, the text is ours


def _join_chinese_lines(tokens: Sequence[Token]) -> None:
    """Chinese has no spaces between words, so a line break in the file must not become one."""
    for token in tokens:
        for before, part in pairwise(token.children or ()):
            if part.type == "softbreak" and before.content and ord(before.content[-1]) > _LAST_LATIN:
                part.type, part.content = "text", ""


def _serve_pictures(tokens: Sequence[Token]) -> None:
    for token in tokens:
        for part in token.children or ():
            if part.type == "image":
                part.attrs["src"] = static(str(part.attrs["src"]).replace(IMAGES, "guide/"))


def _name_chapters(tokens: Sequence[Token]) -> Iterator[Chapter]:
    """Give each heading of the second order an id to be found by."""
    for token, text in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            chapter = Chapter(f"c{token.map[0]}" if token.map else "", text.content)
            token.attrs["id"] = chapter.anchor
            yield chapter
