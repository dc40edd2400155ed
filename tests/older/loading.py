"""Databases of earlier versions, made of their dumps, and brought to any revision on the way to this one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import app as composition
from core.db.branches import CORE, Branch
from core.db.engine import make_engine
from core.db.migrate import alembic_config
from core.settings import Settings

VERSIONS = ("before_links", "before_views", "before_snapshots")
"""From the oldest on; each was filled and dumped by the code of its time."""

_GOES_ON = {"calls"}
"""Webhooks are called for the events that waited."""

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Left:
    """What an earlier version has left: what it made, by names, and what its API answered."""

    ids: dict[str, int]
    facts: list[tuple[str, Any]]


def left(version: str) -> Left:
    """What is known of a version's data."""
    return Left(**json.loads((_FOLDER / f"{version}.json").read_text()))


@contextmanager
def database(server_url: str, version: str) -> Iterator[str]:
    """A new database with a version's data; the value is its address."""
    name = f"older_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    base, _, query = server_url.partition("?")
    url = f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET check_function_bodies = off")  # a dump makes them in the order of their names
            connection.execute((_FOLDER / f"{version}.sql").read_bytes())
        yield url
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def branches() -> list[Branch]:
    """The branches of the product's plugins."""
    return composition.branches(composition.load_plugins(Settings.load({})))


def scripts() -> ScriptDirectory:
    """All revisions."""
    return ScriptDirectory.from_config(alembic_config(branches()))


def numbered(branch: str, script: ScriptDirectory) -> list[str]:
    """The revisions of a branch, in order."""
    found = [one.revision for one in script.walk_revisions()]
    return sorted(name for name in found if name.rpartition("_")[0] == branch)


def reach(url: str, *revisions: str) -> None:
    """Bring a database up to these revisions, and what they depend on, alone."""
    config = alembic_config(branches())
    engine = make_engine(url, 1)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        for revision in revisions:
            command.upgrade(config, revision)
            connection.commit()
    engine.dispose()


def revisions(url: str) -> set[str]:
    """What the database says it is at."""
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT version_num FROM core.migration")}


def differences(engine: sa.Engine, branch: Branch) -> list[Any]:
    """Where the branch's schema is not what its models declare."""
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, parents: kind != "schema" or name == branch.name,
        "include_object": _own(branch.name),
    }
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), branch.metadata))


def _own(schema: str) -> Any:
    def compares(found: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        if kind == "foreign_key_constraint" and reflected and other is None:
            return bool(found.referred_table.schema == schema)
        return name != "migration"

    return compares


def all_differences(url: str) -> list[Any]:
    """Where the database is not what a fresh one would be."""
    engine = make_engine(url, 1)
    try:
        return [found for branch in (CORE, *branches()) for found in differences(engine, branch)]
    finally:
        engine.dispose()


def lost(before: Any, after: Any, where: str = "") -> list[str]:
    """Where an answer of now does not say what one of then did; it may say more."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            line
            for key in before.keys() - _GOES_ON
            for line in lost(before[key], after.get(key, "nothing"), f"{where}.{key}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [line for n, one in enumerate(before) for line in lost(one, after[n], f"{where}[{n}]")]
    return [] if before == after else [f"{where}: {before!r} became {after!r}"]
