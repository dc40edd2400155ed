"""Databases for tests of plugins: copies of one that was migrated before, since migrating takes long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import sqlalchemy as sa
import structlog
from psycopg import errors, sql

from core.db.branches import CORE, Branch

log = structlog.get_logger(__name__)

_RUN, _TEMPLATE = "tests_", "tablewright_template_"
_KEPT = 4
"""So many templates stay on a server: of versions and sets of plugins that are tested in turns."""


@contextmanager
def migrated(server_url: str, branches: Sequence[Branch], migrate: Callable[[str], Mapping[str, str]]) -> Iterator[str]:
    """The address of a migrated database of its own on the server, for the block.

    migrate: brings the database at an address up to date; answers which plugins could not be. It is called when no
        database with these migrations was kept on the server.
    """
    template = _TEMPLATE + _digest(branches)
    with new(server_url, template) as name:
        url = named(server_url, name)
        if not _is_migrated(url) and not migrate(url):
            _keep(server_url, name, template)
        yield url


@contextmanager
def new(server_url: str, template: str = "") -> Iterator[str]:
    """A database of its own on the server, for the block: a copy of the template, if it is there, else an empty one."""
    name = f"{_RUN}{uuid4().hex[:12]}"
    try:
        if not (template and _copied(server_url, template, name)):
            _run(server_url, "CREATE DATABASE {}", name)
        yield name
    finally:
        _run(server_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def named(server_url: str, name: str) -> str:
    """The address of another database of the server."""
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _is_migrated(url: str) -> bool:
    """Whether the database is a copy of the template."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT to_regclass('core.migration') IS NOT NULL").fetchone() == (True,)


def forget_broken_off(server_url: str) -> None:
    """Drop the databases of runs that were killed. Only for a server that no other run uses."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in _names(connection, _RUN):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _digest(branches: Sequence[Branch]) -> str:
    """The same for the same migrations, whatever else changes."""
    found = hashlib.sha256()
    for branch in (CORE, *branches):
        for file in sorted(branch.folder.glob("*.py")):
            found.update(f"{branch.name} {file.name}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]


def _copied(server_url: str, template: str, name: str) -> bool:
    """Copy the template, if it is there, and nobody drops it at the moment."""
    try:
        # The files are copied: no other strategy is as quick where nothing must survive a crash.
        _run(server_url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
    except (errors.InvalidCatalogName, errors.ObjectInUse, errors.UndefinedObject):
        return False
    return True


def _keep(server_url: str, name: str, template: str) -> None:
    """Keep a copy of what was just migrated, and let go of the oldest ones; what another run is at stays as it is."""
    try:
        _run(server_url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", template, name)
        with psycopg.connect(server_url, autocommit=True) as connection:
            for old in _names(connection, _TEMPLATE)[:-_KEPT]:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
    except psycopg.Error as error:
        log.debug("the migrated database is not kept for the next run", problem=str(error))


def _names(connection: psycopg.Connection, prefix: str) -> list[str]:
    """The databases with names that begin so, the oldest first."""
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid"
    return [row[0] for row in connection.execute(query, [prefix])]


def _run(server_url: str, statement: str, *names: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
