"""The migrations of the core and of plugins, as far as they are known without Alembic.

Reading Alembic, and running it for nothing, would take each process 13 MB and half a second.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.backup.instance import UNFINISHED

VERSION_TABLE = "migration"
VERSION_SCHEMA = "core"


@dataclass(frozen=True)
class Branch:
    """A plugin's migrations: `name` is branch label and schema, `package` holds the revisions and `metadata`.

    requires: the plugins whose migrations come first.
    own: whether it comes with the product, whose upgrade is whole or not at all.
    """

    name: str
    package: str
    requires: tuple[str, ...] = ()
    own: bool = False

    @property
    def folder(self) -> Path:
        """Where the revision files are, as Alembic says it: without links on the way."""
        return Path(next(iter(importlib.import_module(self.package).__path__))).resolve()

    @property
    def metadata(self) -> sa.MetaData:
        """The tables as the plugin's models declare them."""
        found: sa.MetaData = importlib.import_module(self.package).metadata
        return found


CORE = Branch("core", "core.migrations.versions")


def is_current(connection: sa.Connection, branches: Sequence[Branch]) -> bool:
    """Whether the newest revision of every branch was run. False also for whatever only Alembic can tell."""
    try:
        known = [_revisions(branch) for branch in (CORE, *branches)]
    except (ImportError, SyntaxError, UnicodeDecodeError, ValueError):
        return False
    listed = _listed(connection)
    newest = {name for found in known for name in found.keys() - set(found.values())}
    return newest <= listed and not newer_than([name for found in known for name in found], listed)


def newer_than(known: Collection[str], revisions: Iterable[str]) -> list[str]:
    """The revisions that are not known although others of their branch are: a newer version of it made them."""
    branches = {name.rpartition("_")[0] for name in known}
    return [name for name in revisions if name not in known and name.rpartition("_")[0] in branches]


def _listed(connection: sa.Connection) -> set[str]:
    """The revisions that were run, as they are listed; none while a restore is not finished."""
    table = sa.table(VERSION_TABLE, sa.column("version_num"), schema=VERSION_SCHEMA)
    there = sa.text("SELECT to_regclass(:listed) IS NOT NULL AND to_regnamespace(:unfinished) IS NULL")
    try:
        if not connection.scalar(there, {"listed": f"{VERSION_SCHEMA}.{VERSION_TABLE}", "unfinished": UNFINISHED}):
            return set()
        return set(connection.scalars(sa.select(table.c.version_num)))
    finally:
        connection.rollback()


def _revisions(branch: Branch) -> Mapping[str, str | None]:
    """The revisions of a branch, each with the one it follows. ValueError for what is not written as usual."""
    found: dict[str, str | None] = {}
    for file in branch.folder.glob("*.py"):
        said = dict(_assigned(ast.parse(file.read_text("utf-8"))))
        if "revision" in said:
            name, before = said["revision"], said.get("down_revision")
            if not isinstance(name, str) or not isinstance(before, str | None) or name in found:
                raise ValueError(file.name)
            found[name] = before
    return found


def _assigned(module: ast.Module) -> Iterator[tuple[str, Any]]:
    """What a module sets at its top that says which revision it is."""
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
                    yield target.id, ast.literal_eval(node.value)


class Migrations:
    """Tells whether a running process's database is as new as its code."""

    def __init__(self, engine: sa.Engine, branches: Sequence[Branch]) -> None:
        self._engine = engine
        self._branches = branches

    def pending(self) -> list[str]:
        """The newest revisions that were not run."""
        with self._engine.connect() as connection:
            if is_current(connection, self._branches):
                return []
        from core.db import migrate

        return migrate.pending(self._engine, self._branches)

    def revisions_of(self, name: str) -> list[str]:
        """All revisions of a plugin's branch."""
        from core.db import migrate

        return migrate.revisions_of(self._branches, name)

    def heads_of(self, name: str) -> list[str]:
        """The newest revisions of a plugin's branch: one, if all is well."""
        from core.db import migrate

        return migrate.heads_of(self._branches, name)

    def strange_tables_of(self, name: str) -> list[str]:
        """Tables that a plugin's models declare outside of its schema."""
        from core.db import migrate

        return migrate.strange_tables(next(branch for branch in self._branches if branch.name == name))

    def new_revision(self, name: str, message: str) -> Path | None:
        """Write the plugin's next revision; None when its tables are as its models declare them already."""
        from core.db import migrate

        return migrate.new_revision(self._engine, self._branches, name, message)
