"""Every action of the trail has a word, and one opening of a record is one look."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import reverse

from tests.routes import routes
from tests.world import VILLAGE_DOCTOR, World
from yiti.foundation.audit import public as audit
from yiti.registry.facilities.domain import NoteKind
from yiti.spine.handoffs.domain.words import Fact

SRC = Path(__file__).resolve().parents[1] / "src" / "yiti"
NOTES = {"note", "_note", "_audit"}  # what a command calls to write its row
ACTION = re.compile(r"[a-z]+\.[a-z_]+")
MADE = {*(f"facilities.note_beds_{each}" for each in NoteKind), *(f"handoffs.follow_{each}" for each in Fact)}
WITHOUT = {"metrics", "healthz", "readyz", "gallery"}  # answer nobody who is signed in
PARTS = re.compile(r'hx-get="([^"?]+)" hx-trigger="load"')


def noted() -> Iterator[str]:
    """The actions that commands note, as the source names them."""
    for path in sorted(SRC.rglob("*.py")):
        room = path.relative_to(SRC).parts[1:2]
        if not room or "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in NOTES and len(node.args) > 1:
                said = node.args[1]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value if ACTION.fullmatch(said.value) else f"{room[0]}.{said.value}"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_every_change_has_a_word() -> None:
    found = {*noted(), *MADE}
    assert len(found) > 80
    assert sorted(action for action in found if audit.word_of(action) == action) == []


def test_every_page_has_a_word_and_every_step_says_what_was_tried() -> None:
    named = {each for each in routes() if each not in WITHOUT}
    assert sorted(each for each in named if audit.word_of(f"read:{each}") == f"read:{each}") == []
    assert audit.word_of("try:referrals:accept") == "试图办理：接收转诊"
    assert audit.word_of("try:residents:edit") == "试图办理：修改资料"


def test_one_opening_of_a_record_is_one_look(world: World) -> None:
    doctor, browser = world.actor(VILLAGE_DOCTOR), world.client(VILLAGE_DOCTOR)
    before = audit.looks_at(doctor, [world.person_id], limit=1000)
    opened = browser.get(reverse("residents:record", args=[world.person_id])).content.decode()
    parts = PARTS.findall(opened)
    assert len(parts) > 4
    for part in parts:
        assert browser.get(part, headers={"HX-Request": "true"}).status_code == 200
    after = audit.looks_at(doctor, [world.person_id], limit=1000)
    assert [row.what for row in after[: len(after) - len(before)]] == ["查看健康档案"]
    page = browser.get(reverse("residents:looks", args=[world.person_id])).content.decode()
    assert f"共 <b>{len(after)}</b> 次" in page
    assert page.count("<tr><td") == len(after)
