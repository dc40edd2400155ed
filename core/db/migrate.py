"""Migrations: Alembic, one branch a plugin, run under an advisory lock; nothing to do costs two queries."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from alembic.util import to_tuple

from core.backup.instance import UNFINISHED
from core.db import locks
from core.db.branches import CORE, VERSION_SCHEMA, VERSION_TABLE, Branch
from core.db.revisions import newer_here, reached_from, without_ancestors
from core.plugin_system.survival import survived
from core.runtime.errors import Refusal, StartError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Upgraded:
    """The revisions that were run, and why branches of plugins could not be brought up to date."""

    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def upgrade(engine: sa.Engine, branches: Sequence[Branch]) -> Upgraded:
    """Bring the database to the newest revision of every branch.

    The product's are one step, which must not fail. Each plugin from elsewhere has a step of its own: when it fails
    that plugin is named, its tables are as before, and all else goes on.
    """
    good, failed = readable(branches)
    with engine.connect() as connection:
        _refuse_unfinished(connection)
        _refuse_newer(connection, alembic_config(good))
        config = alembic_config(good)
        if not _missing(connection, config) and not _unlisted(connection, config):
            return Upgraded([], failed)
        with _locked(connection):
            return _upgrade(connection, good, failed)


def readable(branches: Sequence[Branch]) -> tuple[list[Branch], dict[str, str]]:
    """The branches whose revisions can be read, and what is wrong with those of the others."""
    if _problem(branches) is None:
        return list(branches), {}
    good: list[Branch] = []
    failed: dict[str, str] = {}
    for branch in branches:
        problem = _problem([*good, branch])
        if problem is None:
            good.append(branch)
        else:
            failed[branch.name] = f"its migrations cannot be read: {problem}"
    return good, failed


def _problem(branches: Sequence[Branch]) -> str | None:
    """What Alembic says against the revisions of these branches, taken together."""
    try:
        with warnings.catch_warnings(), survived():
            # Of two revisions with one id it would take the last.
            warnings.filterwarnings("error", ".*present more than once.*")
            ScriptDirectory.from_config(alembic_config(branches)).get_heads()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a plugin's files, it is named
        return one_line(error)
    return None


def one_line(error: BaseException) -> str:
    """An error as its kind and the first line of what it says."""
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"{type(getattr(error, 'orig', None) or error).__name__}: {said}"


def known_revisions(branches: Sequence[Branch]) -> list[str]:
    """All revisions of the core and the branches."""
    script = ScriptDirectory.from_config(alembic_config(branches))
    return [found.revision for found in script.walk_revisions()]


def pending(engine: sa.Engine, branches: Sequence[Branch]) -> list[str]:
    """The newest revisions that were not run."""
    with engine.connect() as connection:
        return sorted(_missing(connection, alembic_config(branches)))


def revisions_of(branches: Sequence[Branch], name: str) -> list[str]:
    """All revisions of a branch."""
    folder = next(branch.folder for branch in branches if branch.name == name)
    script = ScriptDirectory.from_config(alembic_config(branches))
    return [found.revision for found in script.walk_revisions() if Path(found.path).parent == folder]


def heads_of(branches: Sequence[Branch], name: str) -> list[str]:
    """The newest revisions of a branch: one, if all is well."""
    own = set(revisions_of(branches, name))
    script = ScriptDirectory.from_config(alembic_config(branches))
    below = {old for found in script.walk_revisions() for old in to_tuple(found.down_revision, ())}
    return sorted(own - below)


def _refuse_unfinished(connection: sa.Connection) -> None:
    """A restore that was broken off left a part of a database, which nobody must take for the whole."""
    if connection.scalar(sa.text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": UNFINISHED}):
        raise StartError("A restore of this database was not finished: run it again, `tablewright restore`.")
    connection.rollback()


def _refuse_newer(connection: sa.Connection, config: Config) -> None:
    """Older code would not know what it reads, and its own first revisions would be run on top of it."""
    newer = sorted(newer_here(ScriptDirectory.from_config(config), _current(connection)))
    if newer:
        raise Refusal(
            f"The database was migrated by a newer version: {', '.join(newer)} is not known here. Nothing was changed."
            " Start that version again, or restore a backup that was made before."
        )


def _upgrade(connection: sa.Connection, branches: Sequence[Branch], failed: dict[str, str]) -> Upgraded:
    """What is missing: of the product in one transaction, then of each plugin from elsewhere in one of its own."""
    config = alembic_config(branches)
    _refuse_newer(connection, config)
    before, missing = _current(connection), _missing(connection, config)
    config.attributes["connection"] = connection
    own = [CORE, *(branch for branch in branches if branch.own)]
    running: list[str] = []
    try:
        _step(connection, config, own, missing, running)
    except Exception as error:
        log.error("a migration failed", exc_info=error)
        raise _failed(error, running) from error
    for branch in branches:
        problem = None if branch.own else _problem_of(connection, config, branch, missing, failed)
        if problem is not None:
            log.error("the migration of a plugin failed; it is left out", plugin=branch.name, reason=problem)
            failed[branch.name] = problem
    done = sorted(_current(connection) - before)
    if done:
        log.info("database migrated", revisions=done)
    return Upgraded(done, failed)


def _step(
    connection: sa.Connection, config: Config, branches: Sequence[Branch], missing: set[str], running: list[str]
) -> None:
    """Bring branches up to date as a whole; `running` gets the revisions before they are run."""
    script = ScriptDirectory.from_config(config)
    with connection.begin():
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {VERSION_SCHEMA}"))
        for branch in branches:
            heads = [head for head in missing if Path(script.get_revision(head).path).parent == branch.folder]
            if heads:
                refuse_strange_tables(branch)
            for head in sorted(heads):
                _run(config, head, running)
    _list_all(connection, config)


def _problem_of(
    connection: sa.Connection, config: Config, branch: Branch, missing: set[str], failed: dict[str, str]
) -> str | None:
    """Why a plugin could not be brought up to date; None when it was."""
    for name in branch.requires:
        if name in failed:
            return f"it requires {name}, which is left out: {failed[name]}"
    running: list[str] = []
    try:
        with survived():
            _step(connection, config, [branch], missing, running)
    except Exception as error:  # noqa: BLE001 - whatever a plugin's migration raises, it is named
        where = f"its migration {running[-1]}" if running else "its migration"
        return f"{where} failed, its tables are as before: {one_line(error)}"
    return None


def _failed(error: Exception, running: Sequence[str]) -> StartError:
    return StartError(
        f"The database could not be migrated, {running[-1] if running else 'the end'} failed: {one_line(error)}\n"
        "Nothing was changed: the database is as it was before. Start the earlier version again to go on working,"
        " or remove the cause and start this one again."
    )


def refuse_strange_tables(branch: Branch) -> None:
    """Models of a plugin are in its own schema: what two plugins declare would be changed by both."""
    strange = strange_tables(branch)
    if strange:
        raise ValueError(f"its models declare {', '.join(strange)}, outside of its schema {branch.name}")


def strange_tables(branch: Branch) -> list[str]:
    """The tables a branch's models declare outside of its schema."""
    return sorted(table.fullname for table in branch.metadata.tables.values() if table.schema != branch.name)


