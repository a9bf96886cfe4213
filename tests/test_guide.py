"""The user guide: the same in both languages, its pictures there, its page safe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from yiti.config.guide import read

LANGUAGES = ("zh-CN", "en")
PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./images/([\w-]+\.png)\)")


def text(language: str) -> str:
    path: Path = settings.YITI_GUIDE / language / "index.md"
    return path.read_text(encoding="utf-8")


def test_both_languages_have_the_same_chapters_and_pictures() -> None:
    zh, en = (re.findall(r"^## |" + PICTURE.pattern, text(language), re.MULTILINE) for language in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_and_every_one_that_is_there_is_shown(language: str) -> None:
    shown = set(PICTURE.findall(text(language)))
    assert shown == {path.name for path in (settings.YITI_GUIDE / "images").glob("*.png")}
    assert all(finders.find(f"guide/{name}") for name in shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_one_title_and_finds_its_chapters(language: str) -> None:
    guide = read(settings.YITI_GUIDE / language / "index.md")
    assert guide.title in text(language)
    assert "<h1" not in guide.body
    assert len(guide.chapters) == text(language).count("\n## ") > 10
    assert all(f'<h2 id="{chapter.anchor}">{chapter.words}' in guide.body for chapter in guide.chapters)
    assert guide.body.count('src="/static/guide/') == len(PICTURE.findall(text(language)))


def test_a_line_break_between_chinese_words_is_no_space(tmp_path: Path) -> None:
    path = tmp_path / "index.md"
    path.write_text("# T\n\n各个环节，\n红色的 F9\nkey\n", encoding="utf-8")
    assert read(path).body == "<p>各个环节，红色的 F9\nkey</p>\n"


def test_html_in_the_text_is_only_text(tmp_path: Path) -> None:
    path = tmp_path / "index.md"
    path.write_text("# T\n\n## C\n\n<script>alert(1)</script> [x](javascript:alert(1))\n", encoding="utf-8")
    body = read(path).body
    assert "<script" not in body
    assert "href" not in body
