"""Evidence from the trail: the check of docs/formats/trail-export.md, run on what the page exports."""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.conftest import Place
from tests.world import AUDITOR, VILLAGE_DOCTOR, World
from yiti.config.invariants import faults
from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.models import AuditEntry

DOC = Path(__file__).resolve().parents[1] / "docs" / "formats" / "trail-export.md"
EVIDENCE = reverse("administration:evidence")


@pytest.fixture(scope="module")
def sealed(place: Place) -> World:
    """The county with all of its trail sealed."""
    place.world.client(VILLAGE_DOCTOR).get(reverse("residents:record", args=[place.world.person_id]))
    with working(place.database):
        audit.seal_all()
    return place.world


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of the document, as somebody elsewhere would copy it."""
    found = re.search(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    path = tmp_path_factory.mktemp("check") / "check.py"
    path.write_text(found[1], encoding="utf-8")
    return path


def exported(world: World, **asked: str) -> bytes:
    answer = world.client(AUDITOR).post(EVIDENCE, {"from": "", "q": str(world.person_id), **asked})
    assert answer.status_code == 200
    return bytes(answer.content)


def checked(checker: Path, content: bytes) -> tuple[int, str]:
    """What the program says of a file: without this project, in a process of its own."""
    path = checker.parent / "trail.jsonl"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-I", str(checker), str(path)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_file_as_it_was_exported_is_sound(sealed: World, checker: Path) -> None:
    content = exported(sealed)
    code, said = checked(checker, content)
    assert (code, said.splitlines()[-1]) == (0, "sound")
    head, *_rows = map(json.loads, content.splitlines())
    state = audit.seal_state(sealed.actor(AUDITOR))
    assert head["entries"] >= 5
    assert head["head"] == {"number": state.number, "digest": state.digest}
    entry = AuditEntry.objects.filter(action="audit.export_evidence").latest("id")
    assert entry.detail == {"sm3": json.loads(content.splitlines()[-1])["sm3"], "entries": head["entries"]}


def test_one_altered_byte_is_found_wherever_it_is(sealed: World, checker: Path) -> None:
    content = exported(sealed)
    dice = random.Random(5)
    for _ in range(12):
        place = dice.randrange(len(content) - 1)
        spoilt = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert checked(checker, spoilt)[0] != 0, place


def test_an_altered_entry_is_named_although_the_file_was_closed_again(sealed: World, checker: Path) -> None:
    """Whoever alters it can make the last line anew; the seal still tells."""
    lines = exported(sealed).splitlines()[:-1]
    body = b"\n".join(lines).replace("唐桂花".encode(), "唐桂华".encode()) + b"\n"
    closing = json.dumps({"sm3": hashlib.new("sm3", body).hexdigest()}).encode() + b"\n"
    code, said = checked(checker, body + closing)
    assert (code, "was altered or is in no seal" in said, "its digest differs" in said) == (1, True, False)


def test_entries_that_no_seal_covers_are_left_out_and_counted(sealed: World, checker: Path) -> None:
    before = json.loads(exported(sealed).splitlines()[0])
    sealed.client(VILLAGE_DOCTOR).get(reverse("residents:record", args=[sealed.person_id]))
    content = exported(sealed)
    after = json.loads(content.splitlines()[0])
    assert (after["entries"], after["unsealed"]) == (before["entries"], before["unsealed"] + 1)
    assert checked(checker, content)[0] == 0


def test_too_much_is_refused_with_what_to_do(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["yiti.foundation.administration.views.trail"], "MOST_EVIDENCE", 1)
    answer = sealed.client(AUDITOR).post(EVIDENCE, {})
    assert (answer.status_code, "先用姓名、日期缩小" in answer.content.decode()) == (422, True)


def test_the_list_goes_into_a_workbook(sealed: World) -> None:
    answer = sealed.client(AUDITOR).get(reverse("administration:export_trail"), {"q": "唐桂花"})
    assert answer.content.startswith(b"PK")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')


# --- the head -------------------------------------------------------------------------------------
def compared(world: World, number: str, digest: str) -> str:
    asked = {"number": number, "digest": digest}
    return world.client(AUDITOR).get(reverse("administration:chain"), asked).content.decode()


def test_a_kept_head_is_compared(sealed: World) -> None:
    state = audit.seal_state(sealed.actor(AUDITOR))
    kept = " ".join(audit.groups_of(state.digest)).upper()
    assert "对得上" in compared(sealed, str(state.number), kept)
    other = ("0" if kept[0] != "0" else "1") + kept[1:]
    assert "对不上" in compared(sealed, str(state.number), other)
    for number in (str(state.number + 1), "0", "-1", "x", "9" * 40, "²"):
        assert "链里没有这一号" in compared(sealed, number, kept)


def test_the_head_is_printed_in_groups_of_four(sealed: World) -> None:
    state = audit.seal_state(sealed.actor(AUDITOR))
    paper = sealed.client(AUDITOR).get(reverse("administration:head")).content.decode()
    assert "".join(re.findall(r"<span>([0-9a-f]{4})</span>", paper)) == state.digest


def test_the_check_of_the_county_tells_the_head(place: Place, sealed: World) -> None:
    state, said = audit.seal_state(sealed.actor(AUDITOR)), StringIO()
    with working(place.database):
        call_command("check_county", stdout=said)
    assert f"number {state.number}," in said.getvalue()
    assert " ".join(audit.groups_of(state.digest)) in said.getvalue()


def test_an_exported_trail_is_whole_where_it_came_from(place: Place, sealed: World) -> None:
    with working(place.database):
        assert [fault for fault in faults() if "trail" in fault.promise] == []
