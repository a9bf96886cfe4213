"""A backup holds everything, and a restore proves it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from psycopg import sql

from yiti.ops import backup, roles
from yiti.ops.backup import TABLES, back_up, restore
from yiti.ops.binaries import Binaries
from yiti.ops.database import Database
from yiti.ops.errors import DamagedBackupError, OpsError
from yiti.ops.postgres import Cluster
from yiti.ops.roles import Role
from yiti.ops.sealing import key_id
from yiti.ops.temporary import start_temporary

PRIVATE = X25519PrivateKey.generate()
KEYS = {key_id(PRIVATE.public_key()): PRIVATE}


@pytest.fixture(scope="module")
def other_server() -> Iterator[Cluster]:
    """A server that has never seen the county."""
    with start_temporary() as cluster:
        yield cluster


@pytest.fixture
def empty(other_server: Cluster, request: pytest.FixtureRequest) -> Database:
    """A database on the other server, as empty as a first start leaves it."""
    name = request.node.name
    with other_server.connect() as superuser:
        roles.make_database(superuser, name)
    database = Database({role: other_server.url(role, name) for role in Role})
    with database.connect(Role.OWNER) as owner:
        roles.grant(owner)
    return database


@pytest.fixture
def filled(committed_db: Database) -> Database:
    """The real tables, and one of the hard kinds: row-level security, append-only, odd values."""
    with committed_db.connect(Role.OWNER) as owner:
        owner.execute("CREATE TABLE log (id bigserial PRIMARY KEY, said text, at timestamptz DEFAULT now())")
        owner.execute(
            "INSERT INTO log (said) SELECT chr(19968 + i) || E'\\t𠮷\\n' FROM generate_series(1, 500) AS i"
        )
        owner.execute("REVOKE UPDATE, DELETE ON log FROM yiti_app, yiti_worker")
        owner.execute("ALTER TABLE log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY own ON log USING (said = current_setting('yiti.user', true))")
    return committed_db


def fingerprints(database: Database) -> dict[str, str]:
    """MD5 of every table's rows in a stated order."""
    found = {}
    with database.connect(Role.LOADER) as loader:
        for (table,) in loader.execute(TABLES).fetchall():
            query = sql.SQL("SELECT t::text FROM {} AS t ORDER BY t::text").format(sql.Identifier(table))
            rows = "\n".join(row[0] for row in loader.execute(query))
            found[table] = hashlib.md5(rows.encode(), usedforsecurity=False).hexdigest()
    return found


def privileges(database: Database) -> list[tuple[object, ...]]:
    with database.connect(Role.OWNER) as owner:
        return owner.execute(
            "SELECT relname, relkind, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner),"
            " (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(relacl) AS acl) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
        ).fetchall()


def test_everything_comes_back(filled: Database, empty: Database, tmp_path: Path) -> None:
    dump = tmp_path / "county.dump"

    manifest = back_up(filled, dump, PRIVATE.public_key())
    restored = restore(empty, dump, KEYS)

    assert restored == manifest
    assert manifest.rows["log"] == 500
    assert manifest.rows["django_migrations"] > 0
    assert fingerprints(empty) == fingerprints(filled)
    assert privileges(empty) == privileges(filled)
    assert dump.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_tables_made_after_a_restore_are_usable(filled: Database, empty: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "county.dump", PRIVATE.public_key())
    restore(empty, tmp_path / "county.dump", KEYS)
    with empty.connect(Role.OWNER) as owner:
        owner.execute("CREATE TABLE later (id serial PRIMARY KEY)")
    with empty.connect(Role.APP) as app:
        app.execute("INSERT INTO later DEFAULT VALUES")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM log")


def test_a_changed_file_is_refused(filled: Database, empty: Database, tmp_path: Path) -> None:
    dump = tmp_path / "county.dump"
    back_up(filled, dump, PRIVATE.public_key())
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)

    with pytest.raises(DamagedBackupError, match="SHA-256 differs"):
        restore(empty, dump, KEYS)
    assert fingerprints(empty) == {}


def test_a_missing_row_is_seen(filled: Database, empty: Database, tmp_path: Path) -> None:
    dump = tmp_path / "county.dump"
    back_up(filled, dump, PRIVATE.public_key())
    listed = tmp_path / "county.dump.json"
    manifest = json.loads(listed.read_text(encoding="utf-8"))
    manifest["rows"]["log"] += 1
    listed.write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(DamagedBackupError, match="log: 501 rows expected, 500 there"):
        restore(empty, dump, KEYS)


def test_a_full_database_is_never_overwritten(filled: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "county.dump", PRIVATE.public_key())
    before = fingerprints(filled)

    with pytest.raises(OpsError, match="a restore never overwrites"):
        restore(filled, tmp_path / "county.dump", KEYS)
    with pytest.raises(OpsError, match="a backup never overwrites"):
        back_up(filled, tmp_path / "county.dump", PRIVATE.public_key())

    assert fingerprints(filled) == before


def test_programs_of_another_version_are_refused_before_the_backup(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "binaries", lambda: Binaries(Path("/opt/pg/bin"), 99))

    with pytest.raises(OpsError, match="programs in /opt/pg/bin are 99"):
        back_up(filled, tmp_path / "county.dump", PRIVATE.public_key())
    assert list(tmp_path.iterdir()) == []


def test_a_dump_without_its_list_is_refused(empty: Database, tmp_path: Path) -> None:
    (tmp_path / "county.dump").write_bytes(b"PGDMP")
    with pytest.raises(DamagedBackupError, match="cannot be read"):
        restore(empty, tmp_path / "county.dump", KEYS)


def test_without_the_key_nothing_is_restored(filled: Database, empty: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "county.dump", PRIVATE.public_key())
    with pytest.raises(OpsError, match="was sealed for the key"):
        restore(empty, tmp_path / "county.dump", {})
    assert fingerprints(empty) == {}


def test_a_dump_under_anothers_list_is_refused(filled: Database, empty: Database, tmp_path: Path) -> None:
    """Also when the list names the right sum: the moment is sealed into the file."""
    dump, listed = tmp_path / "county.dump", tmp_path / "county.dump.json"
    back_up(filled, dump, PRIVATE.public_key())
    changed = json.loads(listed.read_text(encoding="utf-8")) | {"taken_at": "2026-01-01T00:00:00+08:00"}
    listed.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(DamagedBackupError, match="but 'dump 20"):
        restore(empty, dump, KEYS)
    assert fingerprints(empty) == {}


def test_a_file_that_breaks_off_while_it_is_restored_leaves_nothing(
    filled: Database, empty: Database, tmp_path: Path
) -> None:
    """The list fits the damaged file, so only the seal can tell, in the middle of the restore."""
    dump, listed = tmp_path / "county.dump", tmp_path / "county.dump.json"
    with filled.connect(Role.LOADER) as loader:
        loader.execute("INSERT INTO log (said) SELECT md5(random()::text) FROM generate_series(1, 90000)")
    back_up(filled, dump, PRIVATE.public_key())
    dump.write_bytes(dump.read_bytes()[:-1000])
    changed = json.loads(listed.read_text(encoding="utf-8"))
    changed["sha256"] = hashlib.sha256(dump.read_bytes()).hexdigest()
    listed.write_text(json.dumps(changed), encoding="utf-8")

    with pytest.raises(DamagedBackupError, match="damaged or cut short"):
        restore(empty, dump, KEYS)
    assert fingerprints(empty) == {}
