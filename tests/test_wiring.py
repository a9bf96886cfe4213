"""What is named in one place and stands in another: roles, menu, slots, addresses, templates, events, words.

Nothing here opens the database: it reads the source and what the rooms have registered.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import reverse

from tests.routes import routes
from yiti.config import events as wiring
from yiti.config.roles import ROLES
from yiti.foundation.access import public as access
from yiti.foundation.outbox import commands as outbox
from yiti.foundation.web import registry
from yiti.foundation.web.public import NavItem, Panel
from yiti.kernel.actor import SYSTEM
from yiti.kernel.errors import DomainError, NotPermitted
from yiti.kernel.events import Event
from yiti.kernel.ids import new_id

SRC = Path(__file__).resolve().parents[1] / "src" / "yiti"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HELD_BY_NO_ROLE = {
    "terminology.manage": "code systems come with a release of Yiti; only the setup publishes them",
}
NOT_FOR_USERS = {  # refusals that a program or an operator reads, in English, or that carry others' words
    "unknown permissions: {names}": "a mistake in config/roles.py, seen by developers",
    "{why}": "what Django's password validators say, translated by them",
    "{sheet}.csv {line}: {column} {why} (+{more})": "a place in a file; {why} says what is wrong",
}


@cache
def modules() -> dict[str, ast.Module]:
    """The source of the house by path, without tests and migrations."""
    return {
        str(path.relative_to(SRC)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SRC.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    }


@cache
def templates() -> dict[str, str]:
    """The templates of the house by the name they are asked for."""
    return {
        str(path).rpartition("/templates/")[2]: path.read_text(encoding="utf-8")
        for path in sorted(SRC.rglob("templates/**/*.html"))
    }


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Where functions or methods of these names are called: place and call."""
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _name(node.func) in names:
                yield f"{path}:{node.lineno}", node


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def literal(node: ast.expr | None) -> str | None:
    """The text of a literal, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# --- permissions ----------------------------------------------------------------------------------
DECLARED = {permission.name for permission in access.all_permissions()}
HELD = {name for role in ROLES for name in role.permissions}


def test_roles_are_made_of_declared_permissions_and_leave_none_out() -> None:
    assert not HELD - DECLARED
    assert set(HELD_BY_NO_ROLE) == (DECLARED - HELD)


def test_whoever_asks_for_a_permission_asks_for_one_there_is() -> None:
    asked = {where: literal(call.args[0]) for where, call in calls("can", "require") if call.args}
    of_views = {name: getattr(each.callback, "yiti_permission", None) for name, each in routes().items()}
    wanted = {where: name for where, name in {**asked, **of_views}.items() if name}
    known = DECLARED | SYSTEM.permissions
    assert len(wanted) > 80
    assert {where: name for where, name in wanted.items() if name not in known} == {}


# --- the menu and the slots -----------------------------------------------------------------------
def permission_of(url_name: str) -> str | None:
    """What the page of that name asks for."""
    return getattr(routes()[url_name].callback, "yiti_permission", None)


@pytest.mark.parametrize("item", registry._nav, ids=lambda item: item.key)
def test_an_entry_of_the_menu_is_shown_to_those_who_can_open_it(item: NavItem) -> None:
    assert reverse(item.url_name)
    assert permission_of(item.url_name) in (None, item.permission)


SLOTS_OF_A_LIST = {"handoff.actions", "bell"}  # all others are drawn for somebody or something with an id


@pytest.mark.parametrize("panel", registry._panels, ids=lambda panel: f"{panel.slot} {panel.url_name}")
def test_a_panel_fits_its_slot(panel: Panel) -> None:
    assert reverse(panel.url_name, args=[] if panel.slot in SLOTS_OF_A_LIST else [new_id()])
    assert panel.permission == permission_of(panel.url_name)
    assert any(re.fullmatch(slot, panel.slot) for slot in drawn_slots())


def drawn_slots() -> set[str]:
    """The slots that pages draw, as patterns: `handoff.page.<kind>` is written with a variable."""
    found = set()
    for _where, call in calls("panels_for"):
        slot = call.args[1]
        parts = slot.values if isinstance(slot, ast.JoinedStr) else [slot]
        found.add("".join(re.escape(literal(part) or "") or r"[\w.]+" for part in parts))
    return found


def test_a_red_count_stands_at_an_entry_or_the_bell() -> None:
    assert set(registry._counts) <= {*(item.key for item in registry._nav), "bell"}
    counts = [each for found in registry._counts.values() for each in found]
    assert {permission for _count, permission in counts} <= DECLARED


# --- addresses, templates, static files -----------------------------------------------------------
def unresolved_in(template: str) -> set[str]:
    """Names of routes in a template that no route has, and addresses written by hand."""
    named = re.findall(r"""{%\s*url\s+['"]([^'"]+)['"]""", template)
    typed = re.findall(r"""(?:href|action|hx-get|hx-post)="(/(?!static/)[^"{]+)""", template)
    return {*(name for name in named if name not in routes()), *typed}


def test_an_address_in_a_template_leads_somewhere() -> None:
    assert unresolved_in("""<a href="{% url 'nowhere' 1 %}"><a href="/by/hand"><a href="/">""") == {
        "nowhere",
        "/by/hand",
    }
    assert {name: found for name, text in templates().items() if (found := unresolved_in(text))} == {}


def test_an_address_in_the_source_leads_somewhere() -> None:
    names = {
        where: name
        for where, call in calls("reverse", "reverse_lazy", "resolve_url")
        if call.args and (name := literal(call.args[0])) and not name.startswith("/")
    }
    assert len(names) > 40
    assert {where: name for where, name in names.items() if name not in routes()} == {}


def test_a_template_that_is_named_is_there_and_one_that_is_there_is_named() -> None:
    words = [node.value for tree in modules().values() for node in ast.walk(tree) if literal(node)]  # type: ignore[arg-type, attr-defined]
    parts = (SRC.parents[1] / "docs" / "howto" / "build-a-page.md").read_text(encoding="utf-8")
    source = "\n".join([*words, *templates().values(), parts])
    named = set(re.findall(r"[\w-]+(?:/[\w-]+)+\.html", source))
    missing = {name for name in named if name.split("/")[0] != "django" and name not in templates()}
    assert missing == set()
    assert set(templates()) - named == set()
    assert all(get_template(name) for name in templates())


def test_a_static_file_in_a_template_is_there() -> None:
    text = "\n".join(templates().values())
    named = set(re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", text))
    assert len(named) > 20
    assert {name for name in named if finders.find(name) is None} == set()


# --- events ---------------------------------------------------------------------------------------
def is_of_the_house(event: type[Event]) -> bool:
    """Whether some room records it; tests have events of their own."""
    return event.__module__.startswith("yiti.") and ".tests." not in event.__module__


def all_events() -> set[type[Event]]:
    """Every event some room can record."""
    return set(filter(is_of_the_house, Event.__subclasses__()))


def test_every_event_is_heard_or_named_among_the_unheard() -> None:
    """Delivery does not know the kinds that nobody has named: they would be tried again for ever."""
    ours = filter(is_of_the_house, outbox._types.values())
    known = {event.kind: bool(outbox._handlers[event.kind]) for event in ours}
    unheard = {event.kind for event in wiring._UNHEARD}
    assert {event.kind for event in all_events()} == set(known)
    assert {kind for kind, is_heard in known.items() if not is_heard} == unheard


# --- refusals -------------------------------------------------------------------------------------
def refusals() -> dict[str, type[DomainError]]:
    """The refusals of the house by name, without the one that names a permission instead of a sentence."""

    def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    return {each.__name__: each for each in below(DomainError) if each is not NotPermitted}


def sentence_of(call: ast.Call) -> tuple[str | None, bool]:
    """The sentence of a refusal, where it is written beside it, and whether it is marked for translation."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and _name(first.func) in ("N_", "_") and first.args:
        return literal(first.args[0]), True
    return literal(first), False


