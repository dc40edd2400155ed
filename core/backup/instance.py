"""What belongs to an instance in its database: its schemas and revisions, and whether anybody uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from core.runtime.errors import StartError

_SCHEMAS = """
    SELECT nspname FROM pg_namespace
    WHERE nspname = ANY(%(ours)s) OR nspname ~ '^ws_[0-9]+$' ORDER BY nspname
"""
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'tablewright' AND datname = current_database() AND pid <> pg_backend_pid()
"""
UNFINISHED = "tablewright_restoring"
"""A schema that is there while a restore is under way: what a broken one left must not be served."""


def scalar(connection: psycopg.Connection[Any], query: str, **parameters: Any) -> Any:
    """The single value a query answers."""
    row = connection.execute(query.encode(), parameters or None).fetchone()
    return row[0] if row else None


def schemas(connection: psycopg.Connection[Any], branches: Sequence[str]) -> list[str]:
    """The schemas of the core, of plugins with tables, and of workspaces."""
    return [row[0] for row in connection.execute(_SCHEMAS.encode(), {"ours": list(branches)})]


def revisions(connection: psycopg.Connection[Any]) -> list[str]:
    """The newest revisions that were run."""
    return [row[0] for row in connection.execute("SELECT version_num FROM core.migration ORDER BY 1")]


def is_used(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is an account, in a database that is whole."""
    if is_unfinished(connection) or scalar(connection, "SELECT to_regclass('core.\"user\"') IS NULL"):
        return False
    return bool(scalar(connection, 'SELECT EXISTS (SELECT FROM core."user")'))


def is_unfinished(connection: psycopg.Connection[Any]) -> bool:
    """Whether a restore was broken off."""
    return bool(scalar(connection, "SELECT to_regnamespace(%(name)s) IS NOT NULL", name=UNFINISHED))


def refuse_running(connection: psycopg.Connection[Any]) -> None:
    """StartError while processes of the product are connected."""
    if scalar(connection, _OTHERS):
        raise StartError("Tablewright runs on this database: stop all its processes first.")


def begin_restore(connection: psycopg.Connection[Any], branches: Sequence[str]) -> None:
    """Mark the database as being restored, and remove what is ours in it."""
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(UNFINISHED)))
    for name in schemas(connection, branches):
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def end_restore(connection: psycopg.Connection[Any]) -> None:
    """The database is whole."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(UNFINISHED)))
