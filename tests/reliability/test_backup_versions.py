"""Backups of other versions: older ones are restored and brought to this one, newer ones are refused untouched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.runtime.embedded import Servers, temporary_folder, temporary_servers
from tests.docs.conftest import Product
from tests.older.filling import SECRET_KEY
from tests.older.loading import VERSIONS, all_differences, database, left, lost, revisions
from tests.reliability.load import Client, sign_in
from tests.reliability.test_backup import command

pytestmark = pytest.mark.slow
KEY = {"TABLEWRIGHT_SECRET_KEY": SECRET_KEY}


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A PostgreSQL for the older instances."""
    with temporary_servers() as found:
        yield found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a backup and what is made of it."""
    with temporary_folder() as found:
        yield found


def _backup(url: str, folder: Path) -> Path:
    """A backup of a database as it is: making one migrates nothing."""
    path = folder / "backup.tar"
    before = revisions(url)
    done = command("backup", path, "--data-dir", folder / "older", DATABASE_URL=url, **KEY)
    assert done.returncode == 0, done.stderr
    assert revisions(url) == before
    return path


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backup_of_an_older_version_becomes_an_instance_of_this_one(
    servers: Servers, folder: Path, version: str
) -> None:
    with database(servers.database_url, version) as url:
        path = _backup(url, folder)
    done = command("restore", path, "--data-dir", folder / "data", **KEY)
    assert done.returncode == 0 and "Restored." in done.stdout, done
    known, product = left(version), Product(folder / "data", **KEY)
    try:
        ann = Client(product.wait_ready().url, sign_in(product.url))
        gone = {fact: lost(before, ann.call("GET", fact)) for fact, before in known.facts}
        assert {fact: lines for fact, lines in gone.items() if lines} == {}
        rows = f"database/rows/table/{known.ids['products']}/"
        assert ann.call("POST", f"{rows}?user_field_names=true", {"Name": "New"})["Name"] == "New"
        ann.http.close()
    finally:
        product.stop()


def test_a_broken_off_restore_of_an_older_version_is_run_again(servers: Servers, folder: Path) -> None:
    """What stands in the way is met by the migration: the data is there, and the next start goes on."""
    with database(servers.database_url, VERSIONS[0]) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA views; CREATE TABLE views.view (ours int)")
        path = _backup(url, folder)
        with database(servers.database_url, VERSIONS[0]) as target:
            done = command("restore", path, "--data-dir", folder / "data", "--replace", DATABASE_URL=target, **KEY)
            assert done.returncode == 1 and "views_0001 failed" in done.stderr, done
            with psycopg.connect(target, autocommit=True) as connection:
                connection.execute("DROP SCHEMA views CASCADE")
            assert command("migrate", DATABASE_URL=target, **KEY).returncode == 0
            assert all_differences(target) == []


@pytest.mark.parametrize("newer", ["core_9999", "row_comments_9999"])
def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_touched(
    servers: Servers, folder: Path, newer: str
) -> None:
    with database(servers.database_url, VERSIONS[1]) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO core.migration VALUES (%s)", [newer])
        path = _backup(url, folder)
    files = folder / "data" / "files"
    files.mkdir(parents=True)
    (files / "kept").write_text("kept")
    with database(servers.database_url, VERSIONS[0]) as target:
        before = revisions(target), _users(target)
        for options in (("--replace",), ("--check",)):
            done = command("restore", path, "--data-dir", folder / "data", *options, DATABASE_URL=target, **KEY)
            assert done.returncode == 1, done
            assert "made by a newer version" in done.stderr and f"{newer} is not known here" in done.stderr
        assert (revisions(target), _users(target)) == before
    assert (files / "kept").read_text() == "kept"


def _users(url: str) -> list[object]:
    with psycopg.connect(url) as connection:
        return list(connection.execute('SELECT * FROM core."user" ORDER BY id'))
