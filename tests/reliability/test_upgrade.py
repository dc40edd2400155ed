"""Databases of earlier versions are brought to this one: from every revision, once, as a whole or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from core.runtime.embedded import Servers, temporary_servers
from tests.installed import PROGRAM
from tests.older import loading
from tests.older.loading import VERSIONS, all_differences, database, numbered, reach, scripts
from tests.reliability.conftest import environment

_SCRIPTS = scripts()
HEADS = {name.rpartition("_")[0]: name for name in _SCRIPTS.get_heads()}
_NUMBERED = {branch: numbered(branch, _SCRIPTS) for branch in HEADS}
EARLIER = sorted(name for names in _NUMBERED.values() for name in names[:-1])
"""Every revision that is not the last of its branch."""

ONE_BEFORE = sorted(names[-2] for names in _NUMBERED.values() if len(names) > 1)


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey for all databases of this module."""
    with temporary_servers() as found:
        yield found


@pytest.fixture
def older(servers: Servers) -> Iterator[Callable[[str], str]]:
    """A function that makes a database of a version and answers its address."""
    with ExitStack() as stack:
        yield lambda version: stack.enter_context(database(servers.database_url, version))


def start(url: str, *command: str) -> subprocess.Popen[str]:
    """A command of the product on a database."""
    argv, pipe = [PROGRAM, *(command or ("migrate",))], subprocess.PIPE
    return subprocess.Popen(argv, env=environment(DATABASE_URL=url), stdout=pipe, stderr=pipe, text=True)


def migrate(url: str) -> tuple[int, str]:
    """`tablewright migrate`: its exit code and what it said."""
    process = start(url)
    said = process.communicate(timeout=120)[1]
    return process.returncode, said


def rows(url: str, version: str) -> dict[str, int]:
    """The number of rows of every table that people made, and of some of the product's."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables WHERE schemaname ~ '^ws_'")
        names = [".".join(name) for name in found] + ['core."user"', "core.action", "database.row_history"]
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() for name in names}
    return {name: count[0] for name, count in counts.items() if count}


@pytest.mark.parametrize("revision", EARLIER)
def test_from_every_earlier_revision(older: Callable[[str], str], revision: str) -> None:
    url = older(VERSIONS[0])
    before = rows(url, VERSIONS[0])
    reach(url, revision)
    loading.composition.migrate(loading.Settings.load({}, database_url=url))
    assert all_differences(url) == []
    assert rows(url, VERSIONS[0]).items() >= before.items()


def test_two_processes_that_start_at_once_upgrade_once(older: Callable[[str], str]) -> None:
    url = older(VERSIONS[1])
    processes = [start(url), start(url)]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert sum("database migrated" in text for text in said) == 1
    assert migrate(url) == (0, "")
    assert all_differences(url) == []


def test_an_upgrade_that_fails_changes_nothing_and_says_what_to_do(older: Callable[[str], str]) -> None:
    """It fails near its end, when core, database and other plugins were upgraded already."""
    url = older(VERSIONS[1])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA views; CREATE TABLE views.view (ours int)")
    before = _shape(url)
    code, said = migrate(url)
    assert code == 1
    assert "views_0001 failed" in said and "already exists" in said and "Nothing was changed" in said
    assert _shape(url) == before
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    assert migrate(url)[0] == 0
    assert all_differences(url) == []


def _shape(url: str) -> list[object]:
    """Every table, column, index and function of a database, and what it says it is at."""
    queries = (
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ORDER BY 1, 2, 3, 4",
        "SELECT schemaname, indexname, indexdef FROM pg_indexes ORDER BY 1, 2",
        "SELECT pronamespace::regnamespace::text, proname, prosrc FROM pg_proc ORDER BY 1, 2, 3",
        "SELECT version_num FROM core.migration ORDER BY 1",
    )
    with psycopg.connect(url) as connection:
        return [connection.execute(query.encode()).fetchall() for query in queries]


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_what_a_newer_version_migrated_is_refused_at_once(
    older: Callable[[str], str], data_dir: Path, command: str
) -> None:
    url = older(VERSIONS[0])
    assert migrate(url)[0] == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE core.migration SET version_num = 'views_9999' WHERE version_num LIKE 'views_%'")
    before = _shape(url)
    options = ("--port", "0", "--data-dir", str(data_dir)) if command == "serve" else ()
    process = start(url, command, *options)
    said = "".join(process.communicate(timeout=120))
    assert process.returncode in (1, 2), said
    assert "migrated by a newer version: views_9999 is not known here" in said
    assert "started again" not in said
    assert _shape(url) == before
