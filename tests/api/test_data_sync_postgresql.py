"""Data sync from another PostgreSQL database: here one beside that of the tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import conninfo, sql

from core.settings import Settings
from tests.synced import SYNC, Synced, Tunnel
from tests.tables import Database

PASSWORD = "reader's \\ pass"
TABLE = """
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE TABLE birds (
        id int PRIMARY KEY, name text, code varchar(9), price numeric(9,2), weight float8, whatever numeric, ok bool,
        hatched date, seen timestamptz, noted timestamp, mood mood, data jsonb, "odd ""name" uuid
    );
    INSERT INTO birds VALUES
    (1, E'Ada\tx\\\\y\n', 'a', 1.5, 0.25, -3, true, '2024-02-29', '2024-01-02 03:04:05.5+02', '2024-01-02 03:04:05',
     'sad', '{{"a": 1}}', '00000000-0000-0000-0000-000000000001'),
    (2, NULL, NULL, NULL, 'NaN', 'Infinity', NULL, 'infinity', '-infinity', NULL, NULL, NULL, NULL),
    (3, '', '', 0, 1e300, 12345678901.123456789012, false, '0044-03-15 BC', '2024-01-02 03:04:05Z', NULL,
     'happy', '[]', NULL);
    CREATE TABLE nameless (name text);
    CREATE TABLE secret (id int PRIMARY KEY);
    GRANT SELECT ON birds, nameless TO {reader};
