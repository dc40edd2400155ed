"""Migrations: Alembic, one branch a plugin, run under an advisory lock; nothing to do costs two queries."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from alembic import command
from alembic.config import Config
from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError, to_tuple

from core.backup.instance import UNFINISHED
from core.db import locks
from core.runtime.errors import StartError

log = structlog.get_logger(__name__)

VERSION_TABLE = "migration"
VERSION_SCHEMA = "core"


@dataclass(frozen=True)
class Branch:
    """A plugin's migrations: `name` is branch label and schema, `package` holds the revisions and `metadata`."""

    name: str
    package: str

    @property
    def folder(self) -> Path:
        """Where the revision files are."""
        return Path(next(iter(importlib.import_module(self.package).__path__)))

    @property
    def metadata(self) -> sa.MetaData:
        """The tables as the plugin's models declare them."""
        found: sa.MetaData = importlib.import_module(self.package).metadata
        return found


CORE = Branch("core", "core.migrations.versions")


def upgrade(engine: sa.Engine, branches: Sequence[Branch]) -> list[str]:
    """Bring the database to the newest revision of every branch; answers the revisions that were run."""
    config = alembic_config(branches)
    with engine.connect() as connection:
        _refuse_unfinished(connection)
        if not _missing(connection, config):
            return []
        with _locked(connection):
            return _upgrade(connection, config)


def known_revisions(branches: Sequence[Branch]) -> list[str]:
    """All revisions of the core and the branches."""
    script = ScriptDirectory.from_config(alembic_config(branches))
    return [found.revision for found in script.walk_revisions()]


class Migrations:
    """Tells whether a running process's database is as new as its code."""

    def __init__(self, engine: sa.Engine, branches: Sequence[Branch]) -> None:
        self._engine = engine
        self._branches = branches

    def pending(self) -> list[str]:
        """The newest revisions that were not run."""
        with self._engine.connect() as connection:
            return sorted(_missing(connection, alembic_config(self._branches)))

    def new_revision(self, name: str, message: str) -> Path | None:
        """Write the plugin's next revision; None when its tables are as its models declare them already."""
        return new_revision(self._engine, self._branches, name, message)


def _refuse_unfinished(connection: sa.Connection) -> None:
    """A restore that was broken off left a part of a database, which nobody must take for the whole."""
    if connection.scalar(sa.text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": UNFINISHED}):
        raise StartError("A restore of this database was not finished: run it again, `tablewright restore`.")
    connection.rollback()


def _upgrade(connection: sa.Connection, config: Config) -> list[str]:
    if not _missing(connection, config):
        return []
    before = _current(connection)
    connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {VERSION_SCHEMA}"))
    connection.commit()
    config.attributes["connection"] = connection
    _run(config)
    connection.commit()
    done = sorted(_current(connection) - before)
    log.info("database migrated", revisions=done)
    return done


def _run(config: Config) -> None:
    """Alembic's `upgrade heads`, which by itself refuses a database that has revisions of plugins now left out."""
    script = ScriptDirectory.from_config(config)

    def steps(current: Any, context: Any) -> Any:
        known: Any = tuple(found for found in current if _revision(script, found))
        return script._upgrade_revs("heads", known)

    with EnvironmentContext(config, script, fn=steps):
        script.run_env()


def _revision(script: ScriptDirectory, name: str) -> Any:
    """A revision; None when its plugin is not installed or left out by the settings."""
    try:
        return script.get_revision(name)
    except CommandError:
        return None


@contextmanager
def _locked(connection: sa.Connection) -> Iterator[None]:
    """Hold the migration lock of this database on `connection`; others wait."""
    connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": locks.MIGRATIONS})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": locks.MIGRATIONS})
        connection.commit()


def _current(connection: sa.Connection) -> set[str]:
    context = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE, "version_table_schema": VERSION_SCHEMA}
    )
    try:
        return set(context.get_current_heads())
    finally:
        connection.rollback()


def _missing(connection: sa.Connection, config: Config) -> set[str]:
    """The newest revisions the database lacks. It only lists those that no other one it has depends on."""
    script, reached = ScriptDirectory.from_config(config), set[str]()
    waiting = list(_current(connection))
    while waiting:
        revision = _revision(script, waiting.pop())
        if revision is not None and revision.revision not in reached:
            reached.add(revision.revision)
            waiting += [*to_tuple(revision.down_revision, ()), *to_tuple(revision.dependencies, ())]
    return set(script.get_heads()) - reached


def alembic_config(branches: Sequence[Branch]) -> Config:
    """Alembic's configuration for the core and the given branches."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "newline")
    folders = [str(branch.folder) for branch in (CORE, *branches)]
    config.set_main_option("version_locations", "\n".join(folders).replace("%", "%%"))
    return config


def new_revision(engine: sa.Engine, branches: Sequence[Branch], name: str, message: str) -> Path | None:
    """Write a revision for the branch `name` from the difference between its models and the database.

    The database must be up to date. None, and nothing written, when there is no difference.
    """
    branch = next(found for found in (CORE, *branches) if found.name == name)
    config = alembic_config(branches)
    config.attributes["branch"] = branch
    number = len(list(branch.folder.glob(f"{name}_[0-9]*.py"))) + 1
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        made = command.revision(
            config,
            message,
            autogenerate=True,
            head="base" if number == 1 else f"{name}@head",
            branch_label=name if number == 1 else None,
            version_path=str(branch.folder),
            rev_id=f"{name}_{number:04d}",
            depends_on="core_0001" if number == 1 and name != "core" else None,
            process_revision_directives=lambda context, revision, directives: _shape(name, number, directives),
        )
    return Path(made.path) if isinstance(made, Script) else None


def _shape(schema: str, number: int, directives: list[Any]) -> None:
    """Write nothing for no change; the first revision makes the schema."""
    upgrade_ops = directives[0].upgrade_ops
    if upgrade_ops.is_empty():
        directives.clear()
    elif number == 1:
        upgrade_ops.ops.insert(0, ops.ExecuteSQLOp(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