def faults_of(call: ast.Call) -> list[str]:
    """What is wrong with a refusal as it is written: no Chinese, not marked, a gap that nothing fills."""
    kind = refusals()[_name(call.func)]
    text, is_marked = sentence_of(call)
    faults = []
    if text is not None and text not in NOT_FOR_USERS:
        faults += [] if CHINESE.search(text) else ["not Chinese"]
        faults += [] if is_marked else ["not marked with N_"]
    gaps = {name for _text, name, _spec, _conv in string.Formatter().parse(text or kind.message) if name}
    given = {keyword.arg for keyword in call.keywords}
    if not call.args or text is not None:
        faults += [f"nothing for {{{gap}}}" for gap in sorted(gaps - given) if None not in given]
    return faults


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ('InvalidInput(N_("最多 {most} 个字"), field="name", most=5)', []),
        ('InvalidInput(N_("最多 {most} 个字"), field="name")', ["nothing for {most}"]),
        ('Conflict("Already taken")', ["not Chinese", "not marked with N_"]),
        ("DuplicateSuspected(score=90)", ["nothing for {name}"]),
        ("Conflict(SENTENCE, **words)", []),
    ],
)
def test_a_bad_refusal_is_seen(written: str, faults: list[str]) -> None:
    call = ast.parse(written, mode="eval").body
    assert isinstance(call, ast.Call)
    assert faults_of(call) == faults


def test_a_refusal_is_a_whole_chinese_sentence() -> None:
    """On pages; what commands say to an operator on a terminal is not translated."""
    written = [(where, call) for where, call in calls(*refusals()) if "management/" not in where]
    assert len(written) > 150
    assert {where: faults for where, call in written if (faults := faults_of(call))} == {}
    assert all(CHINESE.search(kind.message) for kind in refusals().values())