"""


@dataclass
class Other:
    """Another database, and how a reader of its reaches it."""

    owner: psycopg.Connection[Any]
    settings: dict[str, Any]

    def run(self, statement: str) -> None:
        """Change it."""
        self.owner.execute(statement)


@pytest.fixture(scope="module")
def other(settings: Settings) -> Iterator[Other]:
    """A database with tables, and a role that may read two of them."""
    name, reader = f"other_{uuid.uuid4().hex[:12]}", f"reader_{uuid.uuid4().hex[:12]}"
    database, role = sql.Identifier(name), sql.Identifier(reader)
    with psycopg.connect(settings.database_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(PASSWORD)))
        there = conninfo.make_conninfo(settings.database_url, dbname=name)
        with psycopg.connect(there, autocommit=True) as owner:
            owner.execute(sql.SQL(TABLE).format(reader=role))
            tunnel = Tunnel(_address(owner))
            place = {"postgresql_host": "127.0.0.1", "postgresql_port": tunnel.port}
            who = {"postgresql_username": reader, "postgresql_password": PASSWORD, "postgresql_database": name}
            yield Other(owner, {"type": "postgresql", **place, **who, "postgresql_table": "birds"})
            tunnel.close()
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
        admin.execute(sql.SQL("DROP ROLE {}").format(role))


def _address(owner: psycopg.Connection[Any]) -> str | tuple[str, int]:
    host, port = owner.info.host, owner.info.port
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)


@pytest.fixture
def base(api: Any) -> Database:
    """A database of the user."""
    return Database(api)


def properties(api: Any, settings: dict[str, Any]) -> Any:
    return api.post(f"{SYNC}/properties/", settings)


def refused(api: Any, settings: dict[str, Any]) -> str:
    status, answer = properties(api, settings)
    assert (status, answer["error"]) == (400, "ERROR_SYNC_ERROR"), answer
    return str(answer["detail"])


def test_columns_become_fields_and_values_fit(api: Any, base: Database, other: Other) -> None:
    found = properties(api, other.settings)[1]
    assert [(one["key"], one["field_type"]) for one in found] == [
        ("id", "number"), ("name", "long_text"), ("code", "text"), ("price", "number"), ("weight", "number"),
        ("whatever", "number"), ("ok", "boolean"), ("hatched", "date"), ("seen", "date"), ("noted", "date"),
        ("mood", "long_text"), ("data", "long_text"), ('odd "name', "text"),
    ]  # fmt: skip
    assert [one["key"] for one in found if one["unique_primary"]] == ["id"]
    synced = Synced(api, base, [one["key"] for one in found], **other.settings)
    synced.done()
    assert synced.values() == [
        [
            "1", "Ada\tx\\y\n", "a", "1.50", "0.2500000000", "-3.0000000000", True, "2024-02-29",
            "2024-01-02T01:04:05.500000Z", "2024-01-02T03:04:05Z", "sad", '{"a": 1}',
            "00000000-0000-0000-0000-000000000001",
        ],
        ["2", None, None, None, None, None, False, None, None, None, None, None, None],
        [
            "3", "", "", "0.00", None, "12345678901.1234567890", False, None, "2024-01-02T03:04:05Z", None, "happy",
            "[]", None,
        ],
    ]  # fmt: skip
    assert PASSWORD not in str(synced.shown())


def test_rows_change_and_columns_come_and_go(api: Any, base: Database, other: Other) -> None:
    other.run("CREATE TABLE flock (a int, b text, size int, note text, PRIMARY KEY (a, b))")
    other.run("INSERT INTO flock VALUES (1, 'x', 5, 'n'), (1, 'y', 6, 'n'), (2, 'x', 7, 'n')")
    other.run("GRANT SELECT ON flock TO PUBLIC")
    settings = {**other.settings, "postgresql_table": "flock", "auto_add_new_properties": True}
    synced = Synced(api, base, ["size", "note"], **settings)
    synced.done()
    assert [list(row.values())[1:] for row in synced.rows()] == [
        ["1", "x", "5", "n"], ["1", "y", "6", "n"], ["2", "x", "7", "n"]
    ]  # fmt: skip
    other.run("UPDATE flock SET size = 50 WHERE b = 'x'; DELETE FROM flock WHERE b = 'y'")
    other.run("INSERT INTO flock VALUES (9, 'z', 9, 'n'); ALTER TABLE flock DROP note, ADD color text")
    synced.done()
    assert synced.rows() == [
        {"id": 1, "a": "1", "b": "x", "size": "50", "color": None},
        {"id": 3, "a": "2", "b": "x", "size": "50", "color": None},
        {"id": 4, "a": "9", "b": "z", "size": "9", "color": None},
    ]
    other.run("ALTER TABLE flock ALTER size TYPE text USING 'size ' || size")
    synced.done()
    assert synced.fields()["size"]["type"] == "long_text"
    assert [row["size"] for row in synced.rows()] == ["size 50", "size 50", "size 9"]
    other.run("DROP TABLE flock")
    assert 'no table "flock"' in synced.failed()
    assert len(synced.rows()) == 3


def test_what_is_refused(api: Any, other: Other) -> None:
    assert "no primary key" in refused(api, {**other.settings, "postgresql_table": "nameless"})
    assert 'no table "gone"' in refused(api, {**other.settings, "postgresql_table": "gone"})
    assert "no table" in refused(api, {**other.settings, "postgresql_schema": "x"})
    assert "cannot be used" in refused(api, {**other.settings, "postgresql_database": "gone"})
    assert "cannot be used" in refused(api, {**other.settings, "postgresql_port": 9})


def test_a_table_the_role_may_not_read(api: Any, base: Database, other: Other) -> None:
    synced = Synced(api, base, [], **{**other.settings, "postgresql_table": "secret"})
    assert "permission denied" in synced.failed()


def test_addresses_are_guarded(api: Any, other: Other) -> None:
    for host in ("10.1.2.3", "169.254.169.254", "192.168.0.1", "[::ffff:10.0.0.1]", "0.0.0.0"):
        told = refused(api, {**other.settings, "postgresql_host": host})
        assert "private network" in told or "no server called" in told, (host, told)
    for host in ("/var/run/postgresql", "/tmp", "127.0.0.1,10.1.2.3", "@abstract"):
        assert "no server called" in refused(api, {**other.settings, "postgresql_host": host})


def test_the_database_of_the_instance_itself_is_no_source(api: Any, other: Other, settings: Settings) -> None:
    own = conninfo.conninfo_to_dict(settings.database_url)
    names = {"postgresql_database": own["dbname"], "postgresql_table": "user", "postgresql_schema": "core"}
    assert "instance itself" in refused(api, {**other.settings, **names})


def test_a_bad_password_and_a_forgotten_one(api: Any, base: Database, other: Other) -> None:
    synced = Synced(api, base, ["name"], **other.settings)
    synced.done()
    synced.change(postgresql_host="localhost")
    assert "enter it again" in synced.failed()
    synced.change(postgresql_host="127.0.0.1", postgresql_password=PASSWORD)
    synced.done()
    assert len(synced.rows()) == 3
