"""Publishing code systems: once is enough, and what is published stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, NotPermitted
from yiti.kernel.tests.builders import an_actor
from yiti.registry.terminology import public as terminology
from yiti.registry.terminology.domain import Counts
from yiti.registry.terminology.models import CodeSystem, Concept, Synonym
from yiti.registry.terminology.tests.builders import a_publisher, a_release, load

pytestmark = pytest.mark.django_db

FRUIT = "code,zh,en,also,retired\na,苹果,Apple,林檎,\np,梨,Pear,,\n"


def audit_rows(actor: Actor) -> list[audit.LookRow]:
    """The trail, seen by an auditor, of what this actor loaded."""
    auditor = an_actor("audit.read")
    return [
        row for row in audit.trail(auditor) if row.user_name == actor.name and "terminology" in row.action
    ]


def contents() -> list[tuple[object, ...]]:
    """Every concept row with its key and synonyms, to see whether anything changed."""
    rows = list(Concept.objects.order_by("id").values_list())
    return rows + list(Synonym.objects.order_by("concept_id", "zh").values_list("concept_id", "zh"))


def test_the_shipped_release_stands_whole_and_a_second_load_changes_nothing() -> None:
    load()
    before = contents()
    shipped = sum(len(source.concepts) for source in terminology.shipped_release().systems)
    assert shipped == Concept.objects.count() > 900
    assert load() == Counts()
    assert contents() == before


def test_a_load_is_audited_once_and_an_idle_one_not_at_all(at: datetime) -> None:
    actor = a_publisher()
    load(a_release("fruit", FRUIT), actor=actor, at=at)
    load(a_release("fruit", FRUIT), actor=actor, at=at)
    rows = audit_rows(actor)
    assert [(row.action, row.kind, row.at) for row in rows] == [
        ("terminology.load_code_systems", "terminology.code_system", at)
    ]


def test_who_may_not_publish_changes_nothing() -> None:
    with pytest.raises(NotPermitted):
        load(a_release("fruit", FRUIT), actor=an_actor())
    assert not CodeSystem.objects.filter(code="fruit").exists()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("code,zh,en\na,沙果,Apple\np,梨,Pear\n", "编码 a 已发布为“苹果”，不能改成“沙果”"),
        ("code,zh,en\np,梨,Pear\n", "编码 a（苹果）已经发布，不能删掉"),
    ],
)
def test_a_published_code_is_neither_renamed_nor_dropped(table: str, sentence: str) -> None:
    load(a_release("fruit", FRUIT))
    before = contents()
    with pytest.raises(Conflict) as refused:
        load(a_release("fruit", table, version="2"))
    assert sentence in refused.value.text()
    assert contents() == before
    assert terminology.system("fruit").version == "1"


def test_what_helps_to_find_a_code_may_change() -> None:
    load(a_release("fruit", FRUIT))
    ids = dict(Concept.objects.values_list("code", "id"))
    changed = "code,zh,en,also,retired\np,梨,A pear,雪梨|鸭梨,\na,苹果,Apple,,1\nx,杏,Apricot,,\n"
    assert load(a_release("fruit", changed)) == Counts(systems=1, added=1, changed=2)
    assert {code: key for code, key in Concept.objects.values_list("code", "id") if code in ids} == ids
    assert [row.code for row in terminology.concepts("fruit")] == ["p", "x"]
    assert [name.zh for name in terminology.concept("fruit", "p").synonyms] == ["雪梨", "鸭梨"]
    assert terminology.label("fruit", "p", language="en") == "A pear"
    assert terminology.label("fruit", "a") == "苹果"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE terminology_concept SET zh = '沙果' WHERE code = 'a'",
        "UPDATE terminology_concept SET code = 'b' WHERE code = 'a'",
        "UPDATE terminology_concept SET id = gen_random_uuid() WHERE code = 'a'",
        "DELETE FROM terminology_concept WHERE code = 'p'",
        "UPDATE terminology_codesystem SET code = 'obst' WHERE code = 'fruit'",
        "DELETE FROM terminology_codesystem WHERE code = 'fruit'",
        "INSERT INTO terminology_concept SELECT gen_random_uuid(), code, '沙果', en, initials, pinyin, "
        "parent_code, sort_order, often, active, local, system_id FROM terminology_concept WHERE code = 'a'",
    ],
)
def test_the_database_refuses_to_rename_reuse_or_delete_a_published_code(statement: str) -> None:
    load(a_release("fruit", FRUIT))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert terminology.label("fruit", "a") == "苹果"


def test_a_parent_is_a_code_of_the_same_system() -> None:
    load(a_release("fruit", FRUIT))
    load(a_release("nut", "code,zh,en\nh,榛子,Hazelnut\n"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE terminology_concept SET parent_code = 'h' WHERE code = 'a'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("UPDATE terminology_concept SET parent_code = NULL WHERE code = 'a'")


def test_loading_locks_the_systems_before_it_writes(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    load(a_release("fruit", FRUIT))
    with django_assert_max_num_queries(40) as queries:
        load(a_release("fruit", FRUIT, version="2"))
    statements = [each["sql"] for each in queries.captured_queries]
    locked = next(place for place, sql in enumerate(statements) if "FOR UPDATE" in sql)
    written = next(
        place for place, sql in enumerate(statements) if sql.startswith(("UPDATE", "INSERT", "DELETE"))
    )
    assert locked < written
