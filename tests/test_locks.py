"""The watch over locks: it knows every command, and sees one that writes too early."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.locks import ADDING, LOCKED, WITHOUT, Account, faults
from yiti.foundation.access import public as access
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import a_user
from yiti.kernel.actor import Actor
from yiti.kernel.tests.builders import an_actor

SRC = Path(__file__).resolve().parents[1] / "src" / "yiti"

LOCK_USER = 'SELECT "accounts_user"."id" FROM "accounts_user" WHERE "accounts_user"."id" = %s FOR UPDATE'
CHANGE_USER = 'UPDATE "accounts_user" SET "password" = %s'
LOCK_NAME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
AUDIT = 'INSERT INTO "audit_auditentry" ("at") VALUES (%s)'
ADD_CARD, CHANGE_CARD = (
    'INSERT INTO "residents_card" ("id") VALUES (%s)',
    'UPDATE "residents_card" SET "x" = 1',
)
LOCK_HANDOFF, LOCK_BED = (
    'SELECT 1 FROM "handoffs_handoff" FOR UPDATE',
    'SELECT 1 FROM "facilities_beduse" FOR UPDATE',
)
LOCK_CARD = 'SELECT "residents_card"."id" FROM "residents_card" FOR NO KEY UPDATE'


def commands() -> list[str]:
    """The commands of the house, by name."""
    return [
        node.name
        for path in SRC.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and "access.command" in [ast.unparse(each) for each in node.decorator_list]
    ]


def test_every_command_has_one_row_and_a_name_of_its_own() -> None:
    assert Counter(commands()) == Counter([*LOCKED, *ADDING, *WITHOUT])


@pytest.mark.parametrize(
    ("command", "said", "fault"),
    [
        ("set_first_password", [LOCK_USER, CHANGE_USER, CHANGE_USER], ""),
        ("set_first_password", [AUDIT, LOCK_USER, CHANGE_USER], ""),
        ("set_first_password", [CHANGE_USER, LOCK_USER], "set_first_password: UPDATE accounts_user before"),
        ("set_first_password", [LOCK_CARD, CHANGE_USER], "set_first_password: UPDATE accounts_user before"),
        (
            "set_first_password",
            [ADD_CARD, LOCK_USER],
            "set_first_password: INSERT INTO residents_card before",
        ),
        ("open_visit", [LOCK_NAME, ADD_CARD], ""),
        ("open_visit", [ADD_CARD], "open_visit: INSERT INTO residents_card before it has locked an advisory"),
        ("accept", [LOCK_HANDOFF, LOCK_BED, LOCK_HANDOFF, ADD_CARD], ""),
        (
            "accept",
            [LOCK_BED, LOCK_HANDOFF, ADD_CARD],
            "accept: locks handoffs_handoff after facilities_beduse",
        ),
        ("register_person", [ADD_CARD, LOCK_CARD, CHANGE_CARD], ""),
        ("register_person", [ADD_CARD, CHANGE_CARD], "register_person: UPDATE residents_card, of which"),
    ],
)
def test_a_write_without_its_lock_is_seen(command: str, said: list[str], fault: str) -> None:
    account = Account(command)
    found = [each for sql in said if (each := account.fault(sql))]
    assert [each.startswith(fault) for each in found] == ([True] if fault else [])


@access.command
def set_first_password(*, actor: Actor, user_id: UUID, password: str, at: datetime) -> None:
    """What the real command must not be: a change without a lock."""
    User.objects.filter(pk=user_id).update(password=password)


@pytest.mark.django_db
def test_the_watch_hears_what_a_command_says(at: datetime) -> None:
    user = a_user()
    set_first_password(actor=an_actor(), user_id=user.pk, password="x", at=at)
    User.objects.filter(pk=user.pk).update(password="a test itself may")
    assert faults == ["set_first_password: UPDATE accounts_user before it has locked accounts_user"]
    faults.clear()
