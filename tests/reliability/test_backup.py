"""Backups made under a load of writers, and instances made of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.runtime.embedded import temporary_folder, temporary_servers
from core.runtime.processes import wait_until
from tests.docs.conftest import Product, running_product
from tests.installed import PROGRAM
from tests.reliability.conftest import environment
from tests.reliability.load import BATCH, Client, Load, all_rows, load, new_table, sign_in

pytestmark = pytest.mark.slow
WRITERS = 5
FILES = 20


def command(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program."""
    argv = [PROGRAM, *map(str, arguments)]
    return subprocess.run(argv, env=environment(**env), capture_output=True, text=True, timeout=120, check=False)


class Backup:
    """A backup that was made while five writers and somebody who uploads files were at work."""

    def __init__(self, path: Path, table: int, files: dict[str, bytes], known: dict[int, str], running: Load) -> None:
        self.path, self.table, self.files, self.known, self.running = path, table, files, known, running


def _upload(client: Client, number: int) -> tuple[str, bytes]:
    """Upload a file; answers its name and content."""
    content = f"file {number} ".encode() * 1000
    answer = client.http.post("user-files/upload-file/", files={"file": (f"{number}.txt", content)})
    return str(answer.raise_for_status().json()["name"]), content


@pytest.fixture(scope="module")
def backup() -> Iterator[Backup]:
    """A backup and what was acknowledged before it began."""
    with temporary_folder() as folder, running_product(TABLEWRIGHT_ACCESS_TOKEN_MINUTES="60") as product:
        token = sign_in(product.url)
        admin = Client(product.url, token)
        table = new_table(admin)
        files = dict(_upload(admin, number) for number in range(FILES))
        field = admin.call("POST", f"database/fields/table/{table}/", {"name": "Files", "type": "file"})
        assert field["type"] == "file"
        with load(product.url, token, table, WRITERS) as running:
            assert wait_until(lambda: running.acknowledged > 10 * WRITERS, 60)
            before = {row["id"]: row["Name"] for row in all_rows(admin, table)}
            path = folder / "backup.tar"
            done = command("backup", path, "--data-dir", product.data_dir)
            assert done.returncode == 0, done.stderr
            after = running.acknowledged
            assert wait_until(lambda: running.acknowledged > after, 60)
        admin.http.close()
        yield Backup(path, table, files, before, running)


def _restored(path: Path, folder: Path, *options: str, **env: str) -> None:
    done = command("restore", path, "--data-dir", folder / "data", *options, **env)
    assert done.returncode == 0, done.stderr
    assert "Restored." in done.stdout


def _check(backup: Backup, product: Product) -> None:
    """What was acknowledged before is there, nothing half, people sign in, files open."""
    client = Client(product.url, sign_in(product.url))
    rows = all_rows(client, backup.table)
    ids = {row["id"]: row["Name"] for row in rows}
    deleted = {row_id for writer in backup.running.writers for row_id, known in writer.known.items() if not known.there}
    assert [name for row_id, name in backup.known.items() if row_id not in ids and row_id not in deleted] == []
    _check_batches(ids.values(), {backup.known.get(row_id, "") for row_id in deleted} | _names(backup, deleted))
    for name, content in backup.files.items():
        answer = client.http.get(f"{product.url}/media/user_files/{name}")
        assert answer.status_code == 200 and answer.content == content
    assert client.call("POST", f"database/rows/table/{backup.table}/", {})["id"] > max(ids)
    client.http.close()


def _names(backup: Backup, row_ids: set[int]) -> set[str]:
    return {
        known.name for writer in backup.running.writers for row_id, known in writer.known.items() if row_id in row_ids
    }


def _check_batches(names: Any, deleted: set[str]) -> None:
    """No part of a batch is missing but what was deleted."""
    there = set(names)
    for batch in {name.rpartition("-")[0] for name in there if name.count("-") == 2}:
        whole = {f"{batch}-{number}" for number in range(BATCH)}
        assert whole - there <= deleted, batch


def test_an_instance_made_of_a_backup_is_whole(backup: Backup) -> None:
    with temporary_folder() as folder:
        _restored(backup.path, folder)
        product = Product(folder / "data").wait_ready()
        try:
            _check(backup, product)
        finally:
            product.stop()
        refused = command("restore", backup.path, "--data-dir", folder / "data")
        assert refused.returncode == 1 and "in use" in refused.stderr
        _restored(backup.path, folder, "--replace")


def test_on_servers_of_ones_own(backup: Backup) -> None:
    """With the secret key of the settings, which the backup has not been made with: one is told."""
    with temporary_servers() as servers, temporary_folder() as folder:
        env = {"DATABASE_URL": servers.database_url, "TABLEWRIGHT_SECRET_KEY": "k" * 40}
        done = command("restore", backup.path, "--data-dir", folder / "data", **env)
        assert done.returncode == 0, done.stderr
        assert "The secret key is not the one" in done.stdout
        again = folder / "again.tar"
        made = command("backup", again, "--data-dir", folder / "data", **env)
        assert made.returncode == 0 and "keep TABLEWRIGHT_SECRET_KEY" in made.stdout, made
        env["REDIS_URL"] = servers.redis_url
        product = Product(folder / "data", **env).wait_ready()
        try:
            _check(backup, product)
            refused = command("restore", again, "--data-dir", folder / "data", "--replace", **env)
            assert refused.returncode == 1 and "stop all its processes" in refused.stderr
        finally:
            product.stop()


@pytest.mark.parametrize("harm", ["a changed byte", "a missing end", "nothing of a backup"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(backup: Backup, harm: str) -> None:
    with temporary_folder() as folder:
        damaged, content = folder / "damaged.tar", bytearray(backup.path.read_bytes())
        if harm == "a changed byte":
            content[len(content) // 2] ^= 1
        damaged.write_bytes(
            {"a missing end": content[: len(content) // 2], "nothing of a backup": b"x"}.get(harm, content)
        )
        done = command("restore", damaged, "--data-dir", folder / "data")
        assert done.returncode == 1 and "cannot be restored" in done.stderr, done
        assert not (folder / "data").exists()


def test_a_restore_that_was_broken_off_is_not_served(backup: Backup) -> None:
    with temporary_servers() as servers, temporary_folder() as folder:
        env = {"DATABASE_URL": servers.database_url}
        _restored(backup.path, folder, **env)
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("CREATE SCHEMA tablewright_restoring")
        done = command("migrate", **env)
        assert done.returncode == 1 and "run it again" in done.stderr, done
        _restored(backup.path, folder, **env)
        assert command("migrate", **env).returncode == 0


def test_a_file_that_is_there_is_not_overwritten(backup: Backup) -> None:
    done = command("backup", backup.path)
    assert done.returncode == 1 and "--overwrite" in done.stderr
