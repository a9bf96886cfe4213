"""SQL in every place of an address that a list reads: it is searched for literally, or left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import get_hasher, get_hashers
from django.test import Client
from django.urls import reverse

import yiti
from tests.test_bad_input import LISTS, PICKER, PICKS, SYSTEM
from tests.world import AUDITOR, REFERRAL_NURSE, VILLAGE_DOCTOR, World

SRC = Path(yiti.__file__).parent
HOSTILE = (
    "' OR 1=1 --",
    "') UNION SELECT password FROM accounts_user --",
    "1); SELECT pg_sleep(20); --",
    '" OR "a"="a',
    "%",
    "_",
    "\\",
    "a' AND (SELECT count(*) FROM pg_user) > 0 AND 'a'='a",
)
KEYS = (
    "sort",
    "page",
    "size",
    "tab",
    "kind",
    "level",
    "q__gte",
    "id__in",
    "user__password__startswith",
    "purpose",
)
MORE = ("handoffs:work", "referrals:rows", "referrals:board")


def who(name: str) -> str:
    desks = {
        "administration:trail": AUDITOR,
        "referrals:rows": REFERRAL_NURSE,
        "referrals:board": REFERRAL_NURSE,
    }
    return desks.get(name, VILLAGE_DOCTOR)


def rows(browser: Client, address: str, asked: str) -> int:
    """How many lines a search finds."""
    answer = browser.get(address, {"q": asked}, headers=PICKER)
    assert answer.status_code == 200, asked
    return answer.content.count(b"<tr") + answer.content.count(b'role="option"')


@pytest.mark.parametrize("name", [*PICKS, *LISTS, *MORE])
def test_sql_in_an_address_is_no_sql(name: str, world: World) -> None:
    browser, address = world.client(who(name)), reverse(name, args=SYSTEM.get(name))
    nothing, all_of_them = (rows(browser, address, asked) for asked in ("zzzzzz", ""))
    for hostile in HOSTILE:
        found = rows(browser, address, hostile)
        # A sign alone is no word to look for: then it is as if nothing had been typed.
        assert found == nothing or (len(hostile) == 1 and found == all_of_them), hostile
        asked = dict.fromkeys(KEYS, hostile)
        assert browser.get(address, asked, headers=PICKER).status_code == 200, hostile


# --- in the source ----------------------------------------------------------------------------------
RAW = {"raw", "extra", "RawSQL", "mark_safe", "eval", "exec", "popen", "loads"}
REVIEWED = {  # where it has been looked at, and why it is harmless
    "config/guide.py": ["mark_safe"],  # the guide, written by us and rendered without raw HTML
    "foundation/web/drawings.py": ["mark_safe"],  # a QR code that the server has drawn
    "foundation/web/templatetags/yiti.py": ["mark_safe"],  # a dash that stands there
    "registry/residents/selectors/matching.py": ["filter(**)"],  # keys are columns that its domain names
    "spine/handoffs/selectors/worklist.py": ["filter(**)"],  # keys are the two columns named beside it
}
NEW_DOORS = {"csrf_exempt", "xframe_options_exempt"}


def risky(source: str) -> list[str]:
    """SQL put together of pieces, text called safe, code made of text, objects made of bytes, open doors."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) in NEW_DOORS:
            found.append(_name(node))
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name == "execute" and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            found.append(name)
        if name in RAW and not (name == "loads" and _owner(node.func) == "json"):
            found.append(name)
        if any(word.arg == "shell" for word in node.keywords):
            found.append("shell")
        if name in {"filter", "exclude", "order_by"} and any(word.arg is None for word in node.keywords):
            found.append(f"{name}(**)")
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _owner(node: ast.expr) -> str:
    return getattr(node.value, "id", "") if isinstance(node, ast.Attribute) else ""


def test_what_is_risky_is_seen() -> None:
    assert risky('cursor.execute(f"SELECT {x}")\nThing.objects.raw("x")\npickle.loads(x)\njson.loads(x)') == [
        "execute",
        "raw",
        "loads",
    ]
    planted = "@csrf_exempt\ndef f(): ...\neval(x)\nrun('x', shell=True)\nfilter(**asked)"
    assert sorted(risky(planted)) == ["csrf_exempt", "eval", "filter(**)", "shell"]


def test_nothing_risky_stands_in_the_source() -> None:
    found = {
        str(path.relative_to(SRC)): names
        for path in SRC.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and (names := risky(path.read_text(encoding="utf-8")))
    }
    assert found == REVIEWED


def test_no_template_calls_text_safe() -> None:
    unsafe = re.compile(r"\|\s*safe\b|autoescape off|\{%\s*debug")
    assert unsafe.search("{{ name|safe }}")
    texts = {path: path.read_text(encoding="utf-8") for path in SRC.rglob("templates/**/*.html")}
    assert [str(path) for path, text in texts.items() if unsafe.search(text)] == []


OUTGOING = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib.request",
    "http.client",
    "smtplib",
    "ftplib",
    "socket",
    "xmlrpc",
}
MAY_CALL = {"ops/supervisor.py": "asks its own pages whether they answer, and whether a port is free"}


def calls_out(source: str) -> list[str]:
    """Modules that can ask another machine for something."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return [
        name
        for name in (*plain, *(n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)))
        if name in OUTGOING
    ]


def test_no_page_can_ask_another_machine_for_anything() -> None:
    assert calls_out("import httpx\nfrom urllib.request import urlopen\nimport json") == [
        "httpx",
        "urllib.request",
    ]
    found = {
        str(p.relative_to(SRC))
        for p in SRC.rglob("*.py")
        if "tests" not in p.parts and calls_out(p.read_text("utf-8"))
    }
    assert found - set(MAY_CALL) == set()


WEAK = {"md5", "sha1", "md4", "des", "rc4"}


def weak_hashes(source: str) -> list[str]:
    """Names of hashes that are broken, used or asked for by name."""
    nodes = list(ast.walk(ast.parse(source)))
    texts = [n.value.lower() for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    names = [_name(n).lower() for n in nodes if isinstance(n, ast.Name | ast.Attribute)]
    return [name for name in (*names, *texts) if name in WEAK]


def test_no_weak_hash_is_used() -> None:
    assert weak_hashes("hashlib.md5(x)\nhashlib.new('sha1')\nhashlib.sha256(x)") == ["md5", "sha1"]
    found = {
        str(p) for p in SRC.rglob("*.py") if "tests" not in p.parts and weak_hashes(p.read_text("utf-8"))
    }
    assert found == set()
    assert get_hasher("default").algorithm == "pbkdf2_sha256"
    assert not {"md5", "unsalted_md5"} & {hasher.algorithm for hasher in get_hashers()}
