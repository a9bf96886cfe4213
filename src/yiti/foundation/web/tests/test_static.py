"""What the browser is sent: only our own, inside the policy, for browsers from Chrome 109 on."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

import yiti

SOURCE = Path(yiti.__file__).parent
STATIC = SOURCE / "foundation" / "web" / "static"
SHEETS = sorted(SOURCE.glob("*/*/static/**/*.css"))
SCRIPTS = sorted(SOURCE.glob("*/*/static/**/*.js"))
TEMPLATES = sorted(SOURCE.glob("*/*/templates/**/*.html"))
TOKENS = dict(
    re.findall(r"--y-([\w-]+): (#[0-9a-f]{6});", (STATIC / "web" / "tokens.css").read_text("utf-8"))
)


def where(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_vendored_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text("utf-8"))
    named = {name: digest for package in manifest["packages"] for name, digest in package["files"].items()}
    for name, digest in named.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name
    vendored = {p.relative_to(STATIC).as_posix() for p in STATIC.glob("vendor/*/**/*") if p.is_file()}
    assert vendored <= set(named)
    assert all({"version", "license"} <= set(package) for package in manifest["packages"])


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "web" / "icons.svg").read_text("utf-8")))
    used = {
        (where(path), name)
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))
    }
    assert {(path, name) for path, name in used if name not in symbols} == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=where)
def test_sheets_use_known_tokens_and_old_enough_features(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    tokens = set(re.findall(r"--y-([\w-]+):", (STATIC / "web" / "tokens.css").read_text("utf-8")))
    assert set(re.findall(r"var\(--y-([\w-]+)", text)) <= tokens
    newer = r"color-mix|oklch|oklab|light-dark|@layer|@scope|@starting-style|text-wrap:|&[ .:#\[]|@import"
    assert re.findall(newer, text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=where)
def test_templates_hold_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text("utf-8")
    assert re.findall(r"""\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*=\s*["']""", text) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|javascript:", text) == []
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=where)
def test_scripts_need_no_eval_and_no_stranger(script: Path) -> None:
    text = script.read_text("utf-8")
    assert re.findall(r"\beval\(|new Function|https?://|\bimport\b.*from", text) == []


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, 0 to 1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "canvas", 4.5),
        ("ink-2", "canvas", 4.5),
        ("ink-3", "canvas", 4.5),
        ("ink-3", "surface", 4.5),
        ("brand", "canvas", 4.5),
        ("brand-ink", "brand-50", 4.5),
        ("brand-ink", "brand-100", 4.5),
        ("rail-text", "rail", 4.5),
        ("surface", "brand", 4.5),
        ("surface", "red", 4.5),
        ("surface", "red-count", 4.5),
        ("surface", "red-button", 4.5),
        ("village", "village-tint", 4.5),
        ("township", "township-tint", 4.5),
        ("control", "surface", 3.0),
        *((tone, f"{tone}-tint", 4.5) for tone in ("wait", "go", "moving", "done", "late", "draft")),
    ],
)
def test_text_stands_out_from_its_ground(text: str, ground: str, least: float) -> None:
    lighter, darker = sorted((luminance(TOKENS[text]), luminance(TOKENS[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least