def _run(config: Config, head: str, running: list[str]) -> None:
    """Alembic's `upgrade`, which by itself refuses a database that has revisions of plugins now left out.

    running: the revisions are added before they are run.
    """
    script = ScriptDirectory.from_config(config)

    def steps(current: Any, context: Any) -> Iterator[Any]:
        known: Any = tuple(without_ancestors(script, current))
        for step in script._upgrade_revs(head, known):
            running.append(str(step.revision.revision))
            yield step

    with EnvironmentContext(config, script, fn=steps):
        script.run_env()


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


def _unlisted(connection: sa.Connection, config: Config) -> list[str]:
    """The newest revision of each branch that was run but is not listed, since another branch depends on it.

    Without it nobody could tell that it was run once the plugin of the other branch is left out.
    """
    script, current = ScriptDirectory.from_config(config), _current(connection)
    reached = reached_from(script, current)
    followed = {name for one in reached for name in to_tuple(script.get_revision(one).down_revision, ())}
    return sorted(reached - followed - current)


def _list_all(connection: sa.Connection, config: Config) -> None:
    table = sa.table(VERSION_TABLE, sa.column("version_num"), schema=VERSION_SCHEMA)
    for name in _unlisted(connection, config):
        connection.execute(sa.insert(table).values(version_num=name))
    connection.commit()


def _missing(connection: sa.Connection, config: Config) -> set[str]:
    """The newest revisions the database lacks."""
    script, current = ScriptDirectory.from_config(config), _current(connection)
    reached = reached_from(script, current)
    # A newer version may have migrated while this process serves on: what it made is not missing.
    newer = {name.rpartition("_")[0] for name in newer_here(script, current)}
    return {name for name in set(script.get_heads()) - reached if name.rpartition("_")[0] not in newer}


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
